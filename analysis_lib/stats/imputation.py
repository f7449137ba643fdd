"""Multiple imputation by chained equations, in all copies at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    BoolArray,
    FloatArray,
    IntArray,
)
from analysis_lib.stats.many_propensity import fit_many_multinomial, probabilities

DONORS = 5
PRIOR_SD = 2.5
_NEAR = 1e-3  # the last step, after which coefficients are right to about its square


def impute_number(
    values: FloatArray, known: FloatArray, wanted: FloatArray, random: np.random.Generator
) -> FloatArray:
    """Predictive mean matching: the value of one of the five nearest by predicted mean.

    `known` and `wanted` are the predictors where the value is known and where it is missing,
    (copies, patients, columns), intercept first, the others in standard deviations. Means of the
    known come from the estimate, those of the wanted from a draw of the coefficients (type 1
    matching). Returns (copies, wanted). R: ``mice.impute.pmm``. Little (1988).
    """
    estimate, drawn = _draw_linear(values, known, random)
    means, asked = (known @ estimate[:, :, None])[:, :, 0], (wanted @ drawn[:, :, None])[:, :, 0]
    order = np.argsort(means, axis=1, kind="stable")
    means = np.take_along_axis(means, order, axis=1)
    # The nearest are among as many below and above it in order.
    around, donors = min(2 * DONORS, len(values)), min(DONORS, len(values))
    first = [np.searchsorted(one, x) for one, x in zip(means, asked, strict=True)]
    first = np.clip(np.array(first) - DONORS, 0, len(values) - around)
    near = (first[:, :, None] + np.arange(around)).reshape(len(asked), -1)
    beside = np.take_along_axis(means, near, axis=1).reshape(*asked.shape, around)
    distance = np.abs(beside - asked[:, :, None])
    nearest = np.argpartition(distance, donors - 1, axis=2)[:, :, :donors]
    chosen = random.integers(donors, size=(*asked.shape, 1))
    place = first + np.take_along_axis(nearest, chosen, axis=2)[:, :, 0]
    return values[np.take_along_axis(order, place, axis=1)]


def impute_level(
    codes: IntArray,
    levels: int,
    known: FloatArray,
    wanted: FloatArray,
    random: np.random.Generator,
) -> IntArray:
    """A level drawn from its probabilities under coefficients that are themselves drawn.

    Predictors and result as in `impute_number`; a normal prior keeps coefficients finite where a
    predictor tells a level without exception.
    R: ``mice.impute.logreg``, ``mice.impute.polyreg``.
    """
    if levels == 1:
        return np.zeros(wanted.shape[:2], dtype=np.int64)
    fit = fit_many_multinomial(
        known, codes, levels, precision=_precision(known.shape[2]), tolerance=_NEAR
    )
    noise = random.standard_normal((*fit.information.shape[:2], 1))
    root = np.linalg.cholesky(fit.information)
    moved = np.linalg.solve(root.transpose(0, 2, 1), noise).reshape(fit.coefficients.shape)
    chances = np.cumsum(probabilities(wanted, fit.coefficients + moved), axis=2)
    above = random.random((*wanted.shape[:2], 1)) > chances[:, :, :-1]
    return above.sum(axis=2).astype(np.int64)


def _precision(columns: int) -> FloatArray:
    """Of the prior of each coefficient; the intercept, which is the first, has none."""
    return np.where(np.arange(columns) > 0, PRIOR_SD**-2, 0.0)


def _draw_linear(
    values: FloatArray, matrix: FloatArray, random: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Coefficients of the linear regression, and a draw of them given the data: (copies, columns).

    A weak prior, as for levels, stands for what collinear predictors leave open.
    """
    copies, patients, columns = matrix.shape
    spread = max(float(values.var()), 1e-24)
    precision = _precision(columns) * spread / max(float(values.std()), 1e-12) ** 2
    turned = matrix.transpose(0, 2, 1)
    inverse = np.linalg.inv(turned @ matrix + np.diag(precision))
    estimate = (inverse @ (turned @ values)[:, :, None])[:, :, 0]
    left = ((values - (matrix @ estimate[:, :, None])[:, :, 0]) ** 2).sum(axis=1)
    residual = left / random.chisquare(max(patients - columns, 1), size=copies)
    noise = np.linalg.cholesky(inverse) @ random.standard_normal((copies, columns, 1))
    return estimate, estimate + np.sqrt(residual)[:, None] * noise[:, :, 0]


ITERATIONS = 5
CHAINED_EQUATIONS = "chained equations: predictive mean matching, logistic or multinomial"
_AT_ONCE = 2**24  # numbers of all predictors of the copies that are drawn together


# Numbers, or codes of levels.
Values = NDArray[np.float64 | np.int64]


