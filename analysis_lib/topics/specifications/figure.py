"""Every specification's hazard ratio, sorted, above the choices that made it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from analysis_lib.results.rows import Omitted, unless_omitted
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    QUIET,
    RULE,
    ReportFigure,
    head_height,
    in_theme,
    stroke,
    write,
)
from analysis_lib.show.forest_layout import Mark, RatioAxis, ratio_axis
from analysis_lib.show.measure import line_count, text_height, text_width, wrap
from analysis_lib.topics.specifications.choices import DIMENSIONS, Point, PrintedRatio
from analysis_lib.topics.specifications.numbers import SpecificationCurve

_CURVE_MM, _ROW_MM, _HEAD_MM, _GAP_MM, _LEGEND_MM = 52.0, 3.0, 4.2, 5.0, 9.0
_AXIS_MM = 8.0
_PRIMARY, _AS_PUBLISHED = stroke(0), stroke(1)


@dataclass(frozen=True)
class _Rows:
    """The options in use, one a row, under the heading of their choice."""

    headings: tuple[tuple[float, str], ...]
    options: dict[tuple[str, str], tuple[float, str]]
    height: float


@in_theme
@unless_omitted
def plot_specification_curve(
    curve: SpecificationCurve,
    printed: PrintedRatio | None = None,
    level: str = "",
) -> ReportFigure | Omitted:
    """One panel per endpoint for one group against the reference, by default the first.

    `printed` is the published estimate of progression-free survival, drawn as a band.
    """
    level = level or curve.exposure.levels[1]
    panels = [(x, curve.of(x, level)) for x in curve.endpoints]
    panels = [(outcome, points) for outcome, points in panels if points]
    if not panels:
        return Omitted("No specification gives an estimate, so that there is no curve to draw.")
    own_words = curve.results.dictionary.own_words
    rows = _rows([point for _, points in panels for point in points], own_words)
    label = curve.results.label
    names = max(
        [text_width(text) for _, text in rows.options.values()]
        + [text_width(text, bold=True) for _, text in rows.headings]
    )
    left = MARGIN_MM + names + _GAP_MM + _AXIS_MM
    width = (FULL_MM - left - MARGIN_MM - _GAP_MM * (len(panels) - 1)) / len(panels)
    headings = [wrap(_heading(curve, outcome, level), width, bold=True) for outcome, _ in panels]
    top = head_height(label) + text_height(max(map(line_count, headings))) + 1.5
    height = top + _CURVE_MM + _GAP_MM + rows.height + _LEGEND_MM
    title = "The hazard ratio of the exposure under every specification"
    figure = ReportFigure(FULL_MM, height, title=title, label=label)
    marks = [Mark(x.hazard_ratio, x.low, x.high) for _, points in panels for x in points]
    axis = ratio_axis(marks)
    below = top + _CURVE_MM + _GAP_MM
    for index, (outcome, points) in enumerate(panels):
        x = left + index * (width + _GAP_MM)
        figure.text_at(x, top - 1.5, headings[index], va="bottom", fontweight="bold")
        upper = figure.axes_at(x, top, width, _CURVE_MM)
        shown = printed if outcome == "pfs" else None
        _draw_curve(upper, curve, points, axis, shown, index == 0)
        _draw_choices(figure.axes_at(x, below, width, rows.height), points, rows)
    for y, text in rows.headings:
        figure.text_at(MARGIN_MM, below + y, text, va="center", weight="bold")
    for y, text in rows.options.values():
        figure.text_at(MARGIN_MM, below + y, text, va="center")
    _draw_legend(figure, left, below + rows.height + 4.0, printed is not None)
    return figure


def _heading(curve: SpecificationCurve, outcome: str, level: str) -> str:
    several = len(curve.exposure.levels) > 2
    who = f", {curve.exposure.label_of(level)}" if several else ""
    return f"{curve.results.dictionary[outcome].label}{who}"


def _rows(points: Sequence[Point], own_words: Callable[[str], str]) -> _Rows:
    headings: list[tuple[float, str]] = []
    options: dict[tuple[str, str], tuple[float, str]] = {}
    y = 0.0
    for dimension, (heading, labels) in DIMENSIONS.items():
        used = {getattr(point.choices, dimension) for point in points}
        headings.append((y + _HEAD_MM / 2, heading))
        y += _HEAD_MM
        for option, label in labels.items():
            if option in used:
                options[dimension, option] = (y + _ROW_MM / 2, own_words(label))
                y += _ROW_MM
        y += 1.0
    return _Rows(tuple(headings), options, y)


def _draw_curve(
    axes: Axes,
    curve: SpecificationCurve,
    points: Sequence[Point],
    axis: RatioAxis,
    printed: PrintedRatio | None,
    first: bool,
) -> None:
    axes.set_yscale("log")
    axes.set_ylim(axis.low, axis.high)
    axes.set_xlim(-1, len(points))
    axes.set_yticks(axis.ticks, [f"{tick:g}" for tick in axis.ticks] if first else [])
    axes.minorticks_off()
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.axhline(1, color=QUIET, linewidth=0.6, zorder=0)
    if first:
        axes.set_ylabel("Hazard ratio, log scale")
    if printed:
        axes.axhspan(printed.low, printed.high, color=RULE, alpha=0.5, linewidth=0, zorder=-2)
        axes.axhline(printed.value, color=INK, linewidth=0.8, linestyle=(0, (1.2, 1.2)), zorder=-1)
    reported = {curve.reported[x.outcome, x.level] for x in points}
    styles = {
        choices: (one.colour, one.marker, 4.5, 3)
        for both in reported
        for choices, one in zip(both, (_PRIMARY, _AS_PUBLISHED), strict=True)
    }
    for position, point in enumerate(points):
        low, high = max(point.low, axis.low), min(point.high, axis.high)
        plain = (INK if point.excludes_one else QUIET, ".", 2.6, 1)
        colour, marker, size, order = styles.get(point.choices, plain)
        axes.plot(
            [position] * 2,
            [low, high],
            color=colour if order > 1 else RULE,
            linewidth=1.2 if order > 1 else 0.5,
            zorder=order,
        )
        axes.plot([position], [point.hazard_ratio], marker, color=colour, ms=size, zorder=order + 1)


def _draw_choices(axes: Axes, points: Sequence[Point], rows: _Rows) -> None:
    axes.set_xlim(-1, len(points))
    axes.set_ylim(rows.height, 0)
    axes.axis("off")
    for (dimension, option), (y, _) in rows.options.items():
        chosen = [i for i, x in enumerate(points) if getattr(x.choices, dimension) == option]
        axes.plot([-1, len(points)], [y, y], color=RULE, linewidth=0.3, zorder=0)
        axes.plot(chosen, np.full(len(chosen), y), "|", color=INK, markersize=4.5, mew=0.5)


def _draw_legend(figure: ReportFigure, left: float, y: float, printed: bool) -> None:
    entries = [
        (_PRIMARY.marker, _PRIMARY.colour, "primary model"),
        (_AS_PUBLISHED.marker, _AS_PUBLISHED.colour, "model A, fitted here"),
        (".", INK, "interval excludes 1"),
        (".", QUIET, "interval includes 1"),
    ]
    axes = figure.canvas_at(MARGIN_MM, y - 2.0, FULL_MM - 2 * MARGIN_MM, 4.0)
    x = 1.0
    for marker, colour, text in entries:
        axes.plot([x], [2], marker, color=colour, markersize=4.5)
        write(axes, x + 2.5, 2, text)
        x += text_width(text) + 8.0
    if printed:
        axes.plot([x - 1.5, x + 2.5], [2, 2], color=INK, linewidth=0.8, linestyle=(0, (1.2, 1.2)))
        axes.axvspan(x - 1.5, x + 2.5, color=RULE, alpha=0.5, linewidth=0)
        text = "published estimate and interval"
        write(axes, x + 4.0, 2, text)
