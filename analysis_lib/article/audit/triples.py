"""Estimates printed with both ends of their interval, and what that says about their error."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from analysis_lib.article.audit.printed import Window, window
from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Contrast

NO_CONTRAST = Contrast("", "")
CONFIDENCE_LEVEL = 0.95  # the claims do not hold it; an article that prints 90% needs another


@dataclass(frozen=True)
class Triple:
    """One estimate and its interval; `key` is theirs without the statistic."""

    key: Key
    estimate: Claim
    low: Claim
    high: Claim

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(claim.claim_id for claim in (self.estimate, self.low, self.high))

    @property
    def windows(self) -> tuple[Window, Window, Window]:
        return window(self.estimate), window(self.low), window(self.high)

    @property
    def contrast(self) -> Contrast:
        """The groups compared; both empty where the key compares none."""
        return Contrast.parse(self.key.contrast) or NO_CONTRAST

    @property
    def months(self) -> float:
        return self.key.time_months or 0.0

    @property
    def has_width(self) -> bool:
        """Whether an interval is left; before the first event, and after the last, none is."""
        printed = {claim.value for claim in (self.estimate, self.low, self.high)}
        full = 100.0 if self.estimate.unit == "%" else 1.0
        return printed != {0.0} and printed != {full}

    @property
    def is_at_end(self) -> bool:
        """Whether the estimate prints as 0 or 1: its interval is of no transformation of S."""
        return self.estimate.value in (0.0, 100.0 if self.estimate.unit == "%" else 1.0)

    @property
    def in_order(self) -> bool:
        """Whether the estimate can lie inside its interval, each as rounded."""
        estimate, low, high = self.windows
        return low.low < estimate.high - _TOUCHING and estimate.low < high.high - _TOUCHING

    @property
    def is_reversed(self) -> bool:
        """Whether the two ends stand in each other's place, with the estimate between them."""
        return self.high.value <= self.estimate.value <= self.low.value < math.inf and (
            self.high.value < self.low.value
        )


def gather(claims: Iterable[Claim], statistics: Sequence[str]) -> dict[Key, dict[str, Claim]]:
    """Numbers that belong together, by statistic; of a repeated one the first."""
    found: dict[Key, dict[str, Claim]] = {}
    for claim in claims:
        if claim.key.statistic in statistics:
            parts = found.setdefault(claim.key._replace(statistic=""), {})
            parts.setdefault(claim.key.statistic, claim)
    return found


def find_triples(claims: Sequence[Claim], statistic: str) -> list[Triple]:
    """The estimates of a statistic that have both ends; of a repeated one the first."""
    names = (statistic, f"{statistic}_ci_low", f"{statistic}_ci_high")
    printed = gather((claim for claim in claims if claim.comparator == "="), names)
    return [
        Triple(key, *(parts[name] for name in names))
        for key, parts in printed.items()
        if len(parts) == len(names)
    ]


def find_curves(claims: Sequence[Claim]) -> dict[Key, dict[float, Claim]]:
    """The printed points of every survival curve by time, of a repeated one the first."""
    curves: dict[Key, dict[float, Claim]] = {}
    for claim in claims:
        is_point = claim.key.statistic == "survival" and claim.comparator == "="
        if is_point and claim.key.time_months is not None:
            points = curves.setdefault(claim.key._replace(time_months=None), {})
            points.setdefault(claim.key.time_months, claim)
    return {key: dict(sorted(points.items())) for key, points in curves.items()}


def quantile(level: float) -> float:
    """Of the normal distribution, for an interval of a level of confidence."""
    return NormalDist().inv_cdf((1 + level) / 2)


LENIENT = 0.9  # a level that articles use without saying so
Floats = NDArray[np.float64]
_GRID = 101
_TOUCHING = 1e-9


@dataclass(frozen=True)
class Middles:
    """Estimates that can be the middle, with the shortest and longest standard error of each."""

    points: Floats
    least_error: Floats
    most_error: Floats


def middles(
    estimate: Window, low: Window, high: Window, level: float = CONFIDENCE_LEVEL
) -> Middles | None:
    """What the rounding windows of an estimate and its ends admit; None if nothing.

    Windows that only touch admit nothing: the upper end of one rounds up and away.
    """
    centre = Window((low.low + high.low) / 2, (low.high + high.high) / 2)
    shared = centre.intersect(estimate)
    if shared.high - shared.low < _TOUCHING:
        return None
    points = np.linspace(shared.low, shared.high, _GRID)
    shortest = np.maximum(high.low - points, points - low.high)
    longest = np.minimum(high.high - points, points - low.low)
    z = quantile(level)
    return Middles(points, np.maximum(shortest, 0) / z, longest / z)


_SMALLEST_LOG = math.log(1e-6)  # of a ratio that prints as 0.00


@dataclass(frozen=True)
class Wald:
    """Windows of the standard error of the log hazard ratio and of the two-sided Wald P."""

    std_error: Window
    p_value: Window

    @property
    def events_split_evenly(self) -> float:
        """Events of two equal groups that carry this information: no fewer can have happened.

        An event informs a coefficient of a yes-no term by p(1 - p) <= 1/4, p the share of the
        term among those at risk, weighted by hazard; other covariates take from it.
        """
        return 4 / self.std_error.high**2

    @property
    def events_at_level(self) -> int:
        """Events at the level, at least: at the maximum, the sum of p is the events there."""
        return math.ceil(1 / self.std_error.high**2 - 1e-9)


def wald(triple: Triple, level: float = CONFIDENCE_LEVEL) -> Wald | None:
    """None where the ratio cannot be the middle of its interval on the log scale."""
    estimate, *ends = map(_log, triple.windows)
    smallest_printed = Window(max(estimate.low, _SMALLEST_LOG), estimate.high)
    admitted = middles(smallest_printed, ends[0], ends[1], level)
    if admitted is None:
        return None
    distances = np.abs(admitted.points)
    # An interval that prints without width may have an error of 0.
    with np.errstate(divide="ignore", invalid="ignore"):
        largest = np.where(distances > 0, distances / admitted.least_error, 0.0)
        smallest = np.where(distances > 0, distances / admitted.most_error, 0.0)
    crosses_one = admitted.points[0] <= 0 <= admitted.points[-1]
    return Wald(
        Window(float(admitted.least_error.min()), float(admitted.most_error.max())),
        Window(
            float(2 * ndtr(-largest.max())),
            1.0 if crosses_one else float(2 * ndtr(-smallest.min())),
        ),
    )


def narrowest(triple: Triple, level: float) -> Wald:
    """The same under the lowest level of confidence that is usual, of a ratio that has one."""
    known = wald(triple, min(level, LENIENT))
    assert known is not None
    return known


def _log(values: Window) -> Window:
    """On the log scale; what prints as 0 is open below."""
    low, high = (math.log(x) if x > 0 else -math.inf for x in (values.low, values.high))
    return Window(low, high)
