"""Multinomial logistic regression of group membership: the propensity of each group."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.design import (
    Key,
    aliased_columns,
    column_name,
    factor_columns,
    read_covariates,
)
from analysis_lib.stats.inputs import ArrayLike, FloatArray, IntArray, check_groups, check_same_rows
from analysis_lib.stats.newton import Point, maximise


def _likelihood(matrix: FloatArray, codes: IntArray, coefficients: FloatArray) -> Point:
    """Score, information and log-likelihood, level by level and column by column."""
    chances = probabilities(matrix, coefficients)
    own = chances[np.arange(len(codes)), codes]
    others = chances[:, 1:]
    member = (codes[:, None] == np.arange(1, chances.shape[1])).astype(float)
    return Point(
        ((member - others).T @ matrix).ravel(),
        _information(matrix, others),
        float(np.log(np.maximum(own, 1e-300)).sum()),
    )


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


INTERCEPT: Key = ("(intercept)", "")
# Log odds over the range of a covariate beyond which rounding hides that they still rise.
_CERTAIN = 30.0
_SURE = 0.01


@dataclass(frozen=True, eq=False)
class PropensityFit:
    """Log odds of each group against the first, and every patient's probability of each group.

    `coefficients` and `std_errors` have one row a group but the first and one column a term.
    `separated` is True where a combination of covariates is found in one group alone: its
    coefficients have no maximum, while the probabilities stand at their limit. `hopeless` is True
    where it is all of a group, of which nobody could have been in another.
    """

    labels: tuple[str, ...]
    coefficients: pd.DataFrame
    std_errors: pd.DataFrame
    probabilities: FloatArray
    log_likelihood: float
    aliased: dict[Key, str]
    separated: bool
    hopeless: bool
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
    matrix, keys, aliased = _columns(covariates)
    shape = len(groups.labels) - 1, matrix.shape[1]
    found = maximise(
        lambda at: _likelihood(matrix, groups.codes, at.reshape(shape)),
        np.zeros(shape).ravel(),
        ranges=np.tile(np.ptp(matrix, axis=0), shape[0]),
        farthest=np.inf,
    )
    # Where a group is separated a step raises its log odds by about 1 and none is the last, so that
    # the probabilities stand at their limit.
    estimates = found.coefficients.reshape(shape)
    odds = np.abs(estimates[:, 1:]) * np.ptp(matrix[:, 1:], axis=0)
    chances = probabilities(matrix, estimates)
    point = _likelihood(matrix, groups.codes, estimates)
    labels = tuple(str(label) for label in groups.labels)
    names = [column_name(key) for key in (INTERCEPT, *keys)]
    variances = np.diag(np.linalg.pinv(point.information))
    errors = np.sqrt(np.where(variances > 0, variances, nan)).reshape(shape)
    return PropensityFit(
        labels,
        pd.DataFrame(estimates, index=labels[1:], columns=names),
        pd.DataFrame(errors, index=labels[1:], columns=names),
        chances,
        point.log_likelihood,
        aliased,
        found.singular or not found.converged or bool((odds > _CERTAIN).any()),
        any((chances[groups.codes == x, x] > 1 - _SURE).all() for x in range(len(labels))),
    )


def _columns(covariates: pd.DataFrame) -> tuple[FloatArray, tuple[Key, ...], dict[Key, str]]:
    """Intercept and columns that can be told apart, their keys, and why the others are left out."""
    columns: dict[Key, FloatArray] = {}
    for term in read_covariates(covariates):
        columns |= factor_columns(term)
    aliased = aliased_columns(columns)
    kept = {key: column for key, column in columns.items() if key not in aliased}
    return np.column_stack([np.ones(len(covariates)), *kept.values()]), tuple(kept), aliased
