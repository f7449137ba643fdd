"""Forest plots: hazard ratios of a Cox model beside the patients and events behind them."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from analysis_lib.format import format_confidence
from analysis_lib.results.rows import Results
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    QUIET,
    RULE,
    TEXT_PT,
    ReportFigure,
    head_height,
    stroke,
    write,
)
from analysis_lib.show.forest_layout import (
    AXIS_MM,
    HEAD_MM,
    HEADINGS,
    ForestLayout,
    ForestRow,
    RatioAxis,
    ratio_axis,
)
from analysis_lib.show.measure import CAP_DROP_MM, line_count, text_height
from analysis_lib.study.exposure import Grouping

_MARK_PT = 4.5


def draw_forest(
    rows: Sequence[ForestRow], results: Results, *, title: str, outcome: str
) -> ReportFigure:
    """Texts and marks of some rows; `outcome` says on the axis what the hazard ratio is of."""
    layout = ForestLayout(tuple(rows), f"HR ({format_confidence(results.confidence_level)})")
    head = head_height(results.label)
    caption = layout.caption(f"{outcome}: hazard ratio, log scale")
    axis_mm = AXIS_MM + text_height(line_count(caption) - 1, TEXT_PT)
    height = head + HEAD_MM + layout.height + axis_mm + MARGIN_MM
    figure = ReportFigure(FULL_MM, height, title=title, label=results.label)
    table = figure.canvas_at(0, head, FULL_MM, HEAD_MM + layout.height)
    table.set_zorder(1)  # a reason covers the line at 1
    _draw_table(table, layout)
    plot = figure.axes_at(layout.plot_left, head + HEAD_MM, layout.plot_width, layout.height)
    axis = ratio_axis([row.mark for row in rows if row.mark])
    _draw_axis(plot, axis, layout.height, caption)
    for row, centre in zip(rows, layout.centres, strict=True):
        _draw_mark(plot, row, centre, axis)
    return figure


def against(exposure: Grouping) -> str:
    """Who is compared with whom, on the axis."""
    if len(exposure.levels) > 2:
        return f"Against {exposure.inside[0]}"
    return f"{exposure.labels[1]} against {exposure.inside[0]}"


def _draw_table(table: Axes, layout: ForestLayout) -> None:
    heads = {"label": "", **HEADINGS, "ratio": layout.ratio_heading}
    for name, text in heads.items():
        _write(table, layout, name, HEAD_MM / 2, text, bold=True)
    table.axhline(HEAD_MM - 0.3, color=INK, linewidth=0.6)
    for row, centre, top in zip(layout.rows, layout.centres, layout.tops, strict=True):
        y = HEAD_MM + centre
        if row.heads and top > 0:
            table.axhline(HEAD_MM + top, color=RULE, linewidth=0.5)
        _write(table, layout, "label", y, layout.label(row), bold=row.heads, indented=row.indented)
        for name in ("n", "events", "ratio", "p_value"):
            _write(table, layout, name, y, getattr(row, name))
        if row.reason:
            style = {"ha": "center", "color": QUIET, "fontstyle": "italic", "linespacing": 1.2}
            frame = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
            x = layout.plot_left + layout.plot_width / 2
            write(table, x, y - CAP_DROP_MM, layout.reason(row), **style, bbox=frame)


def _write(
    table: Axes,
    layout: ForestLayout,
    column: str,
    y: float,
    text: str,
    *,
    bold: bool = False,
    indented: bool = False,
) -> None:
    x, side = layout.anchor(column, indented=indented)
    style = {"fontweight": "bold" if bold else "normal", "linespacing": 1.2}
    write(table, x, y - CAP_DROP_MM, text, ha=side, **style)


def _draw_axis(plot: Axes, axis: RatioAxis, height: float, caption: str) -> None:
    plot.patch.set_visible(False)
    plot.set_ylim(height, 0)
    plot.set_yticks([])
    frame_ratio(plot, axis)
    plot.set_xlabel(caption)


def frame_ratio(plot: Axes, axis: RatioAxis) -> None:
    """A logarithmic axis below, and a line at 1."""
    plot.set_xscale("log")
    plot.set_xlim(axis.low, axis.high)
    plot.spines["left"].set_visible(False)
    plot.set_xticks(axis.ticks, [f"{tick:g}" for tick in axis.ticks])
    plot.minorticks_off()
    plot.axvline(1, color=QUIET, linewidth=0.6, zorder=0)


def _draw_mark(plot: Axes, row: ForestRow, centre: float, axis: RatioAxis) -> None:
    if row.mark is None:
        return
    colour = stroke(0).colour if row.of_exposure else INK
    low, high = max(row.mark.low, axis.low), min(row.mark.high, axis.high)
    plot.plot([low, high], [centre, centre], color=colour, linewidth=1.0, solid_capstyle="butt")
    for limit, beyond, arrow in (
        (axis.low, row.mark.low < axis.low, "<"),
        (axis.high, row.mark.high > axis.high, ">"),
    ):
        if beyond:
            plot.plot([limit], [centre], arrow, color=colour, markersize=_MARK_PT, clip_on=False)
    if axis.low <= row.mark.ratio <= axis.high:
        plot.plot([row.mark.ratio], [centre], "s", color=colour, markersize=_MARK_PT)
