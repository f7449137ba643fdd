"""The adjusted hazard ratio without each centre in turn, sorted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from analysis_lib.analyses import LeaveOneOut, Omitted
from analysis_lib.figures.forest_axis import RatioAxis, ratio_axis
from analysis_lib.figures.forest_rows import Mark
from analysis_lib.figures.measure import text_height, text_width, wrap
from analysis_lib.figures.report_figure import MARGIN_MM, ReportFigure, label_height
from analysis_lib.figures.theme import FULL_MM, INK, QUIET, SMALL_PT, in_theme, stroke
from analysis_lib.stats import LeftOut

MOST_SHOWN = 60
_COLUMNS = 2
_ROW_MM = 2.9
_AXIS_MM = 10.0
_GAP_MM = 4.0
_HEAD_GAP_MM = 1.5


@dataclass(frozen=True)
class _Panel:
    """One endpoint and group: the centres in order of their estimates, and the estimate of all."""

    heading: str
    found: tuple[LeftOut, ...]
    whole: float


@in_theme
def plot_leave_one_out(*parts: LeaveOneOut | Omitted) -> ReportFigure | Omitted:
    """One row a centre: the hazard ratio and interval of the others; the line is that of all.

    Of more than sixty centres those are drawn whose patients move the estimate most.
    """
    shown = [x for x in parts if not isinstance(x, Omitted)]
    if not shown:
        return next(x for x in parts if isinstance(x, Omitted))
    panels = [_panel(part, level) for part in shown for level in part.without]
    label = shown[0].results.label
    names = max(text_width(x.label) for panel in panels for x in panel.found)
    left = MARGIN_MM + names + _GAP_MM
    columns = min(_COLUMNS, len(panels))
    width = FULL_MM / columns - left - _GAP_MM
    headings = [wrap(panel.heading, width) for panel in panels]
    head = text_height(max(x.count("\n") + 1 for x in headings)) + _HEAD_GAP_MM
    body = _ROW_MM * max(len(panel.found) for panel in panels)
    rows = -(-len(panels) // columns)
    top = MARGIN_MM + label_height(label)
    height = top + rows * (head + body + _AXIS_MM + _GAP_MM)
    title = "The hazard ratio of the exposure without one centre"
    figure = ReportFigure(FULL_MM, height, title=title, label=label)
    axis = ratio_axis(_marks(panels))
    for index, (panel, heading) in enumerate(zip(panels, headings, strict=True)):
        row, column = divmod(index, columns)
        x = column * FULL_MM / columns + left
        y = top + row * (head + body + _AXIS_MM + _GAP_MM)
        figure.text_at(x, y, heading, va="top", fontsize=SMALL_PT, fontweight="bold")
        axes = figure.axes_at(x, y + head, width, _ROW_MM * len(panel.found))
        _draw(axes, panel, axis)
    return figure


def _panel(part: LeaveOneOut, level: str) -> _Panel:
    exposure = part.effect.exposure
    whole = part.effect.shown.coefficient(exposure.variable, level).hazard_ratio
    known = [x for x in part.without[level] if np.isfinite(x.hazard_ratio)]
    if len(known) > MOST_SHOWN:
        known.sort(key=lambda x: -abs(np.log(x.hazard_ratio / whole)))
    found = sorted(known[:MOST_SHOWN], key=lambda x: x.hazard_ratio)
    several = len(exposure.levels) > 2
    who = f", {exposure.label_of(level)}" if several else ""
    return _Panel(f"{part.outcome_label}{who}", tuple(found), whole)


def _marks(panels: list[_Panel]) -> list[Mark]:
    return [Mark(x.hazard_ratio, *x.interval) for panel in panels for x in panel.found]


def _draw(axes: Axes, panel: _Panel, axis: RatioAxis) -> None:
    axes.set_xscale("log")
    axes.set_xlim(axis.low, axis.high)
    axes.set_ylim(len(panel.found), 0)
    axes.set_yticks(np.arange(len(panel.found)) + 0.5, [f"{x.label}" for x in panel.found])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xticks(axis.ticks, [f"{tick:g}" for tick in axis.ticks])
    axes.minorticks_off()
    axes.axvline(1, color=QUIET, linewidth=0.6, zorder=0)
    if np.isfinite(panel.whole):
        axes.axvline(panel.whole, color=stroke(0).colour, linewidth=0.9, linestyle="--", zorder=0)
    for row, one in enumerate(panel.found):
        low, high = one.interval
        ends = [max(low, axis.low), min(high, axis.high)]
        axes.plot(ends, [row + 0.5] * 2, color=INK, linewidth=0.8, solid_capstyle="butt")
        axes.plot([one.hazard_ratio], [row + 0.5], "o", color=stroke(0).colour, markersize=3.2)
    axes.set_xlabel("Hazard ratio without the centre, log scale")
