"""The partial likelihood of a Cox model: risk sets with Efron's ties, and sums over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray
from analysis_lib.stats.newton import FARTHEST, TOLERANCE, Maximum, Point, maximise


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Who is at risk at each event, for patients sorted by stratum and falling time.

    order : the patients so sorted; a late entrant is named twice. events : rows of events in that
    order. last : last row at risk with each event. reached : of each row, the tied groups of
    events that lie before it. first, begun : rows that stand before the stratum of each event, and
    of each row the tied groups in its stratum and before; None where there is one stratum.
    tie_start, tie : first event of each tied group, and each event's group. fraction : Efron's
    share of the tied events taken out of the risk set; None without ties. sign : None where
    everyone is at risk from the start; else 1, and -1 in a second row that takes a late entrant
    out of the risk sets up to the entry. weight, event_weight : of each row, and the mean of those
    tied with an event; None where all count alike.

    Every sum over the risk sets is a cumulative one: n log n to sort, and then linear.
    """

    order: IntArray
    events: IntArray
    last: IntArray
    reached: IntArray
    tie_start: IntArray
    tie: IntArray
    fraction: FloatArray | None = None
    first: IntArray | None = None
    begun: IntArray | None = None
    sign: FloatArray | None = None
    weight: FloatArray | None = None
    event_weight: FloatArray | None = None

    @property
    def few_times(self) -> bool:
        """Whether events of one time are so many that sums are better taken by times."""
        return 2 * len(self.tie_start) < len(self.events)

    def at_times(self, values: FloatArray) -> FloatArray:
        """Sum of the rows at risk at each tied group of events; values sorted by `order`."""
        last = self.last[self.tie_start]
        if self.few_times and self.first is None:
            starts = np.append(0, last[:-1] + 1)
            between = np.add.reduceat(values[: last[-1] + 1], starts, axis=0)
            return np.asarray(np.cumsum(between, axis=0))
        running = np.cumsum(values, axis=0)
        found = running[last]
        if self.first is not None:
            first = self.first[self.tie_start]
            inside = first > 0
            found[inside] -= running[first[inside] - 1]
        return np.asarray(found)

    def tied(self, values: FloatArray) -> FloatArray:
        """Sum of the rows of the events of each tied group; values sorted by `order`."""
        return np.asarray(np.add.reduceat(values[self.events], self.tie_start, axis=0))

    def sums(self, values: FloatArray) -> FloatArray:
        """Sum of the rows over the risk set of each event; values sorted by `order`."""
        found = self.at_times(values)
        if self.fraction is None:
            return found
        return found[self.tie] - _times(self.fraction, self.tied(values)[self.tie])

    def spread(self, values: FloatArray) -> FloatArray:
        """Sum, for each row, of the values of the events whose risk set it is in."""
        groups = values
        if self.fraction is not None:
            groups = np.add.reduceat(values, self.tie_start, axis=0)
        running = np.zeros((len(groups) + 1, *values.shape[1:]))
        running[:-1] = np.cumsum(groups[::-1], axis=0)[::-1]
        found = running[self.reached]
        if self.begun is not None:
            found -= running[self.begun]
        if self.fraction is not None:
            out = np.add.reduceat(_times(self.fraction, values), self.tie_start, axis=0)[self.tie]
            found[self.events] -= out
        return found

    def tied_means(self, values: FloatArray) -> FloatArray:
        """The mean of the values over the events of the same time, for each event."""
        if self.fraction is None:
            return values
        sizes = np.diff(np.append(self.tie_start, len(self.events)))
        means = _times(1 / sizes, np.add.reduceat(values, self.tie_start, axis=0))
        return np.asarray(means[self.tie])

    def own(self, values: FloatArray) -> FloatArray:
        """Rows in the order of the patients again, those of a late entrant added up."""
        found = np.zeros((int(self.order.max()) + 1, *values.shape[1:]))
        if self.sign is None:
            found[self.order] = values
        else:
            np.add.at(found, self.order, values)
        return found


def _times(factor: FloatArray, values: FloatArray) -> FloatArray:
    return np.asarray(factor * values if values.ndim == 1 else factor[:, None] * values)


