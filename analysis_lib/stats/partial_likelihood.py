"""The Cox partial likelihood with Efron's ties, its maximum, and where it has none."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError, ConvergenceWarning
from scipy.linalg import LinAlgWarning
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, hstack, vstack

from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray, SurvivalData

LARGEST_STEP = 2.0


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Who is at risk at each event, for patients sorted by falling time.

    order : patients by falling time. events : rows of events in that order. last : last row at
    risk with each event. tie_start, tie : first event of each tied group, and each event's group.
    fraction : Efron's share of the tied events taken out of the risk set. sign : None where
    everyone is at risk from the start; else 1, and -1 in a second row that takes a late entrant
    out of the risk sets up to the entry.
    """

    order: IntArray
    events: IntArray
    last: IntArray
    tie_start: IntArray
    tie: IntArray
    fraction: FloatArray
    sign: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class EfronFit:
    """Coefficients, their information matrix, and the log-likelihood of the last step."""

    coefficients: FloatArray
    information: FloatArray
    log_likelihood: float


def risk_sets(time: FloatArray, event: BoolArray, *, entry: FloatArray | None = None) -> RiskSets:
    """Sort the patients and find the risk set of each event: those with entry < its time <= time.

    `order` names a late entrant twice.
    """
    rows, sign = np.arange(len(time)), None
    if entry is not None and event.any():
        late = np.flatnonzero(entry >= time[event].min())
        rows, time = np.append(rows, late), np.append(time, entry[late])
        event = np.append(event, np.zeros(len(late), dtype=bool))
        sign = np.append(np.ones(len(rows) - len(late)), -np.ones(len(late)))
    order = np.argsort(-time, kind="stable")
    falling = -time[order]
    events = np.flatnonzero(event[order])
    last = (np.searchsorted(falling, falling[events], side="right") - 1).astype(np.int64)
    new = np.ones(len(events), dtype=bool)
    new[1:] = last[1:] != last[:-1]
    start = np.flatnonzero(new)
    tie = np.cumsum(new) - 1
    size = np.diff(np.append(start, len(events)))
    fraction = (np.arange(len(events)) - start[tie]) / size[tie]
    in_order = None if sign is None else sign[order]
    return RiskSets(rows[order], events, last, start, tie, fraction, in_order)


