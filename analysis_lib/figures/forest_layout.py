"""Columns and rows of a forest plot, as wide and high as their texts need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analysis_lib.figures.forest_rows import ForestRow
from analysis_lib.figures.measure import line_count, text_height, text_width, wrap
from analysis_lib.figures.report_figure import MARGIN_MM
from analysis_lib.figures.theme import FULL_MM

HEAD_MM = 5.0
AXIS_MM = 10.0
HEADINGS = {"n": "n", "events": "Events", "p_value": "P"}
_LABEL_MM = 54.0
_INDENT_MM = 3.0
_GAP_MM = 4.0
_ROW_GAP_MM = 0.4


@dataclass(frozen=True)
class ForestLayout:
    """Millimetres of a forest plot in full width; `ratio_heading` names the interval."""

    rows: tuple[ForestRow, ...]
    ratio_heading: str

    def label(self, row: ForestRow) -> str:
        return wrap(row.label, _LABEL_MM - (_INDENT_MM if row.indented else 0.0))

    def reason(self, row: ForestRow) -> str:
        return wrap(row.reason, self.plot_width - _GAP_MM)

    @cached_property
    def tops(self) -> tuple[float, ...]:
        return tuple(sum(self._heights[:i]) for i in range(len(self.rows)))

    @cached_property
    def centres(self) -> tuple[float, ...]:
        pairs = zip(self.tops, self._heights, strict=True)
        return tuple(top + height / 2 for top, height in pairs)

    @cached_property
    def height(self) -> float:
        return sum(self._heights)

    def anchor(self, column: str, *, indented: bool = False) -> tuple[float, str]:
        """Where the text of a column stands, and which of its sides."""
        if column == "label":
            return MARGIN_MM + (_INDENT_MM if indented else 0.0), "left"
        if column == "ratio":
            return self._ratio_left, "left"
        ends = {"n": self._n_end, "events": self._events_end, "p_value": FULL_MM - MARGIN_MM}
        return ends[column], "right"

    @cached_property
    def plot_left(self) -> float:
        return self._events_end + _GAP_MM

    @cached_property
    def plot_width(self) -> float:
        return self._ratio_left - _GAP_MM - self.plot_left

    @cached_property
    def _n_end(self) -> float:
        labels = (text_width(self.label(row)) + _INDENT_MM * row.indented for row in self.rows)
        return MARGIN_MM + max(labels) + _GAP_MM + self._width("n")

    @cached_property
    def _events_end(self) -> float:
        return self._n_end + _GAP_MM + self._width("events")

    @cached_property
    def _ratio_left(self) -> float:
        p_left = FULL_MM - MARGIN_MM - self._width("p_value")
        return p_left - _GAP_MM - self._width("ratio")

    def _width(self, column: str) -> float:
        heading = HEADINGS.get(column, self.ratio_heading)
        texts = [text_width(getattr(row, column)) for row in self.rows]
        return max(text_width(heading, bold=True), *texts)

    @cached_property
    def _heights(self) -> tuple[float, ...]:
        return tuple(
            text_height(max(line_count(self.label(row)), line_count(self.reason(row))))
            + _ROW_GAP_MM
            for row in self.rows
        )
