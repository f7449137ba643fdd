"""Monotone partial likelihood: directions in which a Cox coefficient runs to infinity."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from analysis_lib.stats.inputs import FloatArray, IntArray, SurvivalData

_TOLERANCE = 1e-6


def infinite_direction(data: SurvivalData, matrix: FloatArray) -> FloatArray | None:
    """Direction d along which the partial likelihood rises for ever, or None.

    It rises if at every event time each patient with the event has the largest d'x among all
    patients at risk, and somewhere strictly so (Bryson & Johnson 1981). A linear programme
    looks for such a d: maximise the sum over events and risk sets of d'(x_i - x_j), subject to
    d'x_i >= m_k >= d'x_j with m_k the maximum over the k-th risk set.
    """
    event_times = np.unique(data.time[data.event])
    at_risk = data.time >= event_times[0]
    data, matrix = data.subset(at_risk), matrix[at_risk]
    scale = np.ptp(matrix, axis=0)
    scaled = (matrix - matrix.mean(axis=0)) / scale
    last = np.searchsorted(event_times, data.time, side="right") - 1
    gain = _total_gain(data, scaled, event_times)
    constraints = _constraints(data, scaled, last, len(event_times))
    parameters = scaled.shape[1]
    bounds = [(-1.0, 1.0)] * parameters + [(None, None)] * len(event_times)
    objective = np.concatenate([-gain / max(np.abs(gain).max(), 1.0), np.zeros(len(event_times))])
    solution = linprog(
        objective, A_ub=constraints, b_ub=np.zeros(constraints.shape[0]), bounds=bounds
    )
    if solution.status != 0 or -solution.fun < _TOLERANCE:
        return None
    direction = np.where(np.abs(solution.x[:parameters]) > _TOLERANCE, solution.x[:parameters], 0.0)
    return direction / scale


def strata_along(direction: FloatArray, matrix: FloatArray) -> IntArray:
    """Patients with the same d'x: in the limit only they share a risk set."""
    return np.unique(np.round(matrix @ direction, 6), return_inverse=True)[1].astype(np.int64)


def _total_gain(data: SurvivalData, matrix: FloatArray, event_times: FloatArray) -> FloatArray:
    order = np.argsort(-data.time, kind="stable")
    risk_sums = np.cumsum(matrix[order], axis=0)
    sizes = data.n - np.searchsorted(np.sort(data.time), data.time[data.event], side="left")
    own = matrix[data.event] * sizes[:, None]
    return np.asarray((own - risk_sums[sizes - 1]).sum(axis=0))


def _constraints(data: SurvivalData, matrix: FloatArray, last: IntArray, n_times: int) -> csr_array:
    """Rows a with a'(d, m) <= 0."""

    def maxima(rows: IntArray) -> csr_array:
        entries = np.ones(len(rows)), (np.arange(len(rows)), rows)
        return csr_array(entries, shape=(len(rows), n_times))

    members = hstack([csr_array(matrix), -maxima(last)])
    events = hstack([csr_array(-matrix[data.event]), maxima(last[data.event])])
    steps = np.arange(n_times - 1)
    falling = hstack([csr_array((len(steps), matrix.shape[1])), maxima(steps + 1) - maxima(steps)])
    return vstack([members, events, falling]).tocsr()
