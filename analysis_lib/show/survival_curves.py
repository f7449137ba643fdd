"""The curves of a survival panel, their legend, and what the panel says of its groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.curves import Curve, SurvivalComparison
from analysis_lib.format import (
    NOT_ESTIMABLE,
    format_confidence,
    format_interval,
    format_number,
    format_p_statement,
    format_ratio,
)
from analysis_lib.results.rows import Key
from analysis_lib.show.figure import QUIET, TEXT_PT, stroke
from analysis_lib.show.measure import (
    Legend,
    label_time,
    line_count,
    shorten,
    text_height,
    text_width,
    wrap,
)

BANDED_GROUPS = 3  # the bands of more groups cover each other
PERCENT = 102.0
LABEL_MM = 44.0  # along the axis, which the unit shares
_BAND_ALPHA = 0.14
_FINE_ROWS = 1500
_CENSOR: dict[str, Any] = {
    "linestyle": "none",
    "marker": "|",
    "markersize": 4.0,
    "markeredgewidth": 0.6,
}


def months_shown(comparison: SurvivalComparison) -> float:
    """The length of the time axis: the longest time of any group, and a little."""
    longest = max(float(curve.estimate.times[-1]) for curve in comparison.curves)
    return 1.02 * max(longest, comparison.risk_times[-1]) or 1.0


def draw_curves(axes: Axes, comparison: SurvivalComparison, ticks: tuple[float, ...]) -> None:
    """Step curves in percent, bands of the pointwise intervals, a tick where one was censored."""
    draw_plain_curves(axes, comparison, ticks, censored=True)
    label_time(axes, "Months", comparison.time_zero)
    axes.set_ylabel(f"{shorten(comparison.outcome_label, LABEL_MM, TEXT_PT)} (%)")


def draw_plain_curves(
    axes: Axes, comparison: SurvivalComparison, ticks: tuple[float, ...], *, censored: bool = False
) -> None:
    """Step curves in percent with their bands, in a panel that may be too small for more."""
    months, banded = months_shown(comparison), _is_banded(comparison)
    for index, curve in enumerate(comparison.curves):
        _draw_curve(axes, curve, index, months, banded=banded)
        if censored:
            _draw_censored(axes, curve, index, months)
    frame_percent(axes, months, ticks)


def frame_percent(axes: Axes, end: float, ticks: tuple[float, ...]) -> None:
    """Time from 0 to the end, and percent from 0 to 100."""
    axes.set_xlim(0, end)
    axes.set_ylim(0, PERCENT)
    axes.set_yticks(range(0, 101, 20))
    axes.spines["left"].set_bounds(0, 100)
    axes.set_xticks(ticks, [format_number(tick) for tick in ticks])


def curve_legend(comparison: SurvivalComparison, width: float) -> Legend:
    """A key for every curve, for the censor ticks, and for the bands if any are drawn."""
    handles = [curve_key(index, curve.label) for index, curve in enumerate(comparison.curves)]
    if not comparison.results.small_cell:  # a tick is a patient
        handles.append(Line2D([], [], color=QUIET, label="Censored", **_CENSOR))
    if _is_banded(comparison):
        handles.append(band_key(comparison.confidence_level))
    return Legend(tuple(handles), width)


def curve_key(index: int, label: str) -> Artist:
    """The curve of a group in a legend."""
    style = stroke(index)
    return Line2D([], [], color=style.colour, linestyle=style.dashes, label=label)


def band_key(confidence_level: float) -> Artist:
    """The bands of the pointwise intervals in a legend."""
    level = format_confidence(confidence_level)
    return Patch(color=QUIET, alpha=2 * _BAND_ALPHA, linewidth=0, label=level)


def _is_banded(comparison: SurvivalComparison) -> bool:
    return len(comparison.curves) <= BANDED_GROUPS


def _draw_curve(axes: Axes, curve: Curve, index: int, months: float, *, banded: bool) -> None:
    estimate = curve.estimate
    rows = _printed_rows(estimate.times, months)
    band = (estimate.ci_low[rows], estimate.ci_high[rows]) if banded else None
    draw_steps(axes, index, estimate.times[rows], estimate.survival[rows], band)


def _draw_censored(axes: Axes, curve: Curve, index: int, months: float) -> None:
    estimate, censored = curve.estimate, curve.estimate.censored > 0
    ticks = _printed_rows(estimate.times[censored], months)
    axes.plot(
        estimate.times[censored][ticks],
        100 * estimate.survival[censored][ticks],
        color=stroke(index).colour,
        **_CENSOR,
    )


def draw_steps(
    axes: Axes,
    index: int,
    times: np.ndarray,
    share: np.ndarray,
    band: tuple[np.ndarray, np.ndarray] | None,
) -> None:
    """A step curve of a share in percent, over the band of its interval if one is given."""
    style = stroke(index)
    if band is not None:
        low, high = (100 * limit for limit in band)
        axes.fill_between(
            times, low, high, step="post", color=style.colour, alpha=_BAND_ALPHA, linewidth=0
        )
    axes.step(times, 100 * share, where="post", color=style.colour, linestyle=style.dashes)


def _printed_rows(times: np.ndarray, months: float) -> np.ndarray:
    """All rows; of many thousands the last in each sliver of time, finer than print resolves."""
    if len(times) <= _FINE_ROWS:
        return np.arange(len(times))
    slivers = np.ceil(times / months * _FINE_ROWS / 2)
    return np.flatnonzero(np.append(np.diff(slivers) > 0, True))


_CLEAR_MM = 1.0
_EDGE_MM = 2.0
_ROWS = 30


def survival_note(comparison: SurvivalComparison) -> str:
    """The groups that are tested, the log-rank P, and for two groups the hazard ratio."""
    tested, key = comparison.tested, comparison.test_key
    if not comparison.results.has(key, "p_value"):
        return ""
    p_value = format_p_statement(comparison.results.value(key, "p_value"))
    if not tested.contrast:
        return f"Log-rank {p_value}"
    groups = f"{tested.labels[1]} vs {lower_first(tested.labels[0])}"
    return f"{groups}\nLog-rank {p_value}\n{_hazard_ratio(comparison, key)}"


def _hazard_ratio(comparison: SurvivalComparison, key: Key) -> str:
    ratio, low, high = comparison.results.values(
        key, "hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high"
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
