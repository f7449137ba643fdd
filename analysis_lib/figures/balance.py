"""How alike the groups were before infusion: absolute standardised differences."""

from __future__ import annotations

from math import isnan
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis_lib.analyses import Baseline, Key, Omitted
from analysis_lib.dictionary import lower_first
from analysis_lib.figures.legend import Legend
from analysis_lib.figures.measure import line_count, text_height, text_width, wrap
from analysis_lib.figures.report_figure import MARGIN_MM, ReportFigure, label_height
from analysis_lib.figures.theme import (
    INK,
    MIDDLE_MM,
    QUIET,
    RULE,
    SMALL_PT,
    in_theme,
    stroke,
)
from analysis_lib.format import NOT_ESTIMABLE, format_number

IMBALANCE = 0.1
_LEAST_SHOWN = 0.5
_MOST_TICKS = 8
_NAME_MM = 48.0
_ROW_GAP_MM = 1.4
_AXIS_MM = 10.0
_GAP_MM = 2.0
_RIGHT_MM = 4.0


@in_theme
def plot_balance(baseline: Baseline | Omitted) -> ReportFigure | Omitted:
    """Absolute standardised difference of every baseline variable, one mark per contrast.

    The dashed line at 0.1 is the customary bound of a negligible imbalance.
    """
    if isinstance(baseline, Omitted):
        return baseline
    names = [wrap(variable.label, _NAME_MM) for variable in baseline.variables]
    heights = [text_height(line_count(name)) + _ROW_GAP_MM for name in names]
    left = 2 * MARGIN_MM + max(text_width(name) for name in names)
    width = MIDDLE_MM - left - _RIGHT_MM
    legend = _legend(baseline, width)
    label = baseline.results.label
    top = MARGIN_MM + label_height(label) + legend.height + _GAP_MM
    total = top + sum(heights) + _AXIS_MM + MARGIN_MM
    title = f"Standardised differences by {baseline.grouping.phrase}"
    figure = ReportFigure(MIDDLE_MM, total, title=title, label=label)
    legend.draw(figure, left, top - legend.height - _GAP_MM)
    axes = figure.axes_at(left, top, width, sum(heights))
    centres = [sum(heights[:i]) + height / 2 for i, height in enumerate(heights)]
    differences = _differences(baseline)
    _draw_frame(axes, names, centres, sum(heights), differences)
    for index, contrast in enumerate(differences):
        _draw_contrast(axes, contrast, index, centres)
    return figure


def _differences(baseline: Baseline) -> list[list[float]]:
    """Per contrast, the difference of every variable as the results hold it."""
    grouping = baseline.grouping
    at = Key(baseline.analysis, population="infused", statistic="standardized_difference")
    return [
        [
            baseline.results.value(
                at._replace(variable=variable.name, contrast=f"{level}_vs_{grouping.reference}")
            )
            for variable in baseline.variables
        ]
        for level in grouping.levels[1:]
    ]


def _legend(baseline: Baseline, width: float) -> Legend:
    handles: list[Artist] = []
    reference = lower_first(baseline.grouping.labels[0])
    for index, label in enumerate(baseline.grouping.labels[1:]):
        text = f"{label} vs {reference}"
        handles.append(Line2D([], [], label=text, **_mark(index)))
    bound = f"Difference of {format_number(IMBALANCE)}"
    handles.append(Line2D([], [], color=QUIET, linestyle="--", linewidth=0.8, label=bound))
    return Legend(tuple(handles), width)


def _mark(index: int) -> dict[str, Any]:
    style = stroke(index)
    return {
        "linestyle": "none",
        "marker": style.marker,
        "markersize": 4.5,
        "color": style.colour,
        "markeredgecolor": "white",
        "markeredgewidth": 0.4,
    }


def _draw_frame(
    axes: Axes,
    names: list[str],
    centres: list[float],
    height: float,
    differences: list[list[float]],
) -> None:
    known = [x for contrast in differences for x in contrast if not isnan(x)]
    axes.set_ylim(height, 0)
    axes.set_xlim(0, max(_LEAST_SHOWN, 1.06 * max(known, default=0.0)))
    axes.set_yticks(centres, names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.hlines(centres, 0, axes.get_xlim()[1], color=RULE, linewidth=0.4, zorder=0)
    axes.axvline(IMBALANCE, color=QUIET, linestyle="--", linewidth=0.8, zorder=1)
    ticks = _ticks(axes.get_xlim()[1])
    axes.set_xticks(ticks, [format_number(tick) for tick in ticks])
    axes.set_xlabel("Absolute standardised difference")


def _ticks(limit: float) -> list[float]:
    """Tenths, or every second or fifth of them where the axis is long."""
    step = next((tenths for tenths in (1, 2, 5) if 10 * limit / tenths <= _MOST_TICKS), 10)
    return [tenths / 10 for tenths in range(0, int(10 * limit) + 1, step)]


def _draw_contrast(axes: Axes, differences: list[float], index: int, centres: list[float]) -> None:
    pairs = list(zip(differences, centres, strict=True))
    known = [(x, y) for x, y in pairs if not isnan(x)]
    axes.plot([x for x, _ in known], [y for _, y in known], clip_on=False, **_mark(index))
    if index > 0:
        return
    for _, centre in (pair for pair in pairs if isnan(pair[0])):
        axes.text(
            axes.get_xlim()[1],
            centre,
            NOT_ESTIMABLE,
            ha="right",
            va="center",
            fontsize=SMALL_PT,
            color=INK,
            backgroundcolor="white",
        )
