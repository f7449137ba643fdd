"""Columns and rows of the published figure, as wide and high as their texts need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analysis_lib.figures.measure import line_count, text_height, text_width, wrap
from analysis_lib.figures.published_rows import PairRow
from analysis_lib.figures.report_figure import MARGIN_MM
from analysis_lib.figures.theme import FULL_MM

INDENT_MM = 3.0
GAP_MM = 4.0
_LABEL_MM = 58.0
_HEAD_MM = 5.5
_ROW_MM = 5.2
_RIGHT_MM = 2.0


@dataclass(frozen=True)
class PairLayout:
    """Millimetres of the columns and rows; headings are rows without marks."""

    rows: tuple[PairRow, ...]
    heads: tuple[str, str]
    intervals: tuple[str, str]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(wrap(row.label, _LABEL_MM - INDENT_MM) for row in self.rows)

    @cached_property
    def places(self) -> tuple[tuple[float, float, float], ...]:
        """Of every row the top of its heading (or its own top), its top, and its middle."""
        found, at, heading = [], 0.0, ""
        for row, label in zip(self.rows, self.labels, strict=True):
            first = at
            if row.heading and row.heading != heading:
                at += _HEAD_MM
            heading = row.heading
            height = max(_ROW_MM, text_height(line_count(label)) + MARGIN_MM)
            found.append((first, at, at + height / 2))
            at += height
        return tuple(found)

    @cached_property
    def height(self) -> float:
        _, top, middle = self.places[-1]
        return top + 2 * (middle - top) + MARGIN_MM

    @cached_property
    def plot_left(self) -> float:
        widths = [INDENT_MM + text_width(label) for label in self.labels]
        return (
            MARGIN_MM
            + max([*widths, *(text_width(x.heading, bold=True) for x in self.rows)])
            + GAP_MM
        )

    @cached_property
    def text_ends(self) -> tuple[float, float]:
        """The right edges of the article's and our column of texts."""
        ours = FULL_MM - _RIGHT_MM
        return ours - self._width(1) - GAP_MM, ours

    @cached_property
    def plot_width(self) -> float:
        return self.text_ends[0] - self._width(0) - GAP_MM - self.plot_left

    def _width(self, column: int) -> float:
        texts = [(row.article, row.ours)[column].text for row in self.rows]
        heads = (text_width(x, bold=True) for x in (self.heads[column], self.intervals[column]))
        return max(*heads, *(text_width(x) for x in texts))
