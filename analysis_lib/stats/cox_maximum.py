"""The maximum of the partial likelihood: where it has none, and its limit there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from analysis_lib.stats.cox_results import INFINITE, NO_MAXIMUM
from analysis_lib.stats.design import Design, Key, aliased_columns
from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray, SurvivalData
from analysis_lib.stats.newton import FARTHEST, inverse
from analysis_lib.stats.of_record import is_small, lifelines_cox
from analysis_lib.stats.partial_likelihood import maximise_efron
from analysis_lib.stats.risk_sets import RiskSets, risk_sets

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
    rows = sets.centred(matrix) / scale
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


@dataclass(frozen=True, eq=False)
class Found:
    """Coefficients, their covariance and the log-likelihood reached."""

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float


@dataclass(frozen=True, eq=False)
class FittedDesign:
    """Maximum over `keys` (columns `matrix`) in the patients of `data`.

    Where the likelihood is monotone, `strata` confine the risk sets to patients alike in the
    infinite directions, which is its exact limit; otherwise there is one stratum. `maximum` is
    None when there is none.
    """

    data: SurvivalData
    keys: tuple[Key, ...]
    matrix: FloatArray
    strata: IntArray
    maximum: Found | None = None
    reasons: dict[Key, str] = field(default_factory=dict)

    @property
    def is_limit(self) -> bool:
        """Whether a coefficient is infinite."""
        return INFINITE in self.reasons.values()

    def finite(self) -> tuple[tuple[Key, ...], Found | None]:
        """The columns that have a finite estimate, and the maximum in them."""
        if self.maximum is None:
            return (), None
        of, kept = self.maximum, np.array([key not in self.reasons for key in self.keys], bool)
        keys = tuple(key for key in self.keys if key not in self.reasons)
        covariance = of.covariance[np.ix_(kept, kept)]
        return keys, Found(of.coefficients[kept], covariance, of.log_likelihood)


def fit_design(
    data: SurvivalData,
    design: Design,
    *,
    strata: IntArray | None = None,
    of_record: bool = False,
) -> FittedDesign:
    """Fit in the patients the design keeps, if need be in the limit of infinite coefficients.

    With `strata` risk sets hold patients of one stratum alone, and a column that is the same
    within each is no part of the fit.
    """
    kept = data.subset(design.kept)
    problem = FittedDesign(kept, design.keys, design.matrix, np.zeros(kept.n, dtype=np.int64))
    if strata is not None:
        problem = _confined(problem, strata[design.kept], {})
    while (found := _maximum(problem, FARTHEST)) is None:
        direction = infinite_direction(kept, problem.matrix, problem.strata)
        if direction is None:
            found = _maximum(problem, np.inf)
            break
        # Takes at least one column out of the problem, so that the loop ends.
        problem = _limit(problem, direction)
    if found is None:
        reasons = problem.reasons | dict.fromkeys(problem.keys, NO_MAXIMUM)
        return replace(problem, reasons=reasons)
    if of_record and problem.keys and is_small(kept):
        record = lifelines_cox(kept, problem.matrix, problem.strata)
        found = found if record is None else Found(*record)
    return replace(problem, maximum=found)


def _maximum(problem: FittedDesign, farthest: float) -> Found | None:
    """The maximum, unless it is not found or, up to `farthest`, may lie at infinity."""
    strata = problem.strata if problem.strata.any() else None
    sets = risk_sets(problem.data.time, problem.data.event, strata=strata)
    found = maximise_efron(sets, sets.centred(problem.matrix), farthest=farthest)
    if not (found.converged if farthest == np.inf else found.is_plain):
        return None
    try:
        covariance = inverse(found.point.information)
    except np.linalg.LinAlgError:
        return None
    return Found(found.coefficients, covariance, found.point.log_likelihood)


def _limit(problem: FittedDesign, direction: FloatArray) -> FittedDesign:
    """The problem that remains when the coefficients have gone to infinity along `direction`."""
    strata = strata_along(direction, problem.matrix, problem.strata)
    infinite = {key: INFINITE for key, d in zip(problem.keys, direction, strict=True) if d}
    return _confined(problem, strata, infinite)


def _confined(problem: FittedDesign, strata: IntArray, reasons: dict[Key, str]) -> FittedDesign:
    """The problem in risk sets within strata, without the columns that do not vary in them."""
    informative = at_risk_in_stratum(problem.data, strata)
    columns = {key: problem.matrix[informative, i] for i, key in enumerate(problem.keys)}
    aliased = aliased_columns(columns, strata[informative])
    kept = [i for i, key in enumerate(problem.keys) if key not in aliased]
    return FittedDesign(
        data=problem.data,
        keys=tuple(problem.keys[i] for i in kept),
        matrix=problem.matrix[:, kept],
        strata=strata,
        reasons=problem.reasons | aliased | reasons,
    )
