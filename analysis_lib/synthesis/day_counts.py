"""Kaplan-Meier, log-rank and follow-up from counts per day, for a search over whole cohorts.

The same estimators as in `stats`, which the tests compare; written for days instead of Series
because the search calls them a hundred thousand times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

Z = float(ndtri(0.975))


@dataclass(frozen=True)
class DayCounts:
    """Events and patients at risk by group (rows), on the days on which anyone leaves (columns)."""

    days: np.ndarray
    events: np.ndarray
    at_risk: np.ndarray


def count_days(
    cells: np.ndarray, days: np.ndarray, events: np.ndarray, membership: np.ndarray
) -> DayCounts:
    """Count by group; `membership` (groups x cells) says which cells make up each group."""
    known, column = np.unique(days, return_inverse=True)
    shape = (membership.shape[1], len(known))
    where = cells * len(known) + column
    size = shape[0] * shape[1]
    leaving = membership @ np.bincount(where, minlength=size).reshape(shape)
    happened = membership @ np.bincount(where[events], minlength=size).reshape(shape)
    return DayCounts(known, happened, leaving[:, ::-1].cumsum(axis=1)[:, ::-1])


def survival_with_interval(
    counts: DayCounts, groups: list[int], days: list[int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Kaplan-Meier estimate and 95% log-log interval: each groups x days.

    nan where nobody of the group is followed beyond the day.
    """
    at = np.searchsorted(counts.days, days, side="right") - 1
    events, at_risk = counts.events[groups], np.maximum(counts.at_risk[groups], 1)
    beyond = np.pad(counts.at_risk[groups], ((0, 0), (0, 1)))[:, at + 1]
    estimate = np.where(beyond > 0, np.cumprod(1 - events / at_risk, axis=1)[:, at], np.nan)
    steps = events / np.maximum(at_risk * (at_risk - events), 1)
    with np.errstate(
        divide="ignore", invalid="ignore"
    ):  # no event yet, or nobody left: no interval
        error = np.sqrt(np.cumsum(steps, axis=1)[:, at]) / np.abs(np.log(estimate))
    return estimate, estimate ** np.exp(Z * error), estimate ** np.exp(-Z * error)


def log_rank_p(counts: DayCounts, first: list[int], second: list[int]) -> np.ndarray:
    """Two-sided P of the unweighted log-rank test of each pair of groups."""
    events = counts.events[first] + counts.events[second]
    both = np.maximum(counts.at_risk[first] + counts.at_risk[second], 1)
    share = counts.at_risk[second] / both
    expected = events * share
    spread = expected * (1 - share) * (both - events) / np.maximum(both - 1, 1)
    excess = counts.events[second].sum(axis=1) - expected.sum(axis=1)
    return 2 * ndtr(-np.abs(excess) / np.sqrt(spread.sum(axis=1)))


def median_days(counts: DayCounts, groups: list[int]) -> np.ndarray:
    """First day on which each Kaplan-Meier estimate is at most one half."""
    curve = np.cumprod(1 - counts.events[groups] / np.maximum(counts.at_risk[groups], 1), axis=1)
    return counts.days[np.argmax(curve <= 0.5, axis=1)]
