"""Where the boxes of the flow diagram stand, each as high as its text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analysis_lib.format import NO_BREAK_SPACE, format_count, format_count_percent
from analysis_lib.results.rows import Key
from analysis_lib.show.figure import FULL_MM, MARGIN_MM
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
        total = format_count(sum(step.excluded for step in steps))
        lines = [f"Excluded for not meeting, in this order (n = {total}):"]
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
