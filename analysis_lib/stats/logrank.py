"""Log-rank test."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from math import nan

import numpy as np
from lifelines.statistics import multivariate_logrank_test

from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    Grouping,
    SurvivalData,
    check_groups,
    check_same_rows,
    check_survival,
)

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


def logrank_test(time: ArrayLike, event: ArrayLike, group: ArrayLike) -> LogRank:
    """Hypothesis: the hazard is the same in every group at every time (two-sided, unweighted).

    Parameters
    ----------
    time, event : follow-up and True = event
    group : two or more groups; with one, or without any event, the test is nan

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
    expected, variances = _null_moments(data, grouping)
    informative = expected > 0
    statistic, p_value = nan, nan
    if informative.sum() > 1 and (variances > 0).any():
        kept = informative[grouping.codes]
        test = multivariate_logrank_test(
            data.time[kept], grouping.codes[kept], event_observed=data.event[kept]
        )
        statistic, p_value = float(test.test_statistic), float(test.p_value)
    return LogRank(
        statistic=statistic,
        degrees_of_freedom=max(int(informative.sum()) - 1, 0),
        p_value=p_value,
        groups=grouping.labels,
        n=tuple(np.bincount(grouping.codes, minlength=size).tolist()),
        observed=tuple(np.bincount(grouping.codes[data.event], minlength=size).tolist()),
        expected=tuple(expected.tolist()),
    )


def _null_moments(data: SurvivalData, grouping: Grouping) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of each group's events given everyone at risk (hypergeometric)."""
    event_times, deaths = np.unique(data.time[data.event], return_counts=True)
    at_risk = data.n - np.searchsorted(np.sort(data.time), event_times, side="left")
    spread = deaths * (at_risk - deaths) / np.maximum(at_risk - 1, 1)
    expected, variances = [], []
    for code in range(len(grouping.labels)):
        own = np.sort(data.time[grouping.codes == code])
        share = (len(own) - np.searchsorted(own, event_times, side="left")) / at_risk
        expected.append(float((deaths * share).sum()))
        variances.append(float((spread * share * (1 - share)).sum()))
    return np.array(expected), np.array(variances)
