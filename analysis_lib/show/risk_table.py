"""Numbers at risk under a survival panel, at the positions of its ticks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import ceil

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis_lib.show.figure import stroke, write
from analysis_lib.show.measure import line_count, text_height, text_width, wrap

HEADING = "Number at risk"
_ROW_GAP_MM = 0.6
_KEY_MM = 6.0
_GAP_MM = 1.3


@dataclass(frozen=True)
class RiskTable:
    """The rows under one panel: a name and its `numbers` at `times` for every curve.

    `labelled` is False where the panel to the left names them.
    """

    names: tuple[str, ...]
    times: tuple[float, ...]
    numbers: tuple[tuple[str, ...], ...]
    label_width: float
    labelled: bool

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(wrap(name, self.label_width) for name in self.names)

    @cached_property
    def height(self) -> float:
        """Millimetres that the heading and the rows need."""
        return sum(self._heights)

    @cached_property
    def left(self) -> float:
        """Millimetres that labels, keys and half the first column need left of time 0."""
        width = max(text_width(x) for x in self.labels) if self.labelled else 0.0
        heading = text_width(HEADING, bold=True) if self.labelled else 0.0
        return self._key_end + _KEY_MM + _GAP_MM + max(width, heading)

    @cached_property
    def column_width(self) -> float:
        return max(text_width(number) for row in self.numbers for number in row) + _GAP_MM

    def shown_times(self, millimetres_per_month: float) -> tuple[float, ...]:
        """The times, or every second or third where numbers would touch."""
        times = self.times
        if len(times) < 2 or millimetres_per_month <= 0:
            return times
        spacing = min(b - a for a, b in pairwise(times)) * millimetres_per_month
        return times[:: max(1, ceil(self.column_width / spacing))]

    @cached_property
    def _key_end(self) -> float:
        return max(text_width(row[0]) for row in self.numbers) / 2 + _GAP_MM

    @cached_property
    def _heights(self) -> list[float]:
        lines = (1, *(line_count(label) for label in self.labels))
        return [text_height(n) + _ROW_GAP_MM for n in lines]

    def _centres(self) -> list[float]:
        """The middle of the heading and of each row, downwards in millimetres."""
        tops = [sum(self._heights[:i]) for i in range(len(self._heights))]
        return [top + height / 2 for top, height in zip(tops, self._heights, strict=True)]


def draw_risk_table(axes: Axes, table: RiskTable, mm_per_month: float) -> None:
    """Fill axes whose units are millimetres, x from time 0 and y downwards from the heading."""
    heading, *centres = table._centres()
    times = table.times
    shown = table.shown_times(mm_per_month)
    label_end = -table._key_end - _KEY_MM - _GAP_MM
    if table.labelled:
        write(axes, label_end, heading, HEADING, ha="right", fontweight="bold")
    for index, (label, centre) in enumerate(zip(table.labels, centres, strict=True)):
        _draw_key(axes, index, centre, -table._key_end)
        if table.labelled:
            write(axes, label_end, centre, label, ha="right")
        for time, number in zip(times, table.numbers[index], strict=True):
            if time in shown:
                write(axes, time * mm_per_month, centre, number, ha="center")


def _draw_key(axes: Axes, index: int, centre: float, end: float) -> None:
    style = stroke(index)
    key = Line2D([end - _KEY_MM, end], [centre, centre])
    key.set(color=style.colour, linestyle=style.dashes, clip_on=False)
    axes.add_line(key)
