"""Propensities of many resamples at once."""

from __future__ import annotations

import numpy as np

from analysis_lib.stats.inputs import FloatArray, IntArray
from analysis_lib.stats.many_cox import solve_many

_MOST_STEPS = 30
_LARGEST_STEP = 4.0
_TOLERANCE = 1e-9


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
    member = (codes[:, None] == np.arange(1, levels)).astype(float)
    at = np.zeros((len(counts), levels - 1, columns.shape[1]))
    moving = np.arange(len(counts))
    for _ in range(_MOST_STEPS):
        here, weight = at[moving], counts[moving]
        others = _probabilities(columns, here)[:, :, 1:]
        score = ((member - others) * weight[:, :, None]).transpose(0, 2, 1) @ columns
        information = _information(columns, others, weight)
        step = solve_many(information, score.reshape(len(moving), -1)).reshape(here.shape)
        largest = np.abs(step).max(axis=(1, 2))
        step *= np.minimum(1.0, _LARGEST_STEP / np.maximum(largest, 1e-300))[:, None, None]
        at[moving] += step
        moving = moving[largest >= _TOLERANCE]
        if not len(moving):
            break
    return _probabilities(columns, at)


def _probabilities(columns: FloatArray, coefficients: FloatArray) -> FloatArray:
    linear = columns @ coefficients.transpose(0, 2, 1)
    linear = np.concatenate([np.zeros((*linear.shape[:2], 1)), linear], axis=2)
    raised = np.exp(linear - linear.max(axis=2, keepdims=True))
    return np.asarray(raised / raised.sum(axis=2, keepdims=True))


def _information(columns: FloatArray, chances: FloatArray, weight: FloatArray) -> FloatArray:
    """Second derivatives, level by level and column by column."""
    resamples, _, levels = chances.shape
    width = columns.shape[1]
    found = np.empty((resamples, levels, width, levels, width))
    for a in range(levels):
        for b in range(levels):
            of = weight * chances[:, :, a] * ((a == b) - chances[:, :, b])
            found[:, a, :, b, :] = (of[:, None, :] * columns.T) @ columns
    return found.reshape(resamples, levels * width, levels * width)
