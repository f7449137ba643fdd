"""The flow of patients from the extract to the groups that are compared."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    QUIET,
    ReportFigure,
    head_height,
    in_theme,
    stroke,
    write,
)
from analysis_lib.topics.flow.layout import PADDING_MM, FlowLayout, Placed, splits
from analysis_lib.topics.flow.numbers import Flow

_LINE: dict[str, Any] = {"color": QUIET, "linewidth": 0.7, "solid_capstyle": "butt"}
_ARROW = {"arrowstyle": "-|>,head_length=0.25,head_width=0.12", "color": QUIET, "linewidth": 0.7}


@in_theme
def plot_flow(flow: Flow) -> ReportFigure:
    """Records, exclusions rule by rule, eligible patients, groups, and how the groups split.

    Shares are of the box above. A box that is split in two ways stands over both, each of which
    adds up to it.
    """
    label = flow.results.label
    layout = FlowLayout(flow, head_height(label))
    height = layout.bottom + MARGIN_MM
    figure = ReportFigure(FULL_MM, height, title="Flow of patients", label=label)
    axes = figure.canvas_at(0, 0, FULL_MM, height)
    _draw_trunk(axes, layout)
    for index, group in enumerate(layout.groups):
        _draw_box(axes, group, edge=stroke(index).colour if layout.columns.fit else INK)
    for leaf in layout.leaves:
        _draw_box(axes, leaf)
    _connect(axes, layout.eligible, [list(layout.groups)])
    placed = {leaf.name: leaf for leaf in layout.leaves}
    for group in layout.groups:
        parts = [[placed[box.name] for box in part] for part in splits(flow, group.name)]
        if parts:
            _connect(axes, group, parts)
    return figure


def _draw_trunk(axes: Axes, layout: FlowLayout) -> None:
    extract, excluded, eligible = layout.extract, layout.excluded, layout.eligible
    for box in (extract, eligible):
        _draw_box(axes, box)
    _draw_box(axes, excluded, aside=True)
    _arrow(axes, (extract.centre, extract.bottom), (eligible.centre, eligible.top))
    middle = excluded.top + excluded.height / 2
    _arrow(axes, (extract.centre, middle), (excluded.centre - excluded.width / 2, middle))


def _draw_box(axes: Axes, box: Placed, *, edge: str = INK, aside: bool = False) -> None:
    """A frame with its text: centred, or from the left in the box of the excluded."""
    left = box.centre - box.width / 2
    frame = Rectangle(
        (left, box.top), box.width, box.height, facecolor="white", edgecolor=edge, linewidth=0.9
    )
    axes.add_patch(frame)
    x, side = (left + PADDING_MM, "left") if aside else (box.centre, "center")
    write(axes, x, box.top + box.height / 2, box.text, ha=side, va="center", linespacing=1.2)


def _connect(axes: Axes, parent: Placed, parts: list[list[Placed]]) -> None:
    """A bus from the parent to each part, and from each part's bus an arrow to its boxes."""
    top = min(box.top for part in parts for box in part)
    step = (top - parent.bottom) / 3
    upper = parent.bottom + step
    _line(axes, (parent.centre, parent.bottom), (parent.centre, upper))
    if len(parts) == 1:
        stems, lower = [parent.centre], upper
    else:
        stems, lower = [(part[0].centre + part[-1].centre) / 2 for part in parts], upper + step
        _line(axes, (min(*stems, parent.centre), upper), (max(*stems, parent.centre), upper))
    for stem, part in zip(stems, parts, strict=True):
        reach = [stem, *(box.centre for box in part)]
        _line(axes, (stem, upper), (stem, lower))
        _line(axes, (min(reach), lower), (max(reach), lower))
        for box in part:
            _arrow(axes, (box.centre, lower), (box.centre, box.top))


def _line(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.plot([start[0], end[0]], [start[1], end[1]], **_LINE, zorder=0)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", end, start, arrowprops={**_ARROW, "shrinkA": 0, "shrinkB": 0}, zorder=0)
