"""Multinomial logistic regression: the propensity of each group, in one data set or in many."""

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
from analysis_lib.stats.many_cox import solve_many
from analysis_lib.stats.newton import Point, maximise


def _likelihood(matrix: FloatArray, codes: IntArray, coefficients: FloatArray) -> Point:
    """Score, information and log-likelihood of one data set."""
    member = (codes[:, None] == np.arange(1, len(coefficients) + 1)).astype(float)
    once, flat = np.ones((1, len(codes))), np.zeros(coefficients.shape)
    score, information, reached = _posterior(matrix, member, once, coefficients[None], flat)
    return Point(score[0], information[0], float(reached[0]))


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
    centred, back = _centred(matrix)
    found = maximise(
        lambda at: _likelihood(centred, groups.codes, at.reshape(shape)),
        np.zeros(shape).ravel(),
        ranges=np.tile(np.ptp(matrix, axis=0), shape[0]),
        farthest=np.inf,
    )
    # Where a group is separated a step raises its log odds by about 1 and none is the last, so that
    # the probabilities stand at their limit.
    estimates = found.coefficients.reshape(shape)
    odds = np.abs(estimates[:, 1:]) * np.ptp(matrix[:, 1:], axis=0)
    chances = probabilities(centred, estimates[None])[0]
    point = _likelihood(centred, groups.codes, estimates)
    labels = tuple(str(label) for label in groups.labels)
    names = [column_name(key) for key in (INTERCEPT, *keys)]
    turned = np.kron(np.eye(shape[0]), back)
    variances = np.diag(turned @ np.linalg.pinv(point.information) @ turned.T)
    errors = np.sqrt(np.where(variances > 0, variances, nan)).reshape(shape)
    return PropensityFit(
        labels,
        pd.DataFrame(estimates @ back.T, index=labels[1:], columns=names),
        pd.DataFrame(errors, index=labels[1:], columns=names),
        chances,
        point.log_likelihood,
        aliased,
        found.singular or not found.converged or bool((odds > _CERTAIN).any()),
        any((chances[groups.codes == x, x] > 1 - _SURE).all() for x in range(len(labels))),
    )