@dataclass(frozen=True, eq=False)
class _Column:
    """A column as numbers: its values, or codes of the `levels` that anyone holds."""

    name: str
    values: Values
    missing: BoolArray
    levels: IntArray | None

    def predictors(self, values: Values) -> FloatArray:
        """A number as it is, a factor as indicators, in standard deviations: (copies, patients,
        columns). What is the same in everyone of a copy says nothing and is 0.
        """
        if self.levels is None:
            columns = values[:, :, None].astype(float)
        else:
            columns = (values[:, :, None] == np.arange(1, len(self.levels))).astype(float)
        spread = columns.std(axis=1, keepdims=True)
        centred = columns - columns.mean(axis=1, keepdims=True)
        return np.divide(centred, spread, out=np.zeros(columns.shape), where=spread > 0)


def impute(
    frame: pd.DataFrame, *, imputations: int, seed: int, iterations: int = ITERATIONS
) -> dict[str, Values]:
    """Completed copies of a table, each missing value drawn given all other columns.

    Returns the values of each column, (copies, patients); of a Categorical the codes of its
    categories. Numbers by predictive mean matching (5 donors), factors by logistic or multinomial
    regression; coefficients are drawn anew for each copy, so that the copies differ as much as the
    data leave open. Whatever the analysis of the copies holds must be among the columns, its
    outcome too; a time to event enters as its event indicator and cumulative hazard (White &
    Royston 2009). Values are taken to be missing at random given these columns. All copies are
    drawn together. R: ``mice::mice(frame, m = imputations)``. van Buuren & Groothuis-Oudshoorn
    (2011).
    """
    if imputations < 1:
        raise StatisticsError(f"imputations must be >= 1, but was {imputations}")
    columns = [_read(str(name), frame[name]) for name in frame.columns]
    incomplete = sorted(
        (one for one in columns if one.missing.any()), key=lambda one: int(one.missing.sum())
    )
    random = np.random.default_rng(seed)
    rounds = iterations if len(incomplete) > 1 else 1
    width = 1 + sum(1 if one.levels is None else len(one.levels) for one in columns)
    together = max(1, _AT_ONCE // max(width * len(frame), 1))
    drawn = [
        _drawn(columns, incomplete, rounds, min(together, imputations - first), random)
        for first in range(0, imputations, together)
    ]
    filled = {one.name: np.concatenate([x[one.name] for x in drawn]) for one in incomplete}
    return {one.name: _coded(one, filled.get(one.name), imputations) for one in columns}


def _read(name: str, column: pd.Series) -> _Column:
    missing = column.isna().to_numpy()
    if missing.all():
        raise StatisticsError(f"column {name!r} has no known value: leave it out")
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return _Column(name, column.to_numpy(dtype=float), missing, None)
    codes = column.cat.codes.to_numpy().astype(np.int64)
    levels = np.unique(codes[~missing])
    return _Column(name, np.searchsorted(levels, codes), missing, levels)


def _coded(one: _Column, filled: Values | None, copies: int) -> Values:
    """Codes of all categories again; what is complete is alike in all copies."""
    values = np.broadcast_to(one.values, (copies, len(one.values))) if filled is None else filled
    return values if one.levels is None else one.levels[values]


def _drawn(
    columns: list[_Column],
    incomplete: list[_Column],
    rounds: int,
    copies: int,
    random: np.random.Generator,
) -> dict[str, Values]:
    """The incomplete columns of some copies: known values drawn at first, then round by round."""
    filled = {}
    for one in incomplete:
        known = one.values[~one.missing]
        filled[one.name] = np.tile(one.values, (copies, 1))
        filled[one.name][:, one.missing] = random.choice(
            known, size=(copies, int(one.missing.sum()))
        )
    predictors = {
        one.name: one.predictors(filled.get(one.name, one.values[None])) for one in columns
    }
    for _ in range(rounds):
        for one in incomplete:
            others = [predictors[name] for name in predictors if name != one.name]
            filled[one.name][:, one.missing] = _values(one, others, copies, random)
            predictors[one.name] = one.predictors(filled[one.name])
    return filled


def _values(
    one: _Column, others: list[FloatArray], copies: int, random: np.random.Generator
) -> Values:
    """The missing values of a column given all the others."""
    whole = [np.ones((1, len(one.missing), 1)), *others]
    matrix = np.concatenate([np.broadcast_to(x, (copies, *x.shape[1:])) for x in whole], axis=2)
    known, wanted = matrix[:, ~one.missing], matrix[:, one.missing]
    values = one.values[~one.missing]
    if one.levels is None:
        return impute_number(values.astype(float), known, wanted, random)
    return impute_level(values.astype(np.int64), len(one.levels), known, wanted, random)
