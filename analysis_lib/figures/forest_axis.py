"""The logarithmic axis of a forest plot: limits that hold the estimates, round ticks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isinf

from analysis_lib.figures.forest_rows import Mark

_LADDER = tuple(factor * 10.0**power for power in range(-4, 5) for factor in (1, 2, 5))
_LEAST = (0.5, 2.0)
_WIDEST = (0.05, 20.0)  # intervals beyond it end in an arrow; estimates always fit
_TICKS = 9


@dataclass(frozen=True)
class RatioAxis:
    low: float
    high: float
    ticks: tuple[float, ...]


def ratio_axis(marks: Iterable[Mark]) -> RatioAxis:
    """Limits on the ladder 1-2-5 that hold 1, every estimate, and the intervals up to a bound."""
    known = [mark for mark in marks if mark.ratio > 0 and not isinf(mark.ratio)]
    lows = [min(mark.ratio, max(mark.low, _WIDEST[0])) for mark in known]
    highs = [max(mark.ratio, min(mark.high, _WIDEST[1])) for mark in known]
    low = _step_below(min([*lows, _LEAST[0]]))
    high = _step_above(max([*highs, _LEAST[1]]))
    return RatioAxis(low, high, _ticks(low, high))


def _step_below(value: float) -> float:
    return max((step for step in _LADDER if step <= value), default=value)


def _step_above(value: float) -> float:
    return min((step for step in _LADDER if step >= value), default=value)


def _ticks(low: float, high: float) -> tuple[float, ...]:
    """The whole ladder, or its decades where the whole would crowd."""
    within = tuple(step for step in _LADDER if low <= step <= high)
    if len(within) <= _TICKS:
        return within
    return tuple(step for step in within if f"{step:e}".startswith("1"))
