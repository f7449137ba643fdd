"""Multinomial regressions of many data sets at once: propensities of resamples, imputed levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.stats.inputs import FloatArray, IntArray
from analysis_lib.stats.many_cox import solve_many

_MOST_STEPS = 50
_LARGEST_STEP = 4.0
_ROUNDING = 1e-12


def fit_many_propensities(
    matrix: FloatArray, codes: IntArray, levels: int, counts: FloatArray
) -> FloatArray:
    """Every patient's probability of each group in each resample: (resamples, patients, levels).

    `matrix` is (patients, columns), its first column the intercept; `counts` how often each
    patient is in a resample, (resamples, patients). Who is not in one has probabilities all the
    same. Where covariates tell a group apart the probabilities stand near their limit.
    R: ``glm(family = binomial, weights = counts)``; of three groups and more ``nnet::multinom``.
    """
    scale = np.where(np.ptp(matrix, axis=0) > 0, np.abs(matrix).max(axis=0), 1.0)
    columns = matrix / scale
    fit = fit_many_multinomial(columns, codes, levels, counts)
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
