"""What a reader expects of printed pages, as rules over the lines of a PDF."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import pypdfium2
from pypdfium2 import raw

HEAD, FOOT = 74.0, 71.0  # points: above is the label, below are the title and the number
CHAPTER, SECTION, TEXT, CAPTION = 18.0, 12.5, 10.0, 9.2  # points from which a line is of a kind
EDGE = 100.0  # captions begin left of it, the text right of it
TOUCHING = 0.15  # of the size of the letters: two pieces that are nearer to each other are one word
FEW = 3  # lines of text that are too few between two floats
_CAPTION = re.compile(r"(Figure|Table)\s(\d+)\.(\d+):")
_PARTED = re.compile(r"(\d%?\u2013|\d%? to|[(\s]P [=<>])$")
_NUMBERED = re.compile(r"\d+(\.\d+)*\s")


@dataclass(frozen=True)
class Line:
    """A printed line: page from 1, its foot in points below the page's head, size of letters."""

    page: int
    foot: float
    left: float
    size: float
    bold: bool
    text: str

    @property
    def kind(self) -> str:
        """`chapter`, `section`, `caption`, `text` or, of a table or figure, `inside`."""
        if self.size >= SECTION and self.bold and _NUMBERED.match(self.text):
            return "chapter" if self.size >= CHAPTER else "section"
        if self.size >= TEXT or (self.size >= CAPTION and self.left > EDGE):
            return "text"
        return "caption" if self.size >= CAPTION else "inside"

    @property
    def is_float(self) -> bool:
        return self.kind in ("caption", "inside")

    @property
    def number(self) -> tuple[str, int, int] | None:
        """What a caption begins with: `("Figure", 2, 1)`."""
        found = _CAPTION.match(self.text) if self.kind == "caption" else None
        return (found[1], int(found[2]), int(found[3])) if found else None


Pages = Sequence[Sequence[Line]]
Fault = tuple[Line, str]


def lines_of(document: pypdfium2.PdfDocument) -> Pages:
    """The lines of every page from top to bottom, without what stands on each."""
    return [list(_lines(number, page)) for number, page in enumerate(document, start=1)]


def _lines(number: int, page: pypdfium2.PdfPage) -> Iterator[Line]:
    text, height = page.get_textpage(), page.get_height()
    pieces = []
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        at = raw.FPDFText_GetCharIndexAtPos(text, left + 1, (bottom + top) / 2, 4, 8)
        x, y = ctypes.c_double(), ctypes.c_double()
        if at >= 0 and raw.FPDFText_GetCharOrigin(text, at, x, y):
            foot = height - y.value
            words = text.get_text_bounded(left, bottom, right, top)
            if HEAD < foot < height - FOOT and words.strip():
                pieces.append((round(foot, 0), left, right, at, words))
    for _, row in groupby(_rows(sorted(pieces)), key=lambda one: one[0]):
        parts = sorted((piece for _, piece in row), key=lambda piece: piece[1])
        foot, left, _, at, _ = parts[0]
        size, bold = raw.FPDFText_GetFontSize(text, at), _is_bold(text, at)
        yield Line(number, foot, left, size, bold, _joined(parts, size * TOUCHING))


Piece = tuple[float, float, float, int, str]


def _joined(parts: Sequence[Piece], touching: float) -> str:
    """The words of a line; what stands closer than a space is one word."""
    words = parts[0][-1]
    for (_, _, end, *_), (_, start, _, _, following) in pairwise(parts):
        words += following if start - end < touching else f" {following}"
    return words.strip()


def _rows(pieces: Sequence[Piece]) -> Iterator[tuple[int, Piece]]:
    """Each piece with the number of its line: those whose feet are within two points."""
    row, last = 0, -10.0
    for piece in pieces:
        row += piece[0] - last > 2
        last = piece[0]
        yield row, piece


def _is_bold(text: pypdfium2.PdfTextPage, index: int) -> bool:
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, index, name, 200, flags)
    return b"Bold" in name.value or b"Semibold" in name.value


def broken(document: pypdfium2.PdfDocument) -> list[str]:
    """Every rule that a page breaks, with the page and the line."""
    pages = lines_of(document)
    rules = (_headings, _chapters, _stranded, _group_heads, _captions, _order, _limits, _intervals)
    return [
        f"page {line.page}: {line.text[:60]!r}: {fault}"
        for rule in rules
        for line, fault in rule(pages)
    ]


def _headings(pages: Pages) -> Iterator[Fault]:
    """Text stands under a heading, on its page."""
    for lines in pages:
        for line, after in pairwise([*lines, None]):
            if line and line.kind in ("chapter", "section") and (after is None or after.is_float):
                yield line, "a heading without text under it"


def _chapters(pages: Pages) -> Iterator[Fault]:
    """A chapter begins at the head of a page, but the first, which follows the title."""
    for lines in pages[1:]:
        for before, line in pairwise(lines):
            if line.kind == "chapter" and before.kind != "chapter":
                yield line, "a chapter begins below something else"


def _stranded(pages: Pages) -> Iterator[Fault]:
    """No few lines of text stand between two floats."""
    for lines in pages:
        runs = [list(run) for _, run in groupby(lines, key=lambda line: line.is_float)]
        for run in runs[1:-1]:
            if {line.kind for line in run} == {"text"} and len(run) <= FEW:
                yield run[0], f"{len(run)} of text between two floats"


def _group_heads(pages: Pages) -> Iterator[Fault]:
    """Rows follow the head of a group of a table, on its page."""
    for lines in pages:
        for line, after in pairwise([*lines, None]):
            if line and line.kind == "inside" and line.bold and not _NUMBERED.match(line.text):
                if after is None:
                    yield line, "a group's head at the foot"
                elif after.kind == "inside" and after.bold:
                    yield line, "a group's head without rows"


def _captions(pages: Pages) -> Iterator[Fault]:
    """A table's head follows its caption on the page."""
    for lines in pages:
        for number, line in enumerate(lines):
            if line.number and line.number[0] == "Table":
                below = [x.kind for x in lines[number + 1 :] if x.kind != "caption"]
                if below[:1] != ["inside"]:
                    yield line, "a caption without its table"


def _order(pages: Pages) -> Iterator[Fault]:
    """Figures and tables come in the order of their numbers."""
    last = {"Figure": (0, 0), "Table": (0, 0)}
    for line in (line for lines in pages for line in lines if line.number):
        kind, *place = line.number or ("", 0, 0)
        if tuple(place) <= last[kind]:
            yield line, f"after {kind} {last[kind][0]}.{last[kind][1]}"
        last[kind] = (place[0], place[1])


def _limits(pages: Pages) -> Iterator[Fault]:
    """A chapter ends with its limits, after all that it shows; they are on one page."""
    page = 0
    for line in (line for lines in pages for line in lines):
        if line.size >= SECTION and line.bold:
            page = line.page if line.text.endswith("Limits") else 0
        if page and line.number:
            yield line, "a float after the limits"
        elif page and line.page > page:
            yield line, "limits that a page parts"
            page = line.page


def _intervals(pages: Pages) -> Iterator[Fault]:
    """No line ends inside an interval, or between P and its value."""
    for line in (line for lines in pages for line in lines):
        if _PARTED.search(line.text) and line.kind in ("text", "caption"):
            yield line, "an interval that a line parts"
