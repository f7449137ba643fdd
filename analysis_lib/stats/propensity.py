"""Multinomial logistic regression of group membership: the propensity of each group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.design import (
    Covariate,
    Key,
    Numeric,
    aliased_columns,
    column_name,
    read_covariates,
)
from analysis_lib.stats.inputs import ArrayLike, FloatArray, IntArray, check_groups, check_same_rows

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


_STEPS = 30
_PROPENSITY_TOLERANCE = 1e-11
INTERCEPT: Key = ("(intercept)", "")


@dataclass(frozen=True, eq=False)
class PropensityFit:
    """Log odds of each group against the first, and every patient's probability of each group.

    `coefficients` and `std_errors` have one row a group but the first and one column a term.
    `separated` is True where a combination of covariates tells a group apart without exception:
    its coefficients have no maximum, while the probabilities stand at their limit.
    """

    labels: tuple[str, ...]
    coefficients: pd.DataFrame
    std_errors: pd.DataFrame
    probabilities: FloatArray
    log_likelihood: float
    aliased: dict[Key, str]
    separated: bool
    method: str = "multinomial logistic regression, maximum likelihood"

    @property
    def parameters(self) -> int:
        return int(self.coefficients.size)


def fit_propensity(group: ArrayLike, covariates: pd.DataFrame) -> PropensityFit:
    """Probability of each group given the covariates; of two groups plain logistic regression.

    Parameters
    ----------
    group : the group of each patient; a Categorical keeps its order, the first is the reference
    covariates : complete; numeric columns, or Categoricals whose first category is the reference

    Notes
    -----
    R: ``glm(group ~ ., family = binomial)``; of three and more ``nnet::multinom``.
    Rosenbaum & Rubin (1983), Biometrika 70:41. A column that is constant or the sum of others is
    left out and named in `aliased`.

    Raises
    ------
    StatisticsError
        Fewer than two groups hold a patient, or a covariate is missing.
    """
    check_same_rows(group, covariates, names=("group", "covariates"))
    groups = check_groups(group)
    if len(groups.labels) < 2:
        held = (
            f"all patients are in {groups.labels[0]!r}" if groups.labels else "there is no patient"
        )
        raise StatisticsError(
            f"group must have two or more levels, but {held}: nothing distinguishes them"
        )
    columns = _columns(read_covariates(covariates), len(groups.codes))
    aliased = aliased_columns(columns)
    kept = {key: column for key, column in columns.items() if key not in aliased}
    matrix = np.column_stack([np.ones(len(groups.codes)), *kept.values()])
    member = (groups.codes[:, None] == np.arange(1, len(groups.labels))).astype(float)
    estimates, information, converged = _maximise(matrix, member)
    probabilities = _probabilities(matrix, estimates)
    labels = tuple(str(label) for label in groups.labels)
    names = [column_name(key) for key in (INTERCEPT, *kept)]
    errors = np.sqrt(np.diag(np.linalg.pinv(information))).reshape(estimates.shape)
    own = probabilities[np.arange(len(matrix)), groups.codes]
    return PropensityFit(
        labels,
        pd.DataFrame(estimates, index=labels[1:], columns=names),
        pd.DataFrame(errors, index=labels[1:], columns=names),
        probabilities,
        float(np.log(np.maximum(own, 1e-300)).sum()),
        aliased,
        not converged,
    )


def _columns(terms: tuple[Covariate, ...], n: int) -> dict[Key, FloatArray]:
    columns: dict[Key, FloatArray] = {}
    for term in terms:
        if isinstance(term, Numeric):
            columns[term.name, ""] = term.values
            continue
        for code, level in enumerate(term.levels[1:], start=1):
            columns[term.name, level] = (term.codes == code).astype(float)
    return columns


def _maximise(matrix: FloatArray, member: FloatArray) -> tuple[FloatArray, FloatArray, bool]:
    """Newton-Raphson; not converged means that a coefficient still moved after thirty steps.

    One step raises a diverging log odds by about 1, so that the probabilities of a separated
    group are then within 1e-9 of their limit.
    """
    spread = np.concatenate([[1.0], np.ptp(matrix[:, 1:], axis=0)])
    estimates = np.zeros((member.shape[1], matrix.shape[1]))
    for _ in range(_STEPS):
        probabilities = _probabilities(matrix, estimates)[:, 1:]
        score = (member - probabilities).T @ matrix
        information = _propensity_information(matrix, probabilities)
        step = np.linalg.lstsq(information, score.ravel())[0].reshape(estimates.shape)
        largest = float(np.abs(step * spread).max())
        estimates = estimates + step * min(1.0, 4.0 / max(largest, 1e-300))
        if largest < _PROPENSITY_TOLERANCE:
            return (
                estimates,
                _propensity_information(matrix, _probabilities(matrix, estimates)[:, 1:]),
                True,
            )
    return estimates, information, False


def _probabilities(matrix: FloatArray, estimates: FloatArray) -> FloatArray:
    odds = np.column_stack([np.zeros(len(matrix)), matrix @ estimates.T])
    odds = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _propensity_information(matrix: FloatArray, probabilities: FloatArray) -> FloatArray:
    """Blocks X' diag(p_j (1{j = k} - p_k)) X."""
    groups = probabilities.shape[1]
    blocks = [
        [
            (matrix.T * (probabilities[:, j] * ((j == k) - probabilities[:, k]))) @ matrix
            for k in range(groups)
        ]
        for j in range(groups)
    ]
    return np.block(blocks)
