"""How alike the groups were before infusion: absolute standardised differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isinf, isnan
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis_lib.dictionary import Variable, lower_first
from analysis_lib.estimates.describe import IMBALANCE
from analysis_lib.format import INFINITY, NOT_ESTIMABLE, format_number, is_suppressed
from analysis_lib.results.rows import Key, Results
from analysis_lib.show.cells import contrasts
from analysis_lib.show.figure import (
    MARGIN_MM,
    MIDDLE_MM,
    QUIET,
    RULE,
    ReportFigure,
    head_height,
    stroke,
    write,
)
from analysis_lib.show.measure import Legend, line_count, text_height, text_width, wrap
from analysis_lib.study.exposure import Grouping

_LEAST_SHOWN = 0.5
_MOST_TICKS = 8
_NAME_MM, _ROW_GAP_MM, _AXIS_MM, _GAP_MM, _RIGHT_MM = 48.0, 1.4, 10.0, 2.0, 4.0


@dataclass(frozen=True)
class Marks:
    """One kind of mark: what it stands for, and the difference of every variable."""

    label: str
    differences: tuple[float, ...]


def draw_balance(
    variables: Sequence[Variable], marks: Sequence[Marks], title: str, label: str
) -> ReportFigure:
    """A row a variable with its marks, and the customary bound of a negligible difference."""
    names = [wrap(variable.label, _NAME_MM) for variable in variables]
    heights = [text_height(line_count(name)) + _ROW_GAP_MM for name in names]
    left = 2 * MARGIN_MM + max(text_width(name) for name in names)
    width = MIDDLE_MM - left - _RIGHT_MM
    legend = _legend(marks, width)
    top = head_height(label) + legend.height + _GAP_MM
    total = top + sum(heights) + _AXIS_MM + MARGIN_MM
    figure = ReportFigure(MIDDLE_MM, total, title=title, label=label)
    legend.draw(figure, left, top - legend.height - _GAP_MM)
    axes = figure.axes_at(left, top, width, sum(heights))
    centres = [sum(heights[:i]) + height / 2 for i, height in enumerate(heights)]
    _draw_frame(axes, names, centres, sum(heights), [x.differences for x in marks])
    for index, one in enumerate(marks):
        _draw_marks(axes, one.differences, index, centres)
    return figure


def balance_marks(
    results: Results,
    analysis: str,
    variables: Sequence[Variable],
    grouping: Grouping,
    name: str = "",
) -> list[Marks]:
    """The differences of each group from the reference; of two groups a `name` says enough."""
    at = Key(analysis, population="infused", statistic="standardized_difference")
    several, marks = len(grouping.levels) > 2, []
    for level, contrast in zip(grouping.levels[1:], contrasts(grouping), strict=True):
        compared = f"{grouping.label_of(level)} vs {lower_first(grouping.labels[0])}"
        label = f"{name}, {compared}" if name and several else name or compared
        keys = (at._replace(variable=x.name, contrast=contrast) for x in variables)
        marks.append(Marks(label, tuple(results.value(key) for key in keys)))
    return marks


def _legend(marks: Sequence[Marks], width: float) -> Legend:
    handles: list[Artist] = [
        Line2D([], [], label=one.label, **_mark(index)) for index, one in enumerate(marks)
    ]
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
    differences: Sequence[tuple[float, ...]],
) -> None:
    known = [x for contrast in differences for x in contrast if isfinite(x)]
    axes.set_ylim(height, 0)
    widest = max(_LEAST_SHOWN, 1.06 * max(known, default=0.0))
    axes.set_xlim(-0.03 * widest, widest)  # room for a mark at 0 beside the names
    axes.set_yticks(centres, names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.hlines(centres, 0, widest, color=RULE, linewidth=0.4, zorder=0)
    axes.axvline(IMBALANCE, color=QUIET, linestyle="--", linewidth=0.8, zorder=1)
    ticks = _ticks(axes.get_xlim()[1])
    axes.set_xticks(ticks, [format_number(tick) for tick in ticks])
    axes.set_xlabel("Absolute standardised difference")


def _ticks(limit: float) -> list[float]:
    """Tenths, or every second or fifth of them where the axis is long."""
    step = next((tenths for tenths in (1, 2, 5) if 10 * limit / tenths <= _MOST_TICKS), 10)
    return [tenths / 10 for tenths in range(0, int(10 * limit) + 1, step)]


def _draw_marks(
    axes: Axes, differences: tuple[float, ...], index: int, centres: list[float]
) -> None:
    pairs = list(zip(differences, centres, strict=True))
    limit = axes.get_xlim()[1]
    known = [(min(x, limit), y) for x, y in pairs if not isnan(x)]
    axes.plot([x for x, _ in known], [y for _, y in known], clip_on=False, **_mark(index))
    for _, centre in (pair for pair in pairs if isinf(pair[0])):
        axes.annotate(INFINITY, (limit, centre), (3, 0), textcoords="offset points", va="center")
    if index > 0:
        return
    for difference, centre in (pair for pair in pairs if isnan(pair[0])):
        style = {"ha": "right", "va": "center", "backgroundcolor": "white"}
        said = "suppressed" if is_suppressed(difference) else NOT_ESTIMABLE
        write(axes, limit, centre, said, **style)
