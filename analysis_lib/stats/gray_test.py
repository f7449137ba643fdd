"""Gray's test of equal cumulative incidence."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from math import nan

import numpy as np
from scipy.special import chdtrc

from analysis_lib.stats.cumulative_incidence import CompetingData, check_competing
from analysis_lib.stats.inputs import ArrayLike, FloatArray, Grouping, check_groups, check_same_rows

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
    """One row per failure time, one column per group, at that time (`after`) or just before."""

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
    failed = data.event | data.competing
    times = np.unique(data.time[failed])
    columns: list[FloatArray] = []
    for code in range(len(grouping.labels)):
        own = grouping.codes == code
        at_risk = own.sum() - np.searchsorted(np.sort(data.time[own]), times, side="left")
        at = np.searchsorted(times, data.time)
        events = np.bincount(at[own & data.event], minlength=len(times))
        others = np.bincount(at[own & data.competing], minlength=len(times))
        base = np.maximum(at_risk, 1)
        after = np.cumprod(1 - (events + others) / base)
        before = np.concatenate([[1.0], after[:-1]])
        incidence = np.concatenate([[0.0], np.cumsum(before * events / base)[:-1]])
        columns.append(np.array([at_risk, events, others, before, after, incidence]))
    return _Groups(*np.stack(columns, axis=2).astype(float))


def _score(groups: _Groups) -> tuple[FloatArray, FloatArray]:
    """The score of all groups but the last, and its variance.

    A group's score adds the events beyond its share of them, where its risk set is the one that a
    subdistribution hazard has: those at risk, and those whom a competing event has removed.
    """
    present = groups.at_risk > 0
    weight = np.zeros_like(groups.at_risk)
    np.divide(groups.at_risk, groups.survival, out=weight, where=present)
    risk = weight * (1 - groups.incidence)
    events = groups.events.sum(axis=1)
    share = np.zeros_like(risk)
    np.divide(risk, risk.sum(axis=1)[:, None], out=share, where=present)
    score = (groups.events - events[:, None] * share).sum(axis=0)
    variance = _variance(groups, weight, events, present)
    return score[:-1], variance[:-1, :-1]


def _variance(
    groups: _Groups, weight: FloatArray, events: FloatArray, present: np.ndarray
) -> FloatArray:
    """Sum over groups and times of the squared influence of one more failure on every score.

    An event moves the score at its own time (`now`), and by what it does to its group's survival
    and incidence the score at every later time (`later`); a competing event does only the second.
    """
    total = np.maximum(weight.sum(axis=1), 1e-300)
    pooled = np.cumsum(events / total)
    pooled_before = np.concatenate([[0.0], pooled[:-1]])
    identity = np.eye(weight.shape[1])
    # now[t, i, k]: what an event of group k does to the score of group i.
    now = weight[:, :, None] * (identity - (weight / total[:, None])[:, None, :])
    hazard = np.zeros_like(total)
    np.divide(events, total * (1 - pooled_before), out=hazard, where=pooled_before != 1)
    gained = now * hazard[:, None, None]
    later = gained.sum(axis=0) - np.cumsum(gained, axis=0)
    ratio = np.zeros_like(weight)
    np.divide(
        1 - pooled[:, None], groups.survival_after, out=ratio, where=groups.survival_after > 0
    )
    own = _event_variance(groups, total, events, present)
    others = _competing_variance(groups)
    moved = now + (1 - ratio)[:, None, :] * later
    displaced = ratio[:, None, :] * later
    return np.einsum("tik,tjk,tk->ij", moved, moved, own) + np.einsum(
        "tik,tjk,tk->ij", displaced, displaced, others
    )


def _event_variance(
    groups: _Groups, total: FloatArray, events: FloatArray, present: np.ndarray
) -> FloatArray:
    """Variance of a group's event hazard under the hypothesis: the pooled events, tie-corrected."""
    pool = np.maximum(total[:, None] * groups.survival - 1, 1e-300)
    correction = 1 - np.maximum(events - 1, 0)[:, None] / pool
    size = np.where(present, total[:, None] * groups.at_risk, 1.0)
    return np.where(present, correction * groups.survival * events[:, None] / size, 0.0)


def _competing_variance(groups: _Groups) -> FloatArray:
    """Variance of a group's own competing hazard, tie-corrected."""
    counts = groups.competing
    correction = 1 - np.maximum(counts - 1, 0) / np.maximum(groups.at_risk - 1, 1)
    size = np.maximum(groups.at_risk, 1)
    return correction * groups.survival**2 * counts / size**2
