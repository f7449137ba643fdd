"""One missing column drawn given the others."""

from __future__ import annotations

import numpy as np

from analysis_lib.stats.inputs import FloatArray, IntArray
from analysis_lib.stats.multinomial import PRIOR_SD, fit_multinomial, probabilities

DONORS = 5


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
    distance = np.abs((wanted @ drawn)[:, None] - known @ estimate)
    donors = min(DONORS, len(values))
    nearest = np.argpartition(distance, donors - 1, axis=1)[:, :donors]
    return values[nearest[np.arange(len(wanted)), random.integers(donors, size=len(wanted))]]


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