def _centred(matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The columns about their means, and what turns their coefficients into those of the columns.

    About 0 the intercept of a column such as a calendar year lies hundreds of steps away.
    """
    means = matrix[:, 1:].mean(axis=0)
    back = np.eye(matrix.shape[1])
    back[0, 1:] = -means
    return np.column_stack([matrix[:, :1], matrix[:, 1:] - means]), back


def _columns(covariates: pd.DataFrame) -> tuple[FloatArray, tuple[Key, ...], dict[Key, str]]:
    """Intercept and columns that can be told apart, their keys, and why the others are left out."""
    columns: dict[Key, FloatArray] = {}
    for term in read_covariates(covariates):
        columns |= factor_columns(term)
    aliased = aliased_columns(columns)
    kept = {key: column for key, column in columns.items() if key not in aliased}
    return np.column_stack([np.ones(len(covariates)), *kept.values()]), tuple(kept), aliased


_MOST_STEPS = 50
_LARGEST_STEP = 4.0
_ROUNDING = 1e-12
_NEAR = 1e-6  # the last step, of which the error of the coefficients is the square


def fit_many_propensities(
    matrix: FloatArray, codes: IntArray, levels: int, counts: FloatArray
) -> FloatArray:
    """Every patient's probability of each group in each resample: (resamples, patients, levels).

    `matrix` is (patients, columns), its first column the intercept; `counts` how often each
    patient is in a resample, (resamples, patients). Who is not in one has probabilities all the
    same. Where covariates tell a group apart the probabilities stand near their limit.
    R: ``glm(family = binomial, weights = counts)``; of three groups and more ``nnet::multinom``.
    """
    ranges = np.ptp(matrix, axis=0)
    varies = ranges > 0
    columns = np.where(varies, matrix - matrix.mean(axis=0), matrix) / np.where(varies, ranges, 1.0)
    fit = fit_many_multinomial(columns, codes, levels, counts, tolerance=_NEAR)
    return probabilities(columns, fit.coefficients)


@dataclass(frozen=True, eq=False)
class ManyMultinomial:
    """`coefficients` (data sets, levels but the first, columns); `information` of all of them,
    level by level and column by column.
    """

    coefficients: FloatArray
    information: FloatArray


def fit_many_multinomial(
    columns: FloatArray,
    codes: IntArray,
    levels: int,
    counts: FloatArray | None = None,
    *,
    precision: FloatArray | float = 0.0,
    tolerance: float = 1e-9,
) -> ManyMultinomial:
    """Log odds of each level against the first in each data set, linear in the columns.

    `columns` is (patients, columns), alike in all data sets, which `counts` tell apart, or (data
    sets, patients, columns); `precision` that of a normal prior of each column, which keeps
    coefficients finite where one predicts a level without exception. In the last step no
    coefficient moves by more than the tolerance; what is left is about its square.
    R: ``nnet::multinom``, ``glm(family = binomial)`` without a prior.
    """
    data_sets = len(columns) if counts is None else len(counts)
    weights = np.ones((data_sets, len(codes))) if counts is None else counts
    member = (codes[:, None] == np.arange(1, levels)).astype(float)
    at = np.zeros((data_sets, levels - 1, columns.shape[-1]))
    held = np.broadcast_to(precision, at.shape[1:])
    step, best = np.zeros(at.shape), np.full(data_sets, -np.inf)
    information = np.zeros((data_sets, held.size, held.size))
    moving = np.arange(data_sets)
    for _ in range(_MOST_STEPS):
        given = columns if columns.ndim == 2 else columns[moving]
        score, information[moving], reached = _posterior(
            given, member, weights[moving], at[moving], held
        )
        worse = reached < best[moving] - _ROUNDING * (1 + np.abs(reached))
        back, on = moving[worse], moving[~worse]
        step[back] /= 2
        at[back] -= step[back]
        best[on] = reached[~worse]
        step[on] = _shortened(solve_many(information[on], score[~worse]).reshape(at[on].shape))
        at[on] += step[on]
        moving = moving[np.abs(step[moving]).max(axis=(1, 2)) >= tolerance]
        if not len(moving):
            break
    return ManyMultinomial(at, information)


def _shortened(step: FloatArray) -> FloatArray:
    largest = np.maximum(np.abs(step).max(axis=(1, 2)), 1e-300)
    return step * np.minimum(1.0, _LARGEST_STEP / largest)[:, None, None]


def _posterior(
    columns: FloatArray, member: FloatArray, weight: FloatArray, at: FloatArray, held: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Score, information and log of the posterior density, but for a constant."""
    chances = probabilities(columns, at)
    others = chances[:, :, 1:]
    score = ((member - others) * weight[:, :, None]).transpose(0, 2, 1) @ columns - held * at
    own = np.where(member.any(axis=1), (others * member).sum(axis=2), chances[:, :, 0])
    reached = (weight * np.log(np.maximum(own, 1e-300))).sum(axis=1)
    information = _information(columns, others, weight) + np.diag(held.ravel())
    return score.reshape(len(at), -1), information, reached - (held * at**2).sum(axis=(1, 2)) / 2


def probabilities(columns: FloatArray, coefficients: FloatArray) -> FloatArray:
    """Probability of each level, the first included: (data sets, patients, levels)."""
    linear = columns @ coefficients.transpose(0, 2, 1)
    linear = np.concatenate([np.zeros((*linear.shape[:2], 1)), linear], axis=2)
    raised = np.exp(linear - linear.max(axis=2, keepdims=True))
    return np.asarray(raised / raised.sum(axis=2, keepdims=True))


def _information(columns: FloatArray, chances: FloatArray, weight: FloatArray) -> FloatArray:
    """Second derivatives, level by level and column by column."""
    data_sets, _, levels = chances.shape
    width = columns.shape[-1]
    turned = np.swapaxes(columns, -1, -2)
    found = np.empty((data_sets, levels, width, levels, width))
    for a in range(levels):
        for b in range(a + 1):
            of = weight * chances[:, :, a] * ((a == b) - chances[:, :, b])
            found[:, a, :, b, :] = found[:, b, :, a, :] = (of[:, None, :] * turned) @ columns
    return found.reshape(data_sets, levels * width, levels * width)
