"""Hazard ratios and survival estimates of the article beside ours, each with its interval."""

from __future__ import annotations

from math import isnan
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis_lib.article.comparison.published import PublishedComparison
from analysis_lib.article.comparison.words import ClaimWords
from analysis_lib.article.figure_layout import (
    GAP_MM,
    INDENT_MM,
    PERCENT,
    Estimate,
    PairLayout,
    pair_rows,
)
from analysis_lib.format import format_confidence
from analysis_lib.results.rows import Omitted, unless_omitted
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    QUIET,
    RULE,
    SMALL_PT,
    ReportFigure,
    head_height,
    in_theme,
    stroke,
)
from analysis_lib.show.forest_layout import Mark, ratio_axis
from analysis_lib.show.measure import CAP_DROP_MM, Legend, text_height

TITLES = {"hazard_ratio": "Hazard ratio", "survival": "Survival"}
AXES = {"hazard_ratio": "Hazard ratio, log scale", "survival": "Survival (%)"}
NAMES = {"hazard_ratio": "hazard ratio", "survival": "survival estimate"}
ARTICLE, OURS = "Article", "This report"
_PRINTED = "(as printed)"
_APART_MM = 1.05  # the two marks of a row stand this far above and below its middle
_AXIS_MM = 10.0
_MARK_PT = 4.0
_HEAD: dict[str, Any] = {
    "ha": "right",
    "va": "baseline",
    "fontsize": SMALL_PT,
    "fontweight": "bold",
}


@in_theme
@unless_omitted
def plot_published_estimates(
    published: PublishedComparison, statistic: str
) -> ReportFigure | Omitted:
    """Every printed `hazard_ratio` or `survival` with its interval, and ours below it.

    Ours has an interval where the article prints none; what is not estimable has no mark.
    """
    rows = pair_rows(published, statistic, ClaimWords(published.results.dictionary))
    if not rows:
        return Omitted(
            f"The article prints no {NAMES[statistic]} of its patients; the figure is left out."
        )
    interval = f"({format_confidence(published.results.confidence_level)})"
    layout = PairLayout(rows, (ARTICLE, OURS), (_PRINTED, interval))
    return _draw(layout, statistic, published.label)


def _draw(layout: PairLayout, statistic: str, label: str) -> ReportFigure:
    legend = Legend(
        tuple(Line2D([], [], label=name, **_style(name)) for name in (ARTICLE, OURS)), 60
    )
    top = head_height(label) + max(legend.height, text_height(2)) + GAP_MM
    height = top + layout.height + _AXIS_MM + MARGIN_MM
    title = f"{TITLES[statistic]}: the article and this report"
    figure = ReportFigure(FULL_MM, height, title=title, label=label)
    legend.draw(figure, layout.plot_left, head_height(label))
    for end, *heads in zip(layout.text_ends, layout.heads, layout.intervals, strict=True):
        for above, text in zip((text_height(1) + 1.5, 1.5), heads, strict=True):
            figure.text_at(end, top - above, text, **_HEAD)
    table = figure.axes_at(0, top, FULL_MM, layout.height)
    table.set_axis_off()
    table.set_xlim(0, FULL_MM)
    table.set_ylim(layout.height, 0)
    _draw_texts(table, layout)
    plot = figure.axes_at(layout.plot_left, top, layout.plot_width, layout.height)
    _draw_axis(plot, layout, statistic)
    for row, (_, _, middle) in zip(layout.rows, layout.places, strict=True):
        _draw_estimate(plot, row.article, middle - _APART_MM, ARTICLE)
        _draw_estimate(plot, row.ours, middle + _APART_MM, OURS)
    return figure


def _style(name: str) -> dict[str, Any]:
    """An open circle in grey for the article, a filled square in colour for ours."""
    if name == ARTICLE:
        return {
            "color": QUIET,
            "marker": "o",
            "markerfacecolor": "white",
            "markersize": _MARK_PT,
            "linewidth": 1.0,
        }
    return {"color": stroke(0).colour, "marker": "s", "markersize": _MARK_PT, "linewidth": 1.0}


def _draw_texts(table: Axes, layout: PairLayout) -> None:
    for row, label, (first, top, middle) in zip(
        layout.rows, layout.labels, layout.places, strict=True
    ):
        if first:
            table.axhline(first, color=RULE, linewidth=0.5, xmin=MARGIN_MM / FULL_MM)
        if first < top:
            heading = row.heading[:1].upper() + row.heading[1:]
            _write(table, MARGIN_MM, (first + top) / 2 + 0.4, heading, fontweight="bold")
        _write(table, MARGIN_MM + INDENT_MM, middle, label)
        for end, estimate in zip(layout.text_ends, (row.article, row.ours), strict=True):
            _write(table, end, middle, estimate.text, ha="right")


def _write(table: Axes, x: float, y: float, text: str, **style: Any) -> None:
    table.text(
        x,
        y - CAP_DROP_MM,
        text,
        **{
            "va": "center_baseline",
            "fontsize": SMALL_PT,
            "color": INK,
            "linespacing": 1.2,
            **style,
        },
    )


def _draw_axis(plot: Axes, layout: PairLayout, statistic: str) -> None:
    plot.patch.set_visible(False)
    plot.set_ylim(layout.height, 0)
    plot.set_yticks([])
    plot.spines["left"].set_visible(False)
    plot.set_xlabel(AXES[statistic])
    if statistic == "survival":
        plot.set_xlim(0, PERCENT)
        return
    estimates = [x for row in layout.rows for x in (row.article, row.ours) if not isnan(x.value)]
    axis = ratio_axis(
        Mark(x.value, x.low if x.has_interval else x.value, x.high if x.has_interval else x.value)
        for x in estimates
    )
    plot.set_xscale("log")
    plot.set_xlim(axis.low, axis.high)
    plot.set_xticks(axis.ticks, [f"{tick:g}" for tick in axis.ticks])
    plot.minorticks_off()
    plot.axvline(1, color=QUIET, linewidth=0.6, zorder=0)


def _draw_estimate(plot: Axes, estimate: Estimate, y: float, name: str) -> None:
    """The estimate on its interval; an interval that leaves the axis ends in an arrow."""
    style = {**_style(name), "clip_on": False}
    if isnan(estimate.value):
        return
    left, right = plot.get_xlim()
    if estimate.has_interval:
        ends = [max(estimate.low, left), min(estimate.high, right)]
        plot.plot(ends, [y, y], color=style["color"], linewidth=1.0, solid_capstyle="butt")
    for limit, beyond, arrow in (
        (left, estimate.low < left, "<"),
        (right, estimate.high > right, ">"),
    ):
        if beyond:
            plot.plot([limit], [y], arrow, color=style["color"], markersize=3, clip_on=False)
    plot.plot([estimate.value], [y], **{**style, "linestyle": "none"})