def efron_step(
    sets: RiskSets, matrix: FloatArray, coefficients: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    """Score, information and log-likelihood at the coefficients; `matrix` sorted by `order`."""
    events, last, tie = sets.events, sets.last, sets.tie
    linear = matrix @ coefficients
    risk = np.exp(linear) if sets.sign is None else sets.sign * np.exp(linear)
    weighted = matrix * risk[:, None]
    tied_risk = np.add.reduceat(risk[events], sets.tie_start)[tie]
    tied_weighted = np.add.reduceat(weighted[events], sets.tie_start, axis=0)[tie]
    denominator = np.cumsum(risk)[last] - sets.fraction * tied_risk
    sums = np.cumsum(weighted, axis=0)[last] - sets.fraction[:, None] * tied_weighted
    means = sums / denominator[:, None]
    shares = np.bincount(last, 1 / denominator, minlength=len(risk))
    weights = risk * np.cumsum(shares[::-1])[::-1]
    out = np.add.reduceat(sets.fraction / denominator, sets.tie_start)[tie]
    weights[events] -= risk[events] * out
    score = matrix[events].sum(axis=0) - means.sum(axis=0)
    information = (matrix.T * weights) @ matrix - means.T @ means
    return score, information, float(linear[events].sum() - np.log(denominator).sum())


def fit_efron(
    time: FloatArray,
    event: BoolArray,
    matrix: FloatArray,
    *,
    entry: FloatArray | None = None,
    start: FloatArray | None = None,
    tolerance: float = 1e-9,
    most_steps: int = 30,
) -> EfronFit:
    """Newton-Raphson from `start` until no coefficient moves by more than the tolerance.

    R: ``survival::coxph(Surv(time, event) ~ matrix, ties = "efron")``, with `entry`
    ``Surv(entry, time, event)``. Steps are shortened to 2 per coefficient. A coefficient without
    a maximum is not found out: check it with `fit_cox`.

    Raises
    ------
    numpy.linalg.LinAlgError
        The information is singular: a column is constant or a sum of others.
    """
    sets = risk_sets(time, event, entry=entry)
    matrix = matrix[sets.order]
    coefficients = np.zeros(matrix.shape[1]) if start is None else start
    for _ in range(most_steps):
        score, information, log_likelihood = efron_step(sets, matrix, coefficients)
        step = np.linalg.solve(information, score)
        largest = float(np.abs(step).max())
        coefficients = coefficients + step * min(1.0, LARGEST_STEP / max(largest, 1e-300))
        if largest < tolerance:
            break
    return EfronFit(coefficients, information, log_likelihood)


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


# lifelines stops at 1e-7 by default, which leaves coefficients 4e-6 away from R's.
_PRECISION = {"precision": 1e-20, "r_precision": 1e-16, "max_steps": 200}
_LARGE_LOG_HAZARD = 8.0
# Tests, diagnostics and variants of a model begin with the same maximum; a report has some hundred.
_MOST_KEPT = 256
_SMALL = 1_000_000  # bytes of a problem that is worth keeping


@dataclass(frozen=True, eq=False)
class Maximum:
    """Coefficients, their covariance and the log-likelihood reached."""

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float

    def is_suspicious(self, matrix: FloatArray) -> bool:
        """Whether a coefficient is so large that the true maximum may lie at infinity."""
        sizes = np.abs(self.coefficients) * np.ptp(matrix, axis=0)
        return not np.isfinite(sizes).all() or bool((sizes > _LARGE_LOG_HAZARD).any())


_KEPT: OrderedDict[tuple[object, ...], Maximum | None] = OrderedDict()


class _Fitter(CoxPHFitter):
    """lifelines' model without the medians that it keeps for its own plots, which cost most."""

    def _compute_central_values_of_raw_training_data(
        self, df: pd.DataFrame, strata: object = None, name: str = "baseline"
    ) -> pd.DataFrame:
        return pd.DataFrame(index=[name])


def maximise(
    data: SurvivalData, matrix: FloatArray, strata: IntArray, *, step_size: float
) -> Maximum | None:
    """Newton-Raphson maximum of the partial likelihood by lifelines; None if it is not found.

    Not found means that lifelines fails, warns that it failed, or meets a singular information
    matrix on its way.
    """
    if matrix.shape[1] == 0:
        return Maximum(np.empty(0), np.empty((0, 0)), null_log_likelihood(data, strata))
    arrays = (data.time, data.event, matrix, strata)
    if sum(x.nbytes for x in arrays) > _SMALL:
        return _maximise(data, matrix, strata, step_size)
    problem = (step_size, matrix.shape, *(x.tobytes() for x in arrays))
    if problem not in _KEPT:
        _KEPT[problem] = _maximise(data, matrix, strata, step_size)
        if len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    return _KEPT[problem]


def _maximise(
    data: SurvivalData, matrix: FloatArray, strata: IntArray, step_size: float
) -> Maximum | None:
    frame = pd.DataFrame(matrix, columns=[f"x{i}" for i in range(matrix.shape[1])])
    frame["time"], frame["event"] = data.time, data.event
    stratified = bool((strata != strata[0]).any())
    if stratified:
        frame["stratum"] = strata
    fitter = _Fitter(strata="stratum" if stratified else None)
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
        warnings.simplefilter("always", ConvergenceWarning)
        warnings.simplefilter("error", LinAlgWarning)
        try:
            fitter.fit(frame, "time", "event", fit_options=_PRECISION | {"step_size": step_size})
        except (ConvergenceError, LinAlgWarning, np.linalg.LinAlgError):
            return None
    if any("failed to converge" in str(warning.message) for warning in caught):
        return None
    return Maximum(
        coefficients=fitter.params_.to_numpy(dtype=float),
        covariance=fitter.variance_matrix_.to_numpy(dtype=float),
        log_likelihood=float(fitter.log_likelihood_),
    )


def null_log_likelihood(data: SurvivalData, strata: IntArray) -> float:
    """Log partial likelihood when every patient has the same hazard (Efron)."""
    total = 0.0
    for label in np.unique(strata[data.event]):
        part = data.subset(strata == label)
        event_times, deaths = np.unique(part.time[part.event], return_counts=True)
        at_risk = part.n - np.searchsorted(np.sort(part.time), event_times, side="left")
        order = np.arange(part.n_events) - np.repeat(np.cumsum(deaths) - deaths, deaths)
        total -= float(np.log(np.repeat(at_risk, deaths) - order).sum())
    return total