def risk_sets(
    time: FloatArray,
    event: BoolArray,
    *,
    entry: FloatArray | None = None,
    strata: IntArray | None = None,
    weights: FloatArray | None = None,
) -> RiskSets:
    """Sort the patients and find the risk set of each event: in its stratum, those with
    entry < its time <= time.
    """
    late = np.empty(0, dtype=np.int64)
    if entry is not None and event.any():
        late = np.flatnonzero(entry >= time[event].min())
        time = np.append(time, entry[late])
        event = np.append(event, np.zeros(len(late), dtype=bool))
    rows = np.append(np.arange(len(time) - len(late)), late)
    if strata is None:
        order = np.argsort(-time, kind="stable")
        place, before = -time[order], np.empty(0, dtype=np.int64)
    else:
        order = np.lexsort((-time, strata[rows]))
        place, before = _places(time[order], strata[rows][order])
    events = np.flatnonzero(event[order])
    last = (np.searchsorted(place, place[events], side="right") - 1).astype(np.int64)
    start, size = np.unique(last, return_index=True, return_counts=True)[1:]
    tie = np.repeat(np.arange(len(start)), size)
    first = None if strata is None else before[events]
    ends = np.bincount(last[start], minlength=len(order))
    weight, mean_weight = None if weights is None else weights[rows[order]], None
    if weight is not None and len(events):
        mean_weight = np.repeat(np.add.reduceat(weight[events], start) / size, size)
    return RiskSets(
        order=rows[order],
        events=events,
        last=last,
        reached=np.cumsum(ends) - ends,
        tie_start=start,
        tie=tie,
        fraction=None if (size == 1).all() else (np.arange(len(events)) - start[tie]) / size[tie],
        first=first,
        begun=None if first is None else np.cumsum(np.bincount(first[start], minlength=len(order))),
        sign=np.where(order < len(time) - len(late), 1.0, -1.0) if len(late) else None,
        weight=weight,
        event_weight=mean_weight,
    )


def _places(time: FloatArray, strata: IntArray) -> tuple[FloatArray, IntArray]:
    """Ranks of the distinct pairs of stratum and time, and the rows before each row's stratum."""
    fresh = np.ones(len(time), dtype=bool)
    fresh[1:] = strata[1:] != strata[:-1]
    starts = np.flatnonzero(fresh)
    before = starts[np.cumsum(fresh) - 1]
    fresh[1:] |= time[1:] != time[:-1]
    return np.cumsum(fresh).astype(float), before


@dataclass(frozen=True, eq=False)
class Moments:
    """Linear predictor and hazard of each row; total hazard and mean covariates of each risk set.

    The hazard is relative, times the weight, below 0 in the second row of a late entrant.
    """

    linear: FloatArray
    hazard: FloatArray
    total: FloatArray
    means: FloatArray


def _hazard(sets: RiskSets, linear: FloatArray) -> FloatArray:
    hazard = np.exp(linear)
    for factor in (sets.sign, sets.weight):
        hazard = hazard if factor is None else factor * hazard
    return hazard


def moments(sets: RiskSets, matrix: FloatArray, coefficients: FloatArray) -> Moments:
    """What the likelihood at the coefficients is made of; `matrix` sorted by `order`."""
    linear = matrix @ coefficients
    hazard = _hazard(sets, linear)
    total = sets.sums(hazard)
    return Moments(linear, hazard, total, sets.sums(matrix * hazard[:, None]) / total[:, None])


def spread_of_risk_sets(
    sets: RiskSets, matrix: FloatArray, at: Moments, factor: FloatArray | None = None
) -> FloatArray:
    """Sum over the events of the variance of the covariates at risk, each times its factor."""
    shares = 1 / at.total if factor is None else factor / at.total
    means = at.means if factor is None else at.means * factor[:, None]
    return (matrix.T * (at.hazard * sets.spread(shares))) @ matrix - means.T @ at.means


def efron_step(sets: RiskSets, matrix: FloatArray, coefficients: FloatArray) -> Point:
    """Score, information and log-likelihood at the coefficients; `matrix` sorted by `order`.

    Efron's risk sets of one time differ by a fraction of its tied events alone. So sums of
    covariates are of times where these are few, and only those of hazards of events.
    """
    if not sets.few_times:
        return likelihood_of(sets, matrix, moments(sets, matrix, coefficients))
    linear, events, start = matrix @ coefficients, sets.events, sets.tie_start
    hazard = _hazard(sets, linear)
    carried = matrix * hazard[:, None]
    at_risk, tied = sets.at_times(carried), sets.tied(carried)
    total = sets.sums(hazard)
    own = 1.0 if sets.weight is None else sets.weight[events]
    weight = np.ones(len(events)) if sets.event_weight is None else sets.event_weight
    shares = weight / total

    def added(values: FloatArray, power: int) -> FloatArray:
        assert sets.fraction is not None
        return np.asarray(np.add.reduceat(values * sets.fraction**power, start))

    squared = shares / total
    mixed = (at_risk.T * added(squared, 1)) @ tied
    information = (matrix.T * (hazard * sets.spread(shares))) @ matrix
    information -= (at_risk.T * added(squared, 0)) @ at_risk - mixed - mixed.T
    information -= (tied.T * added(squared, 2)) @ tied
    score = (own * matrix[events].T).sum(axis=1)
    score -= added(shares, 0) @ at_risk - added(shares, 1) @ tied
    likelihood = (own * linear[events]).sum() - (weight * np.log(total)).sum()
    return Point(score, information, float(likelihood))


