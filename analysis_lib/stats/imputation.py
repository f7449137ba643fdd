"""Multiple imputation by chained equations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.imputed_values import impute_level, impute_number
from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray

ITERATIONS = 5
METHOD = "chained equations: predictive mean matching, logistic or multinomial"


@dataclass(frozen=True, eq=False)
class _Column:
    """A column as numbers: its values, or codes of the `levels` that anyone holds."""

    name: str
    values: FloatArray | IntArray
    missing: BoolArray
    levels: tuple[str, ...]

    def predictors(self, values: FloatArray | IntArray) -> FloatArray:
        """A number as it is, a factor as indicators, in standard deviations; what is the same in
        everyone says nothing and is left out.
        """
        if self.levels:
            columns = (values[:, None] == np.arange(1, len(self.levels))).astype(float)
        else:
            columns = values[:, None].astype(float)
        spread = columns.std(axis=0)
        varies = spread > 0
        return np.asarray((columns - columns.mean(axis=0))[:, varies] / spread[varies])


def impute(
    frame: pd.DataFrame, *, imputations: int, seed: int, iterations: int = ITERATIONS
) -> Iterator[pd.DataFrame]:
    """Completed copies of a table, each missing value drawn given all other columns.

    Numbers by predictive mean matching (5 donors), factors by logistic or multinomial regression;
    coefficients are drawn anew for each copy, so that the copies differ as much as the data leave
    open. Whatever the analysis of the copies holds must be among the columns, its outcome too; a
    time to event enters as its event indicator and cumulative hazard (White & Royston 2009).
    Values are taken to be missing at random given these columns.
    R: ``mice::mice(frame, m = imputations)``. van Buuren & Groothuis-Oudshoorn (2011).
    """
    if imputations < 1:
        raise StatisticsError(f"imputations must be >= 1, but was {imputations}")
    columns = [_read(str(name), frame[name]) for name in frame.columns]
    incomplete = sorted(
        (one for one in columns if one.missing.any()), key=lambda one: int(one.missing.sum())
    )
    random = np.random.default_rng(seed)
    rounds = iterations if len(incomplete) > 1 else 1
    for _ in range(imputations):
        yield _written(frame, incomplete, _drawn(columns, incomplete, rounds, random))


def _read(name: str, column: pd.Series) -> _Column:
    missing = column.isna().to_numpy()
    if missing.all():
        raise StatisticsError(f"column {name!r} has no known value: leave it out")
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return _Column(name, column.to_numpy(dtype=float), missing, ())
    levels = tuple(level for level in column.cat.categories if (column == level).any())
    codes = column.cat.set_categories(levels).cat.codes.to_numpy().astype(np.int64)
    return _Column(name, codes, missing, levels)


def _drawn(
    columns: list[_Column], incomplete: list[_Column], rounds: int, random: np.random.Generator
) -> dict[str, FloatArray | IntArray]:
    """The incomplete columns of one copy: known values drawn at first, then round by round."""
    filled = {}
    for one in incomplete:
        known = one.values[~one.missing]
        filled[one.name] = one.values.copy()
        filled[one.name][one.missing] = random.choice(known, size=int(one.missing.sum()))
    predictors = {one.name: one.predictors(filled.get(one.name, one.values)) for one in columns}
    intercept = np.ones((len(columns[0].missing), 1))
    for _ in range(rounds):
        for one in incomplete:
            others = [predictors[name] for name in predictors if name != one.name]
            matrix = np.hstack([intercept, *others])
            filled[one.name][one.missing] = _values(one, matrix, random)
            predictors[one.name] = one.predictors(filled[one.name])
    return filled


def _values(one: _Column, matrix: FloatArray, random: np.random.Generator) -> FloatArray | IntArray:
    """The missing values of a column given all the others."""
    known, wanted = matrix[~one.missing], matrix[one.missing]
    if not one.levels:
        values = one.values[~one.missing].astype(float)
        return impute_number(values, known, wanted, random)
    codes = one.values[~one.missing].astype(np.int64)
    return impute_level(codes, len(one.levels), known, wanted, random)


def _written(
    frame: pd.DataFrame, incomplete: list[_Column], filled: dict[str, FloatArray | IntArray]
) -> pd.DataFrame:
    """The table with the drawn values in its gaps."""
    copy = frame.copy()
    for one in incomplete:
        drawn = filled[one.name][one.missing]
        copy.loc[one.missing, one.name] = [one.levels[x] for x in drawn] if one.levels else drawn
    return copy
