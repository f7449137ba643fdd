"""A swimmer plot: one lane per patient, with response, consolidation, relapse and death."""

from __future__ import annotations

from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis_lib.format import format_count, format_number
from analysis_lib.results.disclosure.curves import rounded_times
from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    TEXT_PT,
    ReportFigure,
    head_height,
    in_theme,
)
from analysis_lib.show.measure import Legend, label_time, line_count, text_height, wrap
from analysis_lib.topics.survival.courses import ACROSS, Courses, Lane

_LANE_MM, _SHORT_LANE_MM = 1.45, 2.6
_FEW_LANES = 30
_GUTTER_MM, _LEFT_MM, _AXIS_MM, _GAP_MM = 6.0, 3.0, 10.0, 2.5
# From dark to light in grey as well: response, and what is known of it.
_COLOURS = {"cr": "#3b6ea5", "cri": "#8fb8de", "no_response": "#e3a857"}
_OTHER = "#d4d4d4"
_MARKS: dict[str, dict[str, Any]] = {
    "transplant": {"marker": "^", "color": INK, "label": "Allogeneic HCT"},
    "consolidation": {
        "marker": "^",
        "color": INK,
        "markerfacecolor": "white",
        "label": "Other consolidation",
    },
    "salvage": {
        "marker": "s",
        "color": INK,
        "markerfacecolor": "white",
        "label": "Salvage treatment",
    },
    "relapse": {"marker": "D", "color": "#b2182b", "label": "Relapse"},
    "death": {"marker": "x", "color": INK, "label": "Death"},
    "alive": {"marker": ">", "color": INK, "markerfacecolor": "none", "label": "Alive"},
}
_MARK_POINTS = 2.7


@in_theme
@unless_omitted
def plot_courses(courses: Courses) -> ReportFigure:
    """The lanes of each group in a panel of its own, the longest follow-up on top."""
    rows = _rows(courses.grouping.levels)
    across = len(rows[0])
    width = (FULL_MM - 2 * _LEFT_MM - (across - 1) * _GUTTER_MM) / across
    lane = _LANE_MM if max(map(len, courses.lanes.values())) > _FEW_LANES else _SHORT_LANE_MM
    names = {x: _name(courses, x, width) for x in courses.grouping.levels}
    heads = [
        text_height(max(line_count(names[x]) for x in row), TEXT_PT) + MARGIN_MM for row in rows
    ]
    bodies = [lane * max(len(courses.lanes[x]) + 1 for x in row) for row in rows]
    legend = Legend(_handles(courses), FULL_MM - 2 * _LEFT_MM)
    top = head_height(courses.label) + legend.height + _GAP_MM
    height = top + sum(heads) + sum(bodies) + len(rows) * (_AXIS_MM + MARGIN_MM)
    title = f"Courses of the patients by {courses.grouping.phrase}"
    figure = ReportFigure(FULL_MM, height, title=title, label=courses.label)
    legend.draw(figure, _LEFT_MM, top - legend.height - _GAP_MM)
    for row, head, body in zip(rows, heads, bodies, strict=True):
        for place, level in enumerate(row):
            left = _LEFT_MM + place * (width + _GUTTER_MM)
            figure.text_at(left, top, names[level], fontsize=TEXT_PT, fontweight="bold", va="top")
            axes = figure.axes_at(left, top + head, width, body)
            _draw_lanes(axes, courses, level, body / lane)
        top += head + body + _AXIS_MM + MARGIN_MM
    return figure


def _rows(levels: tuple[str, ...]) -> list[tuple[str, ...]]:
    across = 2 if len(levels) == 4 else min(ACROSS, len(levels))
    return [levels[i : i + across] for i in range(0, len(levels), across)]


def _name(courses: Courses, level: str, width: float) -> str:
    """The group with its size, and how many of it are drawn where not all are."""
    drawn, n = len(courses.lanes[level]), courses.patients[level]
    size = f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{format_count(n)}"
    if drawn < n:
        size = f"{format_count(drawn)} of {format_count(n)}, evenly spaced"
    return wrap(f"{courses.grouping.label_of(level)} ({size})", width, TEXT_PT, bold=True)


def _longest(courses: Courses) -> float:
    return max((x.end_months for lanes in courses.lanes.values() for x in lanes), default=1.0) or 1


def _draw_lanes(axes: Axes, courses: Courses, level: str, lanes: float) -> None:
    longest = _longest(courses)
    drawn = courses.lanes[level]
    axes.barh(
        range(len(drawn)),
        [lane.end_months for lane in drawn],
        height=0.62,
        color=[_COLOURS.get(lane.response, _OTHER) for lane in drawn],
        linewidth=0,
    )
    for kind, style in _MARKS.items():
        points = [(x, i) for i, lane in enumerate(drawn) for x in _times(lane, kind)]
        if points:
            axes.plot(*zip(*points, strict=True), **_mark(style))
    axes.set_ylim(lanes - 1, -1)
    axes.set_xlim(0, 1.05 * longest)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    ticks = rounded_times(longest)
    axes.set_xticks(ticks, [format_number(tick) for tick in ticks])
    label_time(axes, "Months", courses.time_zero)


def _mark(style: dict[str, Any]) -> dict[str, Any]:
    return {
        "linestyle": "none",
        "markersize": _MARK_POINTS,
        "markeredgewidth": 0.6,
        "clip_on": False,
        **style,
    }


def _times(lane: Lane, kind: str) -> list[float]:
    """When it happened to this patient, if it did."""
    given = lane.consolidation_months
    found = {
        "transplant": given if lane.transplanted else None,
        "consolidation": None if lane.transplanted else given,
        "salvage": lane.salvage_months,
        "relapse": lane.relapse_months,
        "death": lane.end_months if lane.died else None,
        "alive": None if lane.died else lane.end_months,
    }[kind]
    return [] if found is None else [found]


def _handles(courses: Courses) -> tuple[Artist, ...]:
    """A key for every response and mark that anyone has."""
    lanes = [lane for one in courses.lanes.values() for lane in one]
    held = {lane.response for lane in lanes}
    patches: list[Artist] = [
        Patch(color=_COLOURS.get(level, _OTHER), linewidth=0, label=label)
        for level, label in courses.responses
        if level in held
    ]
    named = {"relapse": {"label": courses.relapse}}
    marks: list[Artist] = [
        Line2D([], [], **_mark(style | named.get(kind, {})))
        for kind, style in _MARKS.items()
        if any(_times(lane, kind) for lane in lanes)
    ]
    return (*patches, *marks)
