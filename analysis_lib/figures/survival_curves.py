"""The curves of one survival panel, and the legend that names them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis_lib.analyses import Curve, SurvivalComparison
from analysis_lib.figures.legend import Legend
from analysis_lib.figures.measure import shorten
from analysis_lib.figures.theme import QUIET, TEXT_PT, stroke
from analysis_lib.format import format_confidence, format_number

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
    months = months_shown(comparison)
    for index, curve in enumerate(comparison.curves):
        _draw_curve(axes, curve, index, months, banded=_is_banded(comparison))
    axes.set_xlim(0, months)
    axes.set_ylim(0, PERCENT)
    axes.set_yticks(range(0, 101, 20))
    axes.spines["left"].set_bounds(0, 100)
    axes.set_xticks(ticks, [format_number(tick) for tick in ticks])
    axes.set_xlabel(f"Months from {comparison.time_zero}")
    axes.set_ylabel(f"{shorten(comparison.outcome_label, LABEL_MM, TEXT_PT)} (%)")


def curve_legend(comparison: SurvivalComparison, width: float) -> Legend:
    """A key for every curve, for the censor ticks, and for the bands if any are drawn."""
    handles: list[Artist] = []
    for index, curve in enumerate(comparison.curves):
        style = stroke(index)
        handles.append(
            Line2D([], [], color=style.colour, linestyle=style.dashes, label=curve.label)
        )
    if not comparison.results.small_cell:  # a tick is a patient
        handles.append(Line2D([], [], color=QUIET, label="Censored", **_CENSOR))
    if _is_banded(comparison):
        level = format_confidence(comparison.confidence_level)
        handles.append(Patch(color=QUIET, alpha=2 * _BAND_ALPHA, linewidth=0, label=level))
    return Legend(tuple(handles), width)


def _is_banded(comparison: SurvivalComparison) -> bool:
    return len(comparison.curves) <= BANDED_GROUPS


def _draw_curve(axes: Axes, curve: Curve, index: int, months: float, *, banded: bool) -> None:
    estimate, style = curve.estimate, stroke(index)
    rows = _printed_rows(estimate.times, months)
    times = estimate.times[rows]
    if banded:
        low, high = 100 * estimate.ci_low[rows], 100 * estimate.ci_high[rows]
        axes.fill_between(
            times, low, high, step="post", color=style.colour, alpha=_BAND_ALPHA, linewidth=0
        )
    survival = 100 * estimate.survival[rows]
    axes.step(times, survival, where="post", color=style.colour, linestyle=style.dashes)
    censored = estimate.censored > 0
    ticks = _printed_rows(estimate.times[censored], months)
    axes.plot(
        estimate.times[censored][ticks],
        100 * estimate.survival[censored][ticks],
        color=style.colour,
        **_CENSOR,
    )


def _printed_rows(times: np.ndarray, months: float) -> np.ndarray:
    """All rows; of many thousands the last in each sliver of time, finer than print resolves."""
    if len(times) <= _FINE_ROWS:
        return np.arange(len(times))
    slivers = np.ceil(times / months * _FINE_ROWS / 2)
    return np.flatnonzero(np.append(np.diff(slivers) > 0, True))
