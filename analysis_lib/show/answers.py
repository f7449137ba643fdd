"""What a figure answers to who points at it: the rows of its numbers, curves month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from matplotlib.ticker import FixedFormatter

from analysis_lib.marks import FIGURE, MIME, PLACES, Notes, take_marks, unmarked

_TO_PATH = TextToPath()
_SPARE_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}
DECIMALS = 4  # of a share of the figure's width or height


@dataclass(frozen=True)
class Series:
    """One curve at the times of its axis; None where it is not known."""

    label: str
    value: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    at_risk: tuple[int, ...]


@dataclass(frozen=True)
class Along:
    """Curves over `times` in months, on an axis from 0 to `end`; `what` they are the share of."""

    what: str
    end: float
    times: tuple[float, ...]
    confidence_level: float
    series: tuple[Series, ...]


# Left, top, width and height in shares of the figure, and the note of the number.
Placed = tuple[list[float], list[object]]


@dataclass
class Answers:
    """The numbers of a figure with their places, and the rectangles that answer along an axis."""

    numbers: list[Placed] = field(default_factory=list)
    along: list[tuple[list[float], Along]] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """What an output holds beside its drawing: notes, their places, and axes."""
        notes: Notes = []
        places = []
        for box, note in self.numbers:
            if note not in notes:
                notes.append(note)
            places.append([*_rounded(box), notes.index(note)])
        axes = [{"box": _rounded(box), **asdict(axis)} for box, axis in self.along]
        held = {MIME: notes, PLACES: places, FIGURE: axes}
        return {mime: content for mime, content in held.items() if content}


def _rounded(box: Sequence[float]) -> list[float]:
    return [round(share, DECIMALS) for share in box]


def placed_numbers(figure: Figure) -> list[Placed]:
    """Take the marks off all texts of a figure; where each number that had one is drawn."""
    for formatter in _fixed(figure):
        formatter.seq = [*map(unmarked, formatter.seq)]
    found = []
    for artist in figure.findobj(Text):
        text, notes, places = take_marks(artist.get_text(), [])
        if text != artist.get_text():
            artist.set_text(text)
            found.append((artist, text, notes, places))
    if found:
        figure.draw_without_rendering()  # every text in its place
    return [one for each in found for one in _boxes(figure, *each)]


def _fixed(figure: Figure) -> Iterator[FixedFormatter]:
    """What writes the labels of axes that are given and not computed."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            formatter = axis.get_major_formatter()
            if isinstance(formatter, FixedFormatter):
                yield formatter


def _boxes(
    figure: Figure, artist: Text, text: str, notes: Notes, places: list[list[int]]
) -> Iterator[Placed]:
    """The box of each number: its share of the line that it stands in."""
    extent = artist.get_window_extent()
    lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    scale = extent.width / max(1.0, *(_width(artist, line) for line in lines))
    each = extent.height / len(lines)
    for start, end, note in places:
        row = max(i for i, first in enumerate(starts) if first <= start)
        before, number = text[starts[row] : start], text[start:end]
        spare = extent.width - _width(artist, lines[row]) * scale
        share = _SPARE_BEFORE[artist.get_horizontalalignment()]
        left = extent.x0 + share * spare + _width(artist, before) * scale
        top = figure.bbox.height - extent.y1 + row * each
        box = [left, top, _width(artist, number) * scale, each]
        sides = (figure.bbox.width, figure.bbox.height) * 2
        yield [x / side for x, side in zip(box, sides, strict=True)], notes[note]


def _width(artist: Text, text: str) -> float:
    """Of a line in the font of the artist."""
    return float(
        _TO_PATH.get_text_width_height_descent(text, artist.get_fontproperties(), False)[0]
    )
