"""Gray's test of equal cumulative incidence."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from math import nan

import numpy as np
from scipy.special import chdtrc

from analysis_lib.stats.cumulative_incidence import CompetingData, check_competing
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    Grouping,
    check_groups,
    check_same_rows,
)

_METHOD = "Gray's test"


@dataclass(frozen=True)
class GrayTest:
    """Events and competing events per group, and the chi-square of their difference."""

    statistic: float
    degrees_of_freedom: int
    p_value: float
    groups: tuple[Hashable, ...]
    n: tuple[int, ...]
    events: tuple[int, ...]
    competing: tuple[int, ...]
    method: str = _METHOD


@dataclass(frozen=True, eq=False)
class _Groups:
    """One row per group, one column per failure time, at that time (`after`) or just before."""

    at_risk: FloatArray
    events: FloatArray
    competing: FloatArray
    survival: FloatArray
    survival_after: FloatArray
    incidence: FloatArray


def gray_test(
    time: ArrayLike, event: ArrayLike, competing: ArrayLike, group: ArrayLike
) -> GrayTest:
    """Hypothesis: the subdistribution hazard of the event is the same in every group.

    Parameters
    ----------
    time, event, competing : as in `cumulative_incidence`
    group : two or more groups; with one, without any event, or where a group leaves before the
        first event, the test is nan

    Notes
    -----
    R: ``cmprsk::cuminc(time, cause, group)$Tests``, rho = 0. Gray (1988), Ann Stat 16:1141.
    """
    data = check_competing(time, event, competing)
    check_same_rows(time, group, names=("time", "group"))
    grouping = check_groups(group)
    size = len(grouping.labels)
    statistic, p_value = nan, nan
    if size > 1 and data.n_events:
        score, variance = _score(_count(data, grouping))
        if np.linalg.matrix_rank(variance) == size - 1:
            statistic = float(score @ np.linalg.solve(variance, score))
            p_value = float(chdtrc(size - 1, statistic))
    codes = grouping.codes
    return GrayTest(
        statistic=statistic,
        degrees_of_freedom=size - 1,
        p_value=p_value,
        groups=grouping.labels,
        n=tuple(np.bincount(codes, minlength=size).tolist()),
        events=tuple(np.bincount(codes[data.event], minlength=size).tolist()),
        competing=tuple(np.bincount(codes[data.competing], minlength=size).tolist()),
    )


def _count(data: CompetingData, grouping: Grouping) -> _Groups:
    """Risk sets, failures, survival and incidence of every group at every failure time."""
    order = np.argsort(data.time)
    codes, event, competing = (x[order] for x in (grouping.codes, data.event, data.competing))
    start = np.flatnonzero(np.diff(data.time[order], prepend=-1.0))
    failing = np.logical_or.reduceat(event | competing, start)
    rows: list[list[FloatArray]] = []
    for code in range(len(grouping.labels)):
        own = codes == code
        left = np.append(0, np.cumsum(own))[start[failing]]
        at_risk = own.sum() - left
        events, others = (
            np.add.reduceat(own & kind, start, dtype=np.int64)[failing]
            for kind in (event, competing)
        )
        base = np.maximum(at_risk, 1)
        after = np.cumprod(1 - (events + others) / base)
        before = np.append(1.0, after[:-1])
        incidence = np.append(0.0, np.cumsum(before * events / base)[:-1])
        rows.append([at_risk, events, others, before, after, incidence])
    return _Groups(*(np.array(x, dtype=float) for x in zip(*rows, strict=True)))


def _score(groups: _Groups) -> tuple[FloatArray, FloatArray]:
    """The score of all groups but the last, and its variance.

    A group's score adds the events beyond its share of them, where its risk set is the one that a
    subdistribution hazard has: those at risk, and those whom a competing event has removed.
    """
    present = groups.at_risk > 0
    weight = np.zeros_like(groups.at_risk)
    np.divide(groups.at_risk, groups.survival, out=weight, where=present)
    risk = weight * (1 - groups.incidence)
    events = groups.events.sum(axis=0)
    share = np.zeros_like(risk)
    np.divide(risk, risk.sum(axis=0), out=share, where=present)
    score = groups.events.sum(axis=1) - share @ events
    return score[:-1], _variance(groups, weight, events, present)


def _variance(
    groups: _Groups, weight: FloatArray, events: FloatArray, present: BoolArray
) -> FloatArray:
    """Sum over groups and times of the squared influence of one more failure on every score.

    An event moves the score at its own time (`now`), and by what it does to its group's survival
    and incidence the score at every later time (`later`); a competing event does only the second.
    """
    total = np.maximum(weight.sum(axis=0), 1e-300)
    pooled = np.cumsum(events / total)
    pooled_before = np.append(0.0, pooled[:-1])
    hazard = np.zeros_like(total)
    np.divide(events, total * (1 - pooled_before), out=hazard, where=pooled_before != 1)
    share = weight / total
    found = np.zeros((len(weight) - 1, len(weight) - 1))
    for code, own in enumerate(weight):
        after = groups.survival_after[code]
        ratio = np.zeros_like(own)
        np.divide(1 - pooled, after, out=ratio, where=after > 0)
        # What a failure of this group does to the score of every group but the last.
        now = -own * share[:-1]
        if code < len(now):
            now[code] += own
        gained = now * hazard
        later = gained.sum(axis=1)[:, None] - np.cumsum(gained, axis=1)
        displaced = ratio * later
        now += later - displaced
        found += (now * _event_variance(groups, code, total, events, present[code])) @ now.T
        found += (displaced * _competing_variance(groups, code)) @ displaced.T
    return found


def _event_variance(
    groups: _Groups, code: int, total: FloatArray, events: FloatArray, present: BoolArray
) -> FloatArray:
    """Variance of a group's event hazard under the hypothesis: the pooled events, tie-corrected."""
    survival, at_risk = groups.survival[code], groups.at_risk[code]
    pool = np.maximum(total * survival - 1, 1e-300)
    correction = 1 - np.maximum(events - 1, 0) / pool
    size = np.where(present, total * at_risk, 1.0)
    return np.where(present, correction * survival * events / size, 0.0)


def _competing_variance(groups: _Groups, code: int) -> FloatArray:
    """Variance of a group's own competing hazard, tie-corrected."""
    counts, at_risk = groups.competing[code], groups.at_risk[code]
    correction = 1 - np.maximum(counts - 1, 0) / np.maximum(at_risk - 1, 1)
    return correction * groups.survival[code] ** 2 * counts / np.maximum(at_risk, 1) ** 2
