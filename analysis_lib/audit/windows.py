"""The values that a printed number can stand for."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from analysis_lib.claims import Claim

_SLACK = 1e-9


@dataclass(frozen=True)
class Window:
    """A closed interval of values; empty where `low` lies above `high`."""

    low: float
    high: float

    @property
    def is_empty(self) -> bool:
        return self.low > self.high

    def holds(self, value: float) -> bool:
        return self.low - _SLACK <= value <= self.high + _SLACK

    def meets(self, other: Window) -> bool:
        return not self.intersect(other).is_empty

    def overlap(self, other: Window) -> float:
        """Length of what two windows share; negative where they lie apart."""
        return min(self.high, other.high) - max(self.low, other.low)

    def intersect(self, other: Window) -> Window:
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Window(low, max(high, low) if low - high <= _SLACK else high)


def window(claim: Claim) -> Window:
    """Every value that rounds to the printed one, proportions in [0, 1].

    Both ends belong to it, so that neither rounding half up nor half to even is accused.
    """
    scale = 100 if claim.unit == "%" else 1
    if claim.comparator in ("<", "<="):
        return Window(-math.inf, claim.value / scale)
    if claim.comparator in (">", ">="):
        return Window(claim.value / scale, math.inf)
    half = 0.5 * 10.0**-claim.decimals
    return Window((claim.value - half) / scale, (claim.value + half) / scale)


def hull(windows: Iterable[Window]) -> Window:
    """The smallest window around several."""
    known = tuple(windows)
    return Window(min(one.low for one in known), max(one.high for one in known))
