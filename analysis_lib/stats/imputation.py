"""Multiple imputation by chained equations, in all copies at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import ArrayLike, BoolArray, FloatArray, IntArray
from analysis_lib.stats.propensity import fit_many_multinomial, probabilities

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


@dataclass(frozen=True, eq=False)
class LevelDraws:
    """How levels were drawn: their probabilities, (copies, gaps, levels), and the uniform numbers
    that chose among them, (copies, gaps).
    """

    chances: FloatArray
    uniform: FloatArray

    def chosen(self, shift: ArrayLike = 0.0) -> IntArray:
        """The levels, (copies, gaps), had the log odds of every level but the first been higher by
        `shift`, one number or one a gap. The same random numbers choose, so that nothing but the
        shift tells two sets of copies apart.
        """
        raised = self.chances * np.exp(np.asarray(shift, dtype=float))[..., None]
        raised[:, :, 0] = self.chances[:, :, 0]
        whole = np.cumsum(raised, axis=2)
        above = self.uniform[:, :, None] * whole[:, :, -1:] > whole[:, :, :-1]
        return above.sum(axis=2).astype(np.int64)


def draw_levels(
    codes: IntArray,
    levels: int,
    known: FloatArray,
    wanted: FloatArray,
    random: np.random.Generator,
) -> LevelDraws:
    """Levels with their probabilities under coefficients that are drawn, and what chooses them.

    Predictors and result as in `impute_number`; a normal prior keeps coefficients finite where a
    predictor tells a level without exception.
    R: ``mice.impute.logreg``, ``mice.impute.polyreg``.
    """
    if levels == 1:
        one = np.ones((*wanted.shape[:2], 1))
        return LevelDraws(one, one[:, :, 0] / 2)
    fit = fit_many_multinomial(
        known, codes, levels, precision=_precision(known.shape[2]), tolerance=_NEAR
    )
    noise = random.standard_normal((*fit.information.shape[:2], 1))
    root = np.linalg.cholesky(fit.information)
    moved = np.linalg.solve(root.transpose(0, 2, 1), noise).reshape(fit.coefficients.shape)
    chances = probabilities(wanted, fit.coefficients + moved)
    return LevelDraws(chances, random.random(wanted.shape[:2]))


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
class Copies:
    """Completed copies: the values of each column, (copies, patients), of a Categorical the codes
    of its categories; and of each incomplete Categorical how its gaps were drawn last.
    """

    values: dict[str, Values]
    draws: dict[str, LevelDraws]

    def shifted(self, name: str, column: pd.Series, shift: ArrayLike) -> Values:
        """A column with its imputed values moved: not missing at random.

        `shift` is one number or one a gap: for a number in its own standard deviations, for a
        factor in log odds of every level but the first that anyone holds. Columns that were drawn
        given this one stay as they are. R: ``mice`` with ``post``. van Buuren
        (2018), Flexible Imputation of Missing Data, 9.2; Tompsett et al. (2018), Stat Med 37:2338.
        """
        values, missing = self.values[name].copy(), column.isna().to_numpy()
        if name in self.draws:
            values[:, missing] = _levels_held(column)[self.draws[name].chosen(shift)]
        else:
            moved = np.asarray(shift, dtype=float) * float(column.std(ddof=0))
            values[:, missing] = values[:, missing] + moved
        return values


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
) -> Copies:
    """Completed copies of a table, each missing value drawn given all other columns.

    Numbers by predictive mean matching (5 donors), factors by logistic or multinomial
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
    filled = {one.name: np.concatenate([x[one.name] for x, _ in drawn]) for one in incomplete}
    values = {one.name: _coded(one, filled.get(one.name), imputations) for one in columns}
    draws = {
        name: LevelDraws(
            np.concatenate([x[name].chances for _, x in drawn]),
            np.concatenate([x[name].uniform for _, x in drawn]),
        )
        for name in drawn[0][1]
    }
    return Copies(values, draws)


def _levels_held(column: pd.Series) -> IntArray:
    """The codes of the categories that anyone holds."""
    codes = column.cat.codes.to_numpy().astype(np.int64)
    return np.unique(codes[codes >= 0])


def _read(name: str, column: pd.Series) -> _Column:
    missing = column.isna().to_numpy()
    if missing.all():
        raise StatisticsError(f"column {name!r} has no known value: leave it out")
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return _Column(name, column.to_numpy(dtype=float), missing, None)
    codes = column.cat.codes.to_numpy().astype(np.int64)
    levels = _levels_held(column)
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
) -> tuple[dict[str, Values], dict[str, LevelDraws]]:
    """The incomplete columns of some copies: known values drawn at first, then round by round."""
    filled: dict[str, Values] = {}
    draws: dict[str, LevelDraws] = {}
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
            drawn = _draw(one, others, copies, random)
            if isinstance(drawn, LevelDraws):
                draws[one.name] = drawn
                filled[one.name][:, one.missing] = drawn.chosen()
            else:
                filled[one.name][:, one.missing] = drawn
            predictors[one.name] = one.predictors(filled[one.name])
    return filled, draws


def _draw(
    one: _Column, others: list[FloatArray], copies: int, random: np.random.Generator
) -> FloatArray | LevelDraws:
    """The missing values of a column given all the others."""
    whole = [np.ones((1, len(one.missing), 1)), *others]
    matrix = np.concatenate([np.broadcast_to(x, (copies, *x.shape[1:])) for x in whole], axis=2)
    known, wanted = matrix[:, ~one.missing], matrix[:, one.missing]
    values = one.values[~one.missing]
    if one.levels is None:
        return impute_number(values.astype(float), known, wanted, random)
    return draw_levels(values.astype(np.int64), len(one.levels), known, wanted, random)
