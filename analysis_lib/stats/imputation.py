"""Multiple imputation by chained equations, and Rubin's rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    check_confidence_level,
    check_numbers,
)
from analysis_lib.stats.propensity import PRIOR_SD, fit_multinomial, probabilities

DONORS = 5
_FEW = 5_000


def impute_number(
    values: FloatArray, known: FloatArray, wanted: FloatArray, random: np.random.Generator
) -> FloatArray:
    """Predictive mean matching: the value of one of the five nearest by predicted mean.

    `known` and `wanted` are the predictors where the value is known and where it is missing,
    intercept first, the others in standard deviations. Means of the known come from the estimate,
    those of the wanted from a draw of the coefficients (type 1 matching).
    R: ``mice.impute.pmm``. Little (1988).
    """
    estimate, drawn = _draw_linear(values, known, random)
    means, asked = known @ estimate, wanted @ drawn
    near = _near(means, asked)
    distance = np.abs(asked[:, None] - means[near])
    donors = min(DONORS, len(values))
    nearest = np.argpartition(distance, donors - 1, axis=1)[:, :donors]
    each = np.arange(len(wanted))
    return values[near[each % len(near), nearest[each, random.integers(donors, size=len(wanted))]]]


def _near(means: FloatArray, asked: FloatArray) -> IntArray:
    """The known that may be nearest to each mean asked for: everyone, in one row for all; of very
    many those around it in order, a row for each.
    """
    if len(means) <= _FEW:
        return np.arange(len(means))[None, :]
    order = np.argsort(means)
    first = np.searchsorted(means[order], asked) - DONORS
    first = np.clip(first, 0, len(means) - 2 * DONORS)
    return order[first[:, None] + np.arange(2 * DONORS)]


def impute_level(
    codes: IntArray,
    levels: int,
    known: FloatArray,
    wanted: FloatArray,
    random: np.random.Generator,
) -> IntArray:
    """A level drawn from its probabilities under coefficients that are themselves drawn.

    R: ``mice.impute.logreg``, ``mice.impute.polyreg``.
    """
    if levels == 1:
        return np.zeros(len(wanted), dtype=np.int64)
    chances = probabilities(wanted, fit_multinomial(known, codes, levels).draw(random))
    above = random.random(len(wanted))[:, None] > np.cumsum(chances, axis=1)[:, :-1]
    return above.sum(axis=1).astype(np.int64)


def _draw_linear(
    values: FloatArray, matrix: FloatArray, random: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Coefficients of the linear regression, and a draw of them given the data.

    A weak prior, as for levels, stands for what collinear predictors leave open.
    """
    precision = np.full(matrix.shape[1], (PRIOR_SD * max(values.std(), 1e-12)) ** -2)
    precision[0] = 0.0
    spread = max(float(values.var()), 1e-24)
    inverse = np.linalg.inv(matrix.T @ matrix + np.diag(precision * spread))
    estimate = inverse @ matrix.T @ values
    df = max(len(values) - matrix.shape[1], 1)
    residual = float(((values - matrix @ estimate) ** 2).sum()) / random.chisquare(df)
    noise = np.linalg.cholesky(inverse) @ random.standard_normal(matrix.shape[1])
    return estimate, estimate + np.sqrt(residual) * noise


ITERATIONS = 5
CHAINED_EQUATIONS = "chained equations: predictive mean matching, logistic or multinomial"


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


RUBINS_RULES = "Rubin's rules"
_LEAST_SHARE = 1e-4


@dataclass(frozen=True)
class Pooled:
    """A pooled estimate with its t interval.

    `within` and `between` are the parts of its variance; `relative_increase` is what missingness
    adds to the first, `missing_information` the fraction of information that is missing.
    """

    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    degrees_of_freedom: float
    within: float
    between: float
    relative_increase: float
    missing_information: float
    imputations: int
    method: str = RUBINS_RULES

    @property
    def monte_carlo_error(self) -> float:
        """Standard error of the estimate from the number of imputations alone."""
        return sqrt(self.between / self.imputations)


def pool_estimates(
    estimates: ArrayLike,
    variances: ArrayLike,
    *,
    complete_degrees_of_freedom: float = inf,
    confidence_level: float = 0.95,
) -> Pooled:
    """The mean of the estimates, and a variance that counts how they differ.

    Degrees of freedom are those of Barnard & Rubin (1999) for small samples;
    `complete_degrees_of_freedom` are those that complete data would have.
    R: ``mice::pool``. Rubin (1987).
    """
    values = check_numbers(estimates, name="estimates")
    squares = check_numbers(variances, name="variances")
    level = check_confidence_level(confidence_level)
    m = len(values)
    if m < 2 or len(squares) != m:
        raise StatisticsError(
            f"estimates and variances must be of the same two or more imputations, but are {m} "
            f"and {len(squares)}"
        )
    estimate, within, between = (
        float(values.mean()),
        float(squares.mean()),
        float(values.var(ddof=1)),
    )
    added = (1 + 1 / m) * between
    total = within + added
    df = _degrees_of_freedom(m, added / total, complete_degrees_of_freedom)
    increase = added / within
    error = sqrt(total)
    half = float(stdtrit(df, (1 + level) / 2)) * error
    return Pooled(
        estimate=estimate,
        std_error=error,
        ci_low=estimate - half,
        ci_high=estimate + half,
        p_value=float(2 * stdtr(df, -abs(estimate) / error)),
        degrees_of_freedom=df,
        within=within,
        between=between,
        relative_increase=increase,
        missing_information=(increase + 2 / (df + 3)) / (1 + increase),
        imputations=m,
    )


def _degrees_of_freedom(m: int, share: float, complete: float) -> float:
    share = max(share, _LEAST_SHARE)
    old = (m - 1) / share**2
    if complete == inf:
        return old
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    return old * observed / (old + observed)
