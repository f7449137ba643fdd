"""Log-rank test."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from math import nan

import numpy as np
from scipy.special import chdtrc

from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    Grouping,
    SurvivalData,
    check_groups,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.of_record import is_small, lifelines_logrank

_METHOD = "log-rank test"


@dataclass(frozen=True)
class LogRank:
    """Observed and expected events per group, and the chi-square of their difference."""

    statistic: float
    degrees_of_freedom: int
    p_value: float
    groups: tuple[Hashable, ...]
    n: tuple[int, ...]
    observed: tuple[int, ...]
    expected: tuple[float, ...]
    method: str = _METHOD


def logrank_test(
    time: ArrayLike, event: ArrayLike, group: ArrayLike, *, of_record: bool = False
) -> LogRank:
    """Hypothesis: the hazard is the same in every group at every time (two-sided, unweighted).

    Parameters
    ----------
    time, event : follow-up and True = event
    group : two or more groups; with one, or without any event, the test is nan
    of_record : take the test from lifelines, which gives the same

    Notes
    -----
    R: ``survdiff(Surv(time, event) ~ group)``. Mantel (1966); Peto & Peto (1972).
    A group whose patients all left before the first event carries no information and no
    degree of freedom. nan also where no event time leaves two groups to compare.
    """
    data = check_survival(time, event)
    check_same_rows(time, group, names=("time", "group"))
    grouping = check_groups(group)
    size = len(grouping.labels)
    expected, covariance = _null_moments(data, grouping)
    informative = expected > 0
    observed = np.bincount(grouping.codes[data.event], minlength=size)
    statistic, p_value = nan, nan
    if informative.sum() > 1 and (np.diag(covariance) > 0).any():
        statistic, p_value = _test(observed - expected, covariance, informative)
        if of_record and is_small(data):
            kept = informative[grouping.codes]
            statistic, p_value = lifelines_logrank(data.subset(kept), grouping.codes[kept])
    return LogRank(
        statistic=statistic,
        degrees_of_freedom=max(int(informative.sum()) - 1, 0),
        p_value=p_value,
        groups=grouping.labels,
        n=tuple(np.bincount(grouping.codes, minlength=size).tolist()),
        observed=tuple(observed.tolist()),
        expected=tuple(expected.tolist()),
    )


def _test(
    excess: FloatArray, covariance: FloatArray, informative: BoolArray
) -> tuple[float, float]:
    """The quadratic form of all informative groups but the last, and its P value."""
    kept = np.flatnonzero(informative)[:-1]
    solved = np.linalg.lstsq(covariance[np.ix_(kept, kept)], excess[kept], rcond=1e-12)[0]
    statistic = float(excess[kept] @ solved)
    return statistic, float(chdtrc(len(kept), statistic))


def _null_moments(data: SurvivalData, grouping: Grouping) -> tuple[FloatArray, FloatArray]:
    """Mean and covariance of the groups' events given everyone at risk (hypergeometric)."""
    times, deaths = np.unique(data.time[data.event], return_counts=True)
    at_risk = data.n - np.searchsorted(np.sort(data.time), times, side="left")
    spread = deaths * (at_risk - deaths) / np.maximum(at_risk - 1, 1)
    own = (np.sort(data.time[grouping.codes == code]) for code in range(len(grouping.labels)))
    shares = np.array([(len(x) - np.searchsorted(x, times, side="left")) / at_risk for x in own])
    weighted = shares * spread
    return shares @ deaths, np.diag(weighted.sum(axis=1)) - weighted @ shares.T
