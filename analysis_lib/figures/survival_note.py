"""What a survival panel says of its groups: the test, the hazard ratio, and where there is room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis_lib.analyses import Curve, Key, SurvivalComparison
from analysis_lib.dictionary import lower_first
from analysis_lib.figures.measure import line_count, text_height, text_width, wrap
from analysis_lib.format import (
    NOT_ESTIMABLE,
    format_confidence,
    format_interval,
    format_p_statement,
    format_ratio,
)

_CLEAR_MM = 1.0
_EDGE_MM = 2.0
_ROWS = 30


def survival_note(comparison: SurvivalComparison) -> str:
    """The groups that are tested, the log-rank P, and for two groups the hazard ratio."""
    tested = comparison.tested
    key = Key(
        comparison.analysis,
        comparison.outcome,
        "infused",
        contrast=tested.contrast,
        statistic="p_value",
    )
    if not comparison.results.has(key):
        return ""
    p_value = format_p_statement(comparison.results.value(key))
    if not tested.contrast:
        return f"Log-rank {p_value}"
    groups = f"{tested.labels[1]} vs {lower_first(tested.labels[0])}"
    return f"{groups}\nLog-rank {p_value}\n{_hazard_ratio(comparison, key)}"


def _hazard_ratio(comparison: SurvivalComparison, key: Key) -> str:
    ratio, low, high = (
        comparison.results.value(key._replace(statistic=name))
        for name in ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
    )
    if np.isnan(ratio):
        return f"Unadjusted HR {NOT_ESTIMABLE}"
    interval = format_interval(low, high, format_ratio)
    level = format_confidence(comparison.confidence_level)
    return f"Unadjusted HR {format_ratio(ratio)} ({level}, {interval})"


def note_shapes(comparison: SurvivalComparison, width: float) -> tuple[str, ...]:
    """The note broken to a width in millimetres, and no wider than its numbers."""
    groups, *numbers = survival_note(comparison).split("\n")
    narrow = max((text_width(line) for line in numbers), default=width)
    return tuple(
        "\n".join([wrap(groups, min(width, limit)), *(wrap(line, width) for line in numbers)])
        for limit in (width, narrow)
    )


@dataclass(frozen=True)
class Frame:
    """A panel: its size in millimetres, and the months and percent that its sides stand for."""

    width: float
    height: float
    months: float
    percent: float


@dataclass(frozen=True)
class Box:
    """A rectangle in millimetres from the lower left corner of a panel."""

    left: float
    bottom: float
    width: float
    height: float


def free_place(comparison: SurvivalComparison, frame: Frame, note: str) -> Box | None:
    """A place for the note beside curves and bands, else over a band; None if there is none."""
    places = list(_places(frame, text_width(note), text_height(line_count(note))))
    for with_band in (True, False):
        for box in places:
            if not any(_passes(x, frame, box, with_band=with_band) for x in comparison.curves):
                return box
    return None


def _places(frame: Frame, width: float, height: float) -> Iterator[Box]:
    """The corners first (lower left, upper right), then whatever lies between."""
    left, right = _EDGE_MM, frame.width - _EDGE_MM - width
    lowest, highest = _EDGE_MM, frame.height - height
    if right < 0 or highest < lowest:
        return
    yield Box(left, lowest, width, height)
    yield Box(right, highest, width, height)
    for up in np.linspace(lowest, highest, _ROWS):
        yield Box(left, float(up), width, height)
        yield Box(right, lowest + highest - float(up), width, height)


def _passes(curve: Curve, frame: Frame, box: Box, *, with_band: bool) -> bool:
    """Whether the curve, or its band as well, enters the box or comes too close to it."""
    estimate = curve.estimate
    start = (box.left - _CLEAR_MM) * frame.months / frame.width
    end = (box.left + box.width + _CLEAR_MM) * frame.months / frame.width
    if start > estimate.times[-1]:
        return False
    rows = np.searchsorted(estimate.times, [max(start, 0.0), end], side="right") - 1
    first, last = (int(row) for row in rows)
    upper, lower = estimate.survival[first], estimate.survival[last]
    if with_band:  # the interval is nan where survival is 1 or 0
        upper, lower = (
            np.fmax(upper, estimate.ci_high[first]),
            np.fmin(lower, estimate.ci_low[last]),
        )
    bottom = (box.bottom - _CLEAR_MM) * frame.percent / frame.height
    top = (box.bottom + box.height + _CLEAR_MM) * frame.percent / frame.height
    return bool(100 * lower <= top and 100 * upper >= bottom)
