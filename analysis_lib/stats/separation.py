"""Where a partial likelihood has no maximum: along which covariates it rises for ever."""

from __future__ import annotations

import numpy as np

from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray, SurvivalData
from analysis_lib.stats.partial_likelihood import RiskSets, risk_sets

_TOLERANCE = 1e-6
_VIOLATED = 1e-6  # above what the programme itself lets pass
_MOST_ROUNDS, _CUTS = 500, 200


def infinite_direction(
    data: SurvivalData, matrix: FloatArray, strata: IntArray
) -> FloatArray | None:
    """Direction d along which the partial likelihood rises for ever, or None.

    It rises if at every event time each patient with the event has the largest d'x among all
    patients at risk in the stratum, and somewhere strictly so (Bryson & Johnson 1981). A linear
    programme looks for such a d: maximise the sum over events and risk sets of d'(x_i - x_j),
    subject to d'(x_i - x_j) >= 0. Of these pairs, as many as events times patients, it is given
    those that the d found so far violates most, until none is left or nothing rises any more.
    """
    from scipy.optimize import linprog

    scale = np.ptp(matrix, axis=0)
    sets = risk_sets(data.time, data.event, strata=strata)
    rows = ((matrix - matrix.mean(axis=0)) / scale)[sets.order]
    gain = _total_gain(sets, rows)
    gain = gain / max(float(np.abs(gain).max()), 1.0)
    direction, cuts = np.sign(gain), np.empty((0, len(gain)))
    for _ in range(_MOST_ROUNDS):
        fresh = _violated(sets, rows, direction)
        if not len(fresh):
            found = np.where(np.abs(direction) > _TOLERANCE, direction, 0.0) / scale
            return found if gain @ direction >= _TOLERANCE else None
        cuts = np.vstack([cuts, fresh])
        solution = linprog(-gain, A_ub=-cuts, b_ub=np.zeros(len(cuts)), bounds=(-1.0, 1.0))
        if solution.status != 0 or -solution.fun < _TOLERANCE:
            return None
        direction = solution.x
    return None


def _total_gain(sets: RiskSets, rows: FloatArray) -> FloatArray:
    """Sum over events i and patients j at risk of x_i - x_j."""
    running = np.vstack([np.zeros(rows.shape[1]), np.cumsum(rows, axis=0)])
    before = np.zeros(len(sets.last), dtype=np.int64) if sets.first is None else sets.first
    sizes = (sets.last + 1 - before)[:, None]
    return (sizes * rows[sets.events] - running[sets.last + 1] + running[before]).sum(axis=0)


def _violated(sets: RiskSets, rows: FloatArray, direction: FloatArray) -> FloatArray:
    """x_i - x_j of the events and patients at risk with the largest d'(x_j - x_i) above 0."""
    height = rows @ direction
    highest = _highest_so_far(sets, height)[sets.last]
    excess = height[highest] - height[sets.events]
    worst = np.flatnonzero(excess > _VIOLATED)
    if len(worst) > _CUTS:
        worst = worst[np.argpartition(-excess[worst], _CUTS)[:_CUTS]]
    pairs = rows[sets.events[worst]] - rows[highest[worst]]
    return np.unique(pairs / np.abs(pairs).max(axis=1, keepdims=True), axis=0)


def _highest_so_far(sets: RiskSets, height: FloatArray) -> IntArray:
    """The row with the largest value among those of the stratum up to each row."""
    lifted = height
    if sets.first is not None:
        stratum = np.zeros(len(height))
        stratum[np.unique(sets.first)] = 1
        # Each stratum stands above all those before it, so that none reaches into the next.
        lifted = height + np.cumsum(stratum) * (np.ptp(height) + 1)
    new = np.maximum.accumulate(lifted) == lifted
    return np.maximum.accumulate(np.where(new, np.arange(len(height)), 0))


def strata_along(direction: FloatArray, matrix: FloatArray, strata: IntArray) -> IntArray:
    """Divide the strata by d'x: in the limit only patients alike in it share a risk set."""
    pairs = np.column_stack([strata, np.round(matrix @ direction, 6)])
    return np.unique(pairs, axis=0, return_inverse=True)[1].astype(np.int64).ravel()


def at_risk_in_stratum(data: SurvivalData, strata: IntArray) -> BoolArray:
    """Patients still at risk at the first event of their stratum."""
    first = np.full(int(strata.max()) + 1, np.inf)
    np.minimum.at(first, strata[data.event], data.time[data.event])
    return np.asarray(data.time >= first[strata])
