"""Monotone partial likelihood: directions in which a Cox coefficient runs to infinity."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, hstack, vstack

from analysis_lib.stats.inputs import FloatArray, IntArray, SurvivalData

_TOLERANCE = 1e-6


def infinite_direction(
    data: SurvivalData, matrix: FloatArray, strata: IntArray
) -> FloatArray | None:
    """Direction d along which the partial likelihood rises for ever, or None.

    It rises if at every event time each patient with the event has the largest d'x among all
    patients at risk in the stratum, and somewhere strictly so (Bryson & Johnson 1981). A linear
    programme looks for such a d: maximise the sum over events and risk sets of d'(x_i - x_j),
    subject to d'x_i >= m_k >= d'x_j with m_k the maximum over the k-th risk set.
    """
    scale = np.ptp(matrix, axis=0)
    scaled = (matrix - matrix.mean(axis=0)) / scale
    gain = np.zeros(scaled.shape[1])
    own_parts, maximum_parts = [], []
    for stratum in np.unique(strata[data.event]):
        rows = strata == stratum
        own, maxima, part_gain = _stratum(data.subset(rows), scaled[rows])
        own_parts.append(own)
        maximum_parts.append(maxima)
        gain += part_gain
    constraints = hstack([vstack(own_parts), block_diag(maximum_parts)]).tocsr()
    free = constraints.shape[1] - len(gain)
    solution = linprog(
        np.concatenate([-gain / max(np.abs(gain).max(), 1.0), np.zeros(free)]),
        A_ub=constraints,
        b_ub=np.zeros(constraints.shape[0]),
        bounds=[(-1.0, 1.0)] * len(gain) + [(None, None)] * free,
    )
    if solution.status != 0 or -solution.fun < _TOLERANCE:
        return None
    direction = solution.x[: len(gain)]
    return np.where(np.abs(direction) > _TOLERANCE, direction, 0.0) / scale


def strata_along(direction: FloatArray, matrix: FloatArray, strata: IntArray) -> IntArray:
    """Divide the strata by d'x: in the limit only patients alike in it share a risk set."""
    pairs = np.column_stack([strata, np.round(matrix @ direction, 6)])
    return np.unique(pairs, axis=0, return_inverse=True)[1].astype(np.int64).ravel()


def _stratum(data: SurvivalData, matrix: FloatArray) -> tuple[csr_array, csr_array, FloatArray]:
    """Constraints on d and on the maxima of one stratum, and its part of the objective."""
    event_times = np.unique(data.time[data.event])
    at_risk = data.time >= event_times[0]
    data, matrix = data.subset(at_risk), matrix[at_risk]
    last = np.searchsorted(event_times, data.time, side="right") - 1
    steps = np.arange(len(event_times) - 1)
    maxima = csr_array(np.eye(len(event_times)))
    own = vstack(
        [
            csr_array(matrix),
            csr_array(-matrix[data.event]),
            csr_array((len(steps), matrix.shape[1])),
        ]
    )
    # d'x_j <= m at j's last risk set; m <= d'x_i at i's event; the maxima fall as risk sets do.
    bounds = vstack([-maxima[last], maxima[last[data.event]], maxima[steps + 1] - maxima[steps]])
    return own, bounds, _total_gain(data, matrix)


def _total_gain(data: SurvivalData, matrix: FloatArray) -> FloatArray:
    """Sum over events i and patients j at risk of x_i - x_j."""
    order = np.argsort(-data.time, kind="stable")
    risk_sums = np.cumsum(matrix[order], axis=0)
    sizes = data.n - np.searchsorted(np.sort(data.time), data.time[data.event], side="left")
    return np.asarray((matrix[data.event] * sizes[:, None] - risk_sums[sizes - 1]).sum(axis=0))
