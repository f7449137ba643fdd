"""How wide a text will be in print, and a legend of known size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from analysis_lib.marks import unmarked
from analysis_lib.show.figure import (
    FONT,
    MM_PER_INCH,
    POINTS_PER_INCH,
    SMALL_PT,
    TEXT_PT,
    ReportFigure,
)

LINE_SPACING = 1.2
CAP_DROP_MM = 0.25  # matplotlib's centred baseline lies this much too low for small text
_TO_PATH = TextToPath()


def mm(points: float) -> float:
    """Typographic points in millimetres."""
    return points * MM_PER_INCH / POINTS_PER_INCH


def points(millimetres: float) -> float:
    """Millimetres in typographic points."""
    return millimetres * POINTS_PER_INCH / MM_PER_INCH


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = SMALL_PT, *, bold: bool = False) -> float:
    """Width in millimetres of the longest line of a text."""
    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    lines = unmarked(text).split("\n")
    return max(
        mm(_TO_PATH.get_text_width_height_descent(line, font, ismath=False)[0]) for line in lines
    )


def line_count(text: str) -> int:
    return text.count("\n") + 1


def text_height(lines: int, size: float = SMALL_PT) -> float:
    """Height in millimetres of so many lines."""
    return mm(lines * size * LINE_SPACING)


def wrap(text: str, width: float, size: float = SMALL_PT, *, bold: bool = False) -> str:
    """Break a text at its spaces to fit a width, and a word that is too long at any letter."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines += _pieces(word, width, size, bold)
    return "\n".join(lines)


def shorten(text: str, width: float, size: float = SMALL_PT, *, bold: bool = False) -> str:
    """The text cut to a width, with an ellipsis, where there is no room for a second line."""
    if text_width(text, size, bold=bold) <= width:
        return text
    fits = [n for n in range(len(text)) if text_width(f"{text[:n]}…", size, bold=bold) <= width]
    return f"{text[: max(fits, default=0)].rstrip()}…"


def label_time(axes: Axes, unit: str, zero: str, after: str = "") -> None:
    """Name the time axis; of what it counts from, as much as the axis is wide."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    width = axes.bbox.width / figure.dpi * MM_PER_INCH
    room = width - text_width(f"{unit} from {after}", TEXT_PT)
    axes.set_xlabel(f"{unit} from {shorten(zero, room, TEXT_PT)}{after}")


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    """The word, cut where it would leave the width; after a hyphen or slash if it has one."""
    if text_width(word, size, bold=bold) <= width or len(word) < 2:
        return [word]
    fits = max(
        (n for n in range(1, len(word)) if text_width(word[:n], size, bold=bold) <= width),
        default=1,
    )
    breaks = [n for n in range(1, fits + 1) if word[n - 1] in "-/–"]
    cut = breaks[-1] if breaks else fits
    return [word[:cut], *_pieces(word[cut:], width, size, bold)]


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
