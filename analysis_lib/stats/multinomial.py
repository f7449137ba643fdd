"""Multinomial (with two levels: logistic) regression with a weak normal prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.stats.inputs import FloatArray, IntArray

PRIOR_SD = 2.5
_TOLERANCE = 1e-8
_MOST_STEPS = 50


@dataclass(frozen=True, eq=False)
class Multinomial:
    """Posterior mode and covariance of the coefficients: one row per level but the first."""

    coefficients: FloatArray
    covariance: FloatArray

    def draw(self, random: np.random.Generator) -> FloatArray:
        """Coefficients from their normal approximation."""
        flat = random.multivariate_normal(
            self.coefficients.ravel(), self.covariance, method="cholesky"
        )
        return flat.reshape(self.coefficients.shape)


def fit_multinomial(
    matrix: FloatArray, codes: IntArray, levels: int, *, prior_sd: float = PRIOR_SD
) -> Multinomial:
    """Log odds of each level against the first, linear in the columns.

    Column 0 is the intercept and has no prior; the others, given in standard deviations, have a
    normal prior, which keeps the coefficients finite where a covariate predicts a level without
    exception. R: ``nnet::multinom``, ``glm(family = binomial)`` for a wide prior.
    """
    outcomes = (codes[:, None] == np.arange(1, levels)).astype(float)
    columns = matrix.shape[1]
    precision = np.full((levels - 1, columns), prior_sd**-2)
    precision[:, 0] = 0.0
    coefficients = np.zeros((levels - 1, columns))
    # Half a patient for each level keeps the first intercept finite.
    counts = np.bincount(codes, minlength=levels) + 0.5
    coefficients[:, 0] = np.log(counts[1:] / counts[0])
    for _ in range(_MOST_STEPS):
        chances = probabilities(matrix, coefficients)[:, 1:]
        score = (outcomes - chances).T @ matrix - precision * coefficients
        information = _information(matrix, chances) + np.diag(precision.ravel())
        step = np.linalg.solve(information, score.ravel())
        largest = float(np.abs(step).max())
        coefficients = coefficients + step.reshape(coefficients.shape) * min(1.0, 2.0 / largest)
        if largest < _TOLERANCE:
            break
    chances = probabilities(matrix, coefficients)[:, 1:]
    information = _information(matrix, chances) + np.diag(precision.ravel())
    covariance: FloatArray = np.linalg.inv(information).astype(float)
    return Multinomial(coefficients, covariance)


def probabilities(matrix: FloatArray, coefficients: FloatArray) -> FloatArray:
    """Probability of each level, the first included, one row a patient."""
    linear = np.column_stack([np.zeros(len(matrix)), matrix @ coefficients.T])
    raised = np.exp(linear - linear.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _information(matrix: FloatArray, chances: FloatArray) -> FloatArray:
    """Second derivatives, level by level and column by column."""
    levels, columns = chances.shape[1], matrix.shape[1]
    information = np.empty((levels, columns, levels, columns))
    for a in range(levels):
        for b in range(levels):
            weights = chances[:, a] * ((a == b) - chances[:, b])
            information[a, :, b, :] = (matrix.T * weights) @ matrix
    return information.reshape(levels * columns, levels * columns)