def likelihood_of(sets: RiskSets, matrix: FloatArray, at: Moments) -> Point:
    """The same where the moments are known.

    Events that are tied share their mean weight among Efron's risk sets.
    """
    events, weight = sets.events, sets.event_weight
    information = spread_of_risk_sets(sets, matrix, at, weight)
    if weight is None or sets.weight is None:
        score = matrix[events].sum(axis=0) - at.means.sum(axis=0)
        return Point(score, information, float(at.linear[events].sum() - np.log(at.total).sum()))
    own = sets.weight[events]
    score = own @ matrix[events] - weight @ at.means
    return Point(score, information, float(own @ at.linear[events] - weight @ np.log(at.total)))


def score_residuals(sets: RiskSets, matrix: FloatArray, coefficients: FloatArray) -> FloatArray:
    """One row per patient, one column per coefficient; at the maximum the columns sum to zero.

    A patient's own event adds the distance from the mean of those at risk; every event while at
    risk takes away that distance times the hazard it carries. Among d tied events Efron's k-th
    risk set (k = 0..d-1) holds the tied patients with weight 1 - k/d. Residuals of weighted
    patients are those of all the weight of each.

    R: ``residuals(coxph(..., ties = "efron"), type = "score", weighted = TRUE)``. Therneau &
    Grambsch (2000), Modeling Survival Data, section 7.1.
    """
    at = moments(sets, matrix, coefficients)
    carried = (1.0 if sets.event_weight is None else sets.event_weight) / at.total
    expected = matrix * sets.spread(carried)[:, None]
    expected -= sets.spread(at.means * carried[:, None])
    residuals = -at.hazard[:, None] * expected
    distance = matrix[sets.events] - sets.tied_means(at.means)
    residuals[sets.events] += (
        distance if sets.weight is None else distance * sets.weight[sets.events][:, None]
    )
    return sets.own(residuals)


@dataclass(frozen=True, eq=False)
class EfronFit:
    """Coefficients, their information matrix, and the log-likelihood of the last step."""

    coefficients: FloatArray
    information: FloatArray
    log_likelihood: float


def maximise_efron(
    sets: RiskSets,
    matrix: FloatArray,
    *,
    penalty: FloatArray | None = None,
    start: FloatArray | None = None,
    farthest: float = FARTHEST,
) -> Maximum:
    """Maximum of the log-likelihood less half the sum of the penalties times b squared.

    `matrix` is sorted by `order`; the point of the result is that of the penalised likelihood.
    """

    def evaluate(at: FloatArray) -> Point:
        point = efron_step(sets, matrix, at)
        if penalty is None:
            return point
        return Point(
            point.score - penalty * at,
            point.information + np.diag(penalty),
            point.log_likelihood - float(penalty @ at**2) / 2,
        )

    if sets.few_times:
        matrix = np.asfortranarray(matrix)  # every sum is along a column
    start = np.zeros(matrix.shape[1]) if start is None else start
    return maximise(evaluate, start, ranges=np.ptp(matrix, axis=0), farthest=farthest)


def fit_efron(
    time: FloatArray,
    event: BoolArray,
    matrix: FloatArray,
    *,
    entry: FloatArray | None = None,
    start: FloatArray | None = None,
    tolerance: float = TOLERANCE,
) -> EfronFit:
    """Maximum of the likelihood of plain arrays, without a look at what it cannot estimate.

    R: ``survival::coxph(Surv(time, event) ~ matrix, ties = "efron")``, with `entry`
    ``Surv(entry, time, event)``. A coefficient without a maximum is not found out: check it with
    `fit_cox`.

    Raises
    ------
    numpy.linalg.LinAlgError
        The information is singular: a column is constant or a sum of others.
    """
    sets = risk_sets(time, event, entry=entry)
    rows = matrix[sets.order]
    found = maximise(
        lambda at: efron_step(sets, rows, at),
        np.zeros(matrix.shape[1]) if start is None else start,
        farthest=np.inf,
        tolerance=tolerance,
    )
    if found.singular:
        raise np.linalg.LinAlgError("a column is constant or a sum of others")
    return EfronFit(found.coefficients, found.point.information, found.point.log_likelihood)
