"""The flow of patients from the extract to the groups that are compared, box by box."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis_lib.format import NO_BREAK_SPACE, format_count, format_count_percent, total
from analysis_lib.results.rows import Key
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
from analysis_lib.show.measure import line_count, text_height, wrap
from analysis_lib.topics.flow.numbers import Box, Flow

_GAP_MM = 3.0
_SPLIT_GAP_MM = 7.0
_WIDEST_MM = 46.0
_NARROWEST_MM = 19.0


def children(flow: Flow, name: str) -> list[Box]:
    """The boxes that a box is split into."""
    return [box for box in flow.boxes if box.parent == name]


def splits(flow: Flow, name: str) -> list[list[Box]]:
    """The ways in which a box is split, each adding up to it: one a variable."""
    found: dict[str, list[Box]] = {}
    for box in children(flow, name):
        found.setdefault(box.name.partition("=")[0], []).append(box)
    return list(found.values())


@dataclass(frozen=True)
class FlowColumns:
    """Columns of equal width: one for each box that splits a group, or for the group itself."""

    flow: Flow

    @property
    def groups(self) -> list[Box]:
        return children(self.flow, self.flow.boxes[0].name)

    @property
    def fit(self) -> bool:
        """Whether every box has room for its text."""
        return self.width >= _NARROWEST_MM

    @cached_property
    def width(self) -> float:
        """Millimetres of one column."""
        available = FULL_MM - 2 * MARGIN_MM - sum(self._gaps)
        return min(_WIDEST_MM, available / len(self._order))

    @cached_property
    def centres(self) -> dict[str, float]:
        """The middle of every box by name; a group stands over the boxes that split it."""
        used = len(self._order) * self.width + sum(self._gaps)
        left = (FULL_MM - used) / 2
        centres = {}
        for index, name in enumerate(self._order):
            before = sum(self._gaps[:index])
            centres[name] = left + before + (index + 0.5) * self.width
        for group in self.groups:
            below = [centres[box.name] for box in children(self.flow, group.name)]
            if below:
                centres[group.name] = (below[0] + below[-1]) / 2
        return centres

    @cached_property
    def _clusters(self) -> list[list[str]]:
        """Names that stand close together: the boxes of one split, or groups without splits."""
        clusters: list[list[str]] = []
        plain: list[str] = []
        for group in self.groups:
            parts = splits(self.flow, group.name)
            if parts:
                clusters += [plain] if plain else []
                clusters += [[box.name for box in part] for part in parts]
                plain = []
            else:
                plain.append(group.name)
        return [*clusters, plain] if plain else clusters

    @property
    def _order(self) -> list[str]:
        return [name for cluster in self._clusters for name in cluster]

    @property
    def _gaps(self) -> list[float]:
        """The gap after each column; none after the last."""
        gaps: list[float] = []
        for cluster in self._clusters:
            gaps += [_GAP_MM] * (len(cluster) - 1) + [_SPLIT_GAP_MM]
        return gaps[:-1]


PADDING_MM = 1.6
_BOX_GAP_MM = 3.0
_RANK_GAP_MM = 9.0
_TRUNK_MM = 50.0
_TRUNK_X = 48.0
_ASIDE_X = 88.0
_EQUALS = f"{NO_BREAK_SPACE}={NO_BREAK_SPACE}"


@dataclass(frozen=True)
class Placed:
    """A box in millimetres from the upper left corner, with its wrapped text."""

    name: str
    text: str
    centre: float
    top: float
    width: float

    @property
    def height(self) -> float:
        return text_height(line_count(self.text)) + 2 * PADDING_MM

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True)
class FlowLayout:
    """The trunk (extract, eligible) with the excluded beside it, the groups, their splits."""

    flow: Flow
    top: float

    @cached_property
    def columns(self) -> FlowColumns:
        return FlowColumns(self.flow)

    @cached_property
    def extract(self) -> Placed:
        entered = format_count(self.flow.attrition.steps[0].entered)
        text = f"Records in the extract\nn = {entered}"
        return Placed("", text, _TRUNK_X, self.top, _TRUNK_MM)

    @cached_property
    def excluded(self) -> Placed:
        """How many left at each rule, beside the arrow between the two boxes of the trunk."""
        width = FULL_MM - MARGIN_MM - _ASIDE_X
        steps = self.flow.attrition.steps
        out = format_count(total(*(step.excluded for step in steps)))
        lines = [f"Excluded for not meeting, in this order (n = {out}):"]
        lines += [f"{x.rule}: n{_EQUALS}{format_count(x.excluded)}" for x in steps]
        text = "\n".join(wrap(line, width - 2 * PADDING_MM) for line in lines)
        return Placed("", text, _ASIDE_X + width / 2, self.extract.bottom + _BOX_GAP_MM, width)

    @cached_property
    def eligible(self) -> Placed:
        root = self.flow.boxes[0]
        text = f"{root.label}\nn = {format_count(root.n)}"
        return Placed(root.name, text, _TRUNK_X, self.excluded.bottom + _BOX_GAP_MM, _TRUNK_MM)

    @cached_property
    def groups(self) -> tuple[Placed, ...]:
        """A box a group; one box that lists them where they are too many."""
        top = self.eligible.bottom + _RANK_GAP_MM
        groups = self.columns.groups
        if self.columns.fit:
            return tuple(self._place(group, top) for group in groups)
        width = FULL_MM - 2 * MARGIN_MM
        entries = [f"{x.label}: {self._count(x)};".replace(" ", NO_BREAK_SPACE) for x in groups]
        text = wrap(" ".join(entries).rstrip(";"), width - 2 * PADDING_MM)
        return (Placed("groups", text, FULL_MM / 2, top, width),)

    @cached_property
    def leaves(self) -> tuple[Placed, ...]:
        """The boxes that split the groups, each listing what splits it in turn."""
        if not self.columns.fit:
            return ()
        top = max(group.bottom for group in self.groups) + _RANK_GAP_MM
        return tuple(
            self._place(box, top)
            for group in self.columns.groups
            for box in children(self.flow, group.name)
        )

    @property
    def bottom(self) -> float:
        return max(box.bottom for box in (*self.groups, *self.leaves))

    def _place(self, box: Box, top: float) -> Placed:
        width = self.columns.width
        room = width - 2 * PADDING_MM
        lines = [wrap(box.label, room), f"n = {self._count(box)}"]
        if box.parent != self.flow.boxes[0].name:
            parts = children(self.flow, box.name)
            lines += [wrap(f"{x.label}: {self._count(x)}", room) for x in parts]
        return Placed(box.name, "\n".join(lines), self.columns.centres[box.name], top, width)

    def _count(self, box: Box) -> str:
        """n and its share of the box it is split from."""
        variable, _, level = box.name.partition("=")
        base = f"infused[{box.parent}]" if "=" in box.parent else "infused"
        key = Key("flow", "", base, variable, level, statistic="proportion")
        text = format_count_percent(box.n, self.flow.results.value(key))
        return text.replace(" ", NO_BREAK_SPACE)


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
