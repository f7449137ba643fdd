"""A treatment that begins within a grace period against none: clone, censor, weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray
from analysis_lib.stats.many_curves import EventGrid, many_hazards
from analysis_lib.stats.propensity import fit_many_propensities

AT_ONCE = 100  # resamples that are held in memory together
_LEAST = 1e-12
_SURELY_BEGUN = 30.0  # a cumulative hazard beyond which nobody would be left to stand for others


@dataclass(frozen=True, eq=False)
class Cloned:
    """Patients from a common time zero, each a candidate for both strategies.

    time, cause : of the endpoint; 0 is censored. may_begin : until when the treatment could begin,
    at most `time`. begin : when it did, infinite in who never had it. grace : by when it has to.
    columns : (columns, patients) of the models of who begins.
    """

    time: FloatArray
    cause: IntArray
    may_begin: FloatArray
    begin: FloatArray
    grace: float
    columns: FloatArray

    @cached_property
    def grid(self) -> EventGrid:
        return EventGrid(self.time, self.cause > 0)

    @cached_property
    def eligible(self) -> BoolArray:
        """Who could still begin when the grace period ends."""
        return self.may_begin > self.grace

    @cached_property
    def in_time(self) -> BoolArray:
        return self.begin <= self.grace


@dataclass(frozen=True, eq=False)
class ClonedCurves:
    """Of no treatment, then of treatment: survival, (resamples, 2, times), and the incidence of
    each cause, (resamples, 2, times, causes).
    """

    survival: FloatArray
    incidence: FloatArray


def cloned_curves(of: Cloned, counts: IntArray) -> ClonedCurves:
    """Survival had nobody been treated, and had everyone within the grace period while possible.

    Each patient is in both strategies until it can be told which was followed: without treatment
    up to its begin; with treatment for good, unless it has not begun at the end of the grace
    period though it still could. Those who are left stand for those who were censored: without
    treatment by the inverse of the probability not to have begun yet, a Cox model of the time to
    it; with treatment, from the end of the grace period on, by that to have begun by then, a
    logistic regression among those who could. Nobody is credited with the time of waiting.

    Raises StatisticsError where nobody has an event, so that no curve has a step.

    Cain et al. (2010), Int J Biostat 6:18; Hernan (2018), BMJ 360:k182; Maringe et al. (2020), Int
    J Epidemiol 49:1719. R: ``coxph``, ``glm``, ``survfit(Surv(start, stop, event), weights = )``.
    """
    if not of.cause.any():
        raise StatisticsError("curves of strategies need an event, but nobody has one")
    parts = [_curves(of, counts[i : i + AT_ONCE]) for i in range(0, len(counts), AT_ONCE)]
    return ClonedCurves(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("survival", "incidence")
        )
    )


def followed_events(of: Cloned) -> IntArray:
    """Events of each cause under no treatment, then under treatment, before it was left:
    (2, causes). Who could still follow both counts in each.
    """
    causes = np.arange(1, int(of.cause.max()) + 1)[:, None]
    ended = [of.cause[who] == causes for who in (of.time <= of.begin, _follows_to_end(of))]
    return np.array([one.sum(axis=1) for one in ended])


def largest_weights(of: Cloned) -> tuple[float, float]:
    """How far the largest weight of each strategy is above the mean of those at risk beside it."""
    everyone = np.ones((1, len(of.time)))
    treated = np.where(of.grid.times > of.grace, _chance_weights(of, everyone)[0][:, None], 1.0)
    untreated = _waiting_weights(of, everyone.astype(np.int64))(of.grid.times)[0]
    return _largest(untreated * _untreated(of)), _largest(treated * _treated(of))


def _largest(weights: FloatArray) -> float:
    held = weights[:, (weights > 0).any(axis=0)]
    return float((held.max(axis=0) * (held > 0).sum(axis=0) / held.sum(axis=0)).max())


def _curves(of: Cloned, counts: IntArray) -> ClonedCurves:
    arms = [_without(of, counts), _with(of, counts.astype(float))]
    found = [_aalen_johansen(*arm) for arm in arms]
    survival, incidence = zip(*found, strict=True)
    return ClonedCurves(np.stack(survival, axis=1), np.stack(incidence, axis=1))


def _untreated(of: Cloned) -> FloatArray:
    """1 where a patient is at risk without treatment: (patients, times)."""
    return (np.minimum(of.time, of.begin)[:, None] >= of.grid.times).astype(float)


def _treated(of: Cloned) -> FloatArray:
    """1 where a patient is at risk and follows the strategy to begin: (patients, times)."""
    late = of.grid.times > of.grace
    follows = ~late | (of.in_time | ~of.eligible)[:, None]
    return ((of.time[:, None] >= of.grid.times) & follows).astype(float)


def _follows_to_end(of: Cloned) -> BoolArray:
    """Who follows the strategy to begin when the own follow-up ends."""
    return (of.time <= of.grace) | of.in_time | ~of.eligible


def _ends(of: Cloned, values: FloatArray) -> FloatArray:
    """The sum over who has an event of each cause at each time: (causes, resamples, times)."""
    causes = range(1, int(of.cause.max()) + 1)
    return np.array([of.grid.died(values * (of.cause == cause)) for cause in causes])


def _without(of: Cloned, counts: IntArray) -> tuple[FloatArray, FloatArray]:
    """At risk and events, weighted: (resamples, times), (causes, resamples, times)."""
    weigh, times, begun = _waiting_weights(of, counts), of.grid.times, np.isfinite(of.begin)
    # Once the last of all has begun, weights stay as they are.
    late = times > of.begin.max(where=begun, initial=-np.inf)
    weights = weigh(times[~late]) * _untreated(of)[:, ~late]
    early = (counts[:, None, :].astype(float) @ weights)[:, 0]
    weights = counts * weigh(of.time[:, None])[:, :, 0]
    at_risk = np.column_stack([early, of.grid.at_risk(weights * ~begun)[:, late]])
    return at_risk, _ends(of, weights * (of.time <= of.begin))


def _waiting_weights(of: Cloned, counts: IntArray) -> Callable[[FloatArray], FloatArray]:
    """The inverse probability not to have begun before some times, or a patient's own, (patients,
    1): (resamples, patients, times).
    """
    begun = np.isfinite(of.begin)
    begins = np.unique(of.begin[begun])
    until = np.where(begun, of.begin, of.may_begin)
    if not len(begins):
        return lambda times: np.ones((len(counts), len(of.time), times.shape[-1]))
    fitted = many_hazards(until, begun, of.columns, counts, begins)
    relative = np.exp(fitted.coefficients @ of.columns)
    hazard = np.concatenate([np.zeros((len(counts), 1)), fitted.hazard], axis=1)
    # Begins before each time, as long as the patient could.
    could = np.nextafter(of.may_begin, np.inf)[:, None]

    def weigh(times: FloatArray) -> FloatArray:
        passed = np.searchsorted(begins, np.minimum(times, could), side="left")
        weights = hazard[:, passed]
        weights *= relative[:, :, None]
        return np.asarray(np.exp(np.minimum(weights, _SURELY_BEGUN, out=weights), out=weights))

    return weigh


def _with(of: Cloned, counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same of those who begin within the grace period, everyone up to its end."""
    late = of.grid.times > of.grace
    follows = counts * _chance_weights(of, counts) * (of.in_time | ~of.eligible)
    at_risk = np.where(late, of.grid.at_risk(follows), of.grid.at_risk(counts))
    return at_risk, np.where(late, _ends(of, follows), _ends(of, counts))


def _chance_weights(of: Cloned, counts: FloatArray) -> FloatArray:
    """The inverse probability to have begun by the end of the grace period, of those who could."""
    matrix = np.column_stack([np.ones(len(of.time)), of.columns.T])
    chance = fit_many_propensities(
        matrix, of.in_time.astype(np.int64), 2, counts * of.eligible.astype(float)
    )[:, :, 1]
    return np.where(of.eligible & of.in_time, 1 / np.maximum(chance, _LEAST), 1.0)


def _aalen_johansen(at_risk: FloatArray, ends: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Survival and the incidence of each cause."""
    shape = np.broadcast_to(at_risk, ends.shape)
    hazards = np.divide(ends, at_risk, out=np.zeros(ends.shape), where=shape > 0)
    lost = hazards.sum(axis=0)
    kept = np.where(lost > 1 - _LEAST, 0.0, 1 - lost)
    survival: FloatArray = np.cumprod(kept, axis=1).astype(np.float64)
    before = np.concatenate([np.ones((len(survival), 1)), survival[:, :-1]], axis=1)
    incidence: FloatArray = np.cumsum(before * hazards, axis=2).astype(np.float64)
    return survival, np.moveaxis(incidence, 0, -1)
