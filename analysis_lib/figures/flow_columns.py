"""Where the groups of the flow diagram and their splits stand from left to right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analysis_lib.analyses import Box, Flow
from analysis_lib.figures.report_figure import MARGIN_MM
from analysis_lib.figures.theme import FULL_MM

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
