"""Robust errors of a model of the subdistribution hazard."""

from __future__ import annotations

import numpy as np

from analysis_lib.stats.inputs import FloatArray, IntArray
from analysis_lib.stats.subdistribution import Point, Subdistribution


def robust_covariance(sets: Subdistribution, point: Point) -> FloatArray:
    """Sandwich of the patients' influences, those on the weights among them."""
    influence = _own_influence(sets, point) + _weight_influence(sets, point)
    bread = np.linalg.inv(point.information)
    return np.asarray(bread @ (influence.T @ influence) @ bread)


def _own_influence(sets: Subdistribution, point: Point) -> FloatArray:
    """Each patient's score residual: the event, less what was expected while in the risk sets."""
    data, matrix = sets.data, sets.matrix
    hazard = sets.deaths / point.total
    last = np.searchsorted(sets.times, data.time, side="right")
    at_risk = _after(matrix, hazard, point.mean, last, ahead=False)
    removed = _after(matrix, hazard * sets.uncensored, point.mean, last, ahead=True)
    expected = at_risk + sets.inverse[:, None] * removed
    residual = -point.relative[:, None] * expected
    own = np.searchsorted(sets.times, data.time[data.event])
    residual[data.event] += matrix[data.event] - point.mean[own]
    return residual


def _after(
    matrix: FloatArray, hazard: FloatArray, mean: FloatArray, last: IntArray, *, ahead: bool
) -> FloatArray:
    """Integral of (covariates - mean) against the hazard up to a patient's time, or after it."""
    sums = np.cumsum(np.column_stack([hazard, hazard[:, None] * mean]), axis=0)
    sums = np.vstack([np.zeros(sums.shape[1]), sums])
    found = sums[-1] - sums[last] if ahead else sums[last]
    return np.asarray(matrix * found[:, :1] - found[:, 1:])


def _weight_influence(sets: Subdistribution, point: Point) -> FloatArray:
    """What each patient's censoring, or having been at risk of it, does to the weights."""
    data = sets.data
    censored = ~(data.event | data.competing)
    times, counts = np.unique(data.time[censored], return_counts=True)
    if not len(times):
        return np.zeros_like(sets.matrix)
    at_risk = data.n - np.searchsorted(np.sort(data.time), times, side="left")
    pull = _pull(sets, point, times)
    compensated = np.cumsum(pull * (counts / at_risk**2)[:, None], axis=0)
    compensated = np.vstack([np.zeros(pull.shape[1]), compensated])
    influence = -compensated[np.searchsorted(times, data.time, side="right")]
    own = np.searchsorted(times, data.time[censored])
    influence[censored] += pull[own] / at_risk[own][:, None]
    return np.asarray(influence)


def _pull(sets: Subdistribution, point: Point, times: FloatArray) -> FloatArray:
    """How the score leans on the censoring hazard at each time.

    Those removed before it, weighted, times the later hazard of the event around the later means.
    """
    data, matrix = sets.data, sets.matrix
    hazard = sets.uncensored * sets.deaths / point.total
    later = np.cumsum(np.column_stack([hazard, hazard[:, None] * point.mean])[::-1], axis=0)[::-1]
    later = np.vstack([later, np.zeros(later.shape[1])])[
        np.searchsorted(sets.times, times, side="left")
    ]
    order = np.argsort(data.time, kind="stable")
    weight = point.relative * sets.inverse
    removed = np.cumsum(np.column_stack([weight, weight[:, None] * matrix])[order], axis=0)
    removed = np.vstack([np.zeros(removed.shape[1]), removed])
    removed = removed[np.searchsorted(data.time[order], times, side="left")]
    return np.asarray(removed[:, 1:] * later[:, :1] - removed[:, :1] * later[:, 1:])
