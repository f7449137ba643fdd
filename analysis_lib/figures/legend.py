"""A legend of known size, in as many columns as its width allows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil

from matplotlib.artist import Artist

from analysis_lib.figures.measure import line_count, mm, text_height, text_width, wrap
from analysis_lib.figures.report_figure import ReportFigure
from analysis_lib.figures.theme import SMALL_PT

# matplotlib's lengths, in units of the font size.
_HANDLE, _HANDLE_GAP, _COLUMN_GAP, _ROW_GAP = 2.4, 0.6, 1.6, 0.35
_LABEL_MM = 70.0


@dataclass(frozen=True)
class Legend:
    """Labelled handles, to be set in a width given in millimetres."""

    handles: tuple[Artist, ...]
    available: float

    @cached_property
    def labels(self) -> tuple[str, ...]:
        room = min(_LABEL_MM, self.available - _em(_HANDLE + _HANDLE_GAP))
        return tuple(wrap(str(handle.get_label()), room) for handle in self.handles)

    @cached_property
    def columns(self) -> int:
        """The most columns that fit; entries run down the columns."""
        fitting = [n for n in range(1, len(self.labels) + 1) if self._width(n) <= self.available]
        return max(fitting, default=1)

    @cached_property
    def width(self) -> float:
        return self._width(self.columns)

    @cached_property
    def height(self) -> float:
        depth = ceil(len(self.labels) / self.columns)
        tallest = max(
            sum(line_count(label) for label in column) for column in self._split(self.columns)
        )
        return text_height(tallest) + depth * _em(_ROW_GAP)

    def draw(self, figure: ReportFigure, left: float, top: float) -> None:
        """Draw with the upper left corner there, in millimetres."""
        figure.legend(
            handles=list(self.handles),
            labels=list(self.labels),
            loc="upper left",
            bbox_to_anchor=figure.position(left, top),
            ncols=self.columns,
            borderaxespad=0,
            borderpad=0,
            handlelength=_HANDLE,
            handletextpad=_HANDLE_GAP,
            columnspacing=_COLUMN_GAP,
            labelspacing=_ROW_GAP,
        )

    def _split(self, columns: int) -> list[tuple[str, ...]]:
        """matplotlib's columns: as even as can be, the longer ones first."""
        base, longer = divmod(len(self.labels), columns)
        sizes = [base + 1] * longer + [base] * (columns - longer)
        starts = [sum(sizes[:i]) for i in range(columns)]
        return [self.labels[i : i + n] for i, n in zip(starts, sizes, strict=True)]

    def _width(self, columns: int) -> float:
        keys = columns * _em(_HANDLE + _HANDLE_GAP) + (columns - 1) * _em(_COLUMN_GAP)
        widths = [max(text_width(label) for label in x) for x in self._split(columns)]
        return keys + sum(widths)


def _em(lengths: float) -> float:
    return mm(lengths * SMALL_PT)
