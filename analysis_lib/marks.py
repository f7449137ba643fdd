"""Numbers that know their row, and the marks that nobody sees behind them in a text.

A formatted number is text among other text before it is shown, and the same digits may come from
several rows. In a notebook each number that was read from a row therefore carries a mark behind its
last digit until the output is made. The marks are made of halves of characters, which no file can
hold: no text from outside can be taken for one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

MIME = "application/vnd.cart-report.numbers+json"
PLACES = "application/vnd.cart-report.places+json"
FIGURE = "application/vnd.cart-report.figure+json"  # what a figure answers along an axis

Place = tuple[object, ...]  # the parts of a row's key, then the column of the number
# [text, value, place], each once: the place as JSON, and none where there is no row.
Notes = list[list[object]]

_DIGIT, _END = 0xD800, "\ud80a"
_MARKED = re.compile(r"(?P<number>\d+(?:\u00a0\d{3})+|\d*\.?\d+)?(?P<mark>[\ud800-\ud809]+)\ud80a")
_NUMBER = re.compile(r"\d*\.?\d+")
_THOUSANDS = re.compile(r"(?<=\d)\u00a0(?=\d{3})")
_MARKUP = re.compile(r"<style\b.*?</style>|<[^>]*>", re.DOTALL)
_known: dict[tuple[float, Place], int] = {}
_marking = False


def begin_marking() -> None:
    """From now on numbers carry marks: this process runs a notebook."""
    global _marking
    _marking = True


def marked(text: str, value: float, place: Place | None) -> str:
    """The text of a number with the mark of its place, where numbers are marked."""
    if not _marking or place is None:
        return text
    number = _known.setdefault((float(value), place), len(_known))
    return text + "".join(chr(_DIGIT + int(digit)) for digit in str(number)) + _END


def edit_number(text: str, edit: Callable[[str], str]) -> str:
    """The text of a number edited, its mark left where it is."""
    number = text.rstrip("".join(map(chr, range(_DIGIT, _DIGIT + 11))))
    return edit(number) + text[len(number) :]


def unmarked(text: str) -> str:
    """The text without marks."""
    return _MARKED.sub(lambda found: found["number"] or "", text)


def alike(first: Iterable[str], second: Iterable[str]) -> bool:
    """Whether texts are written alike, whatever rows their numbers were read from."""
    return [*map(unmarked, first)] == [*map(unmarked, second)]


def notes_of_shown(notes: Notes, text: str) -> Notes:
    """The notes without what was written on the way and left out, unless a row holds it.

    A sentence that is shortened where small counts are suppressed shall not be noted in full.
    """
    seen = set(map(float, _numbers(_MARKUP.sub(" ", unmarked(text)))))
    return [x for x in notes if len(x) > 2 or not seen.isdisjoint(map(float, _numbers(str(x[0]))))]


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(_THOUSANDS.sub("", text))


def take_marks(text: str, notes: Notes) -> tuple[str, Notes, list[list[int]]]:
    """The text without marks, the notes, and start, end and note of each number that had one.

    A number that was written for an earlier output too has its note there: it gets one here.
    """
    known = tuple(_known)
    notes = [*notes]
    index = {tuple(note[1:]): i for i, note in reversed(list(enumerate(notes)))}
    places, end, length = list[list[int]](), 0, 0
    for match in _MARKED.finditer(text):
        length += match.start("mark") - end
        end = match.end()
        if not match["number"]:
            continue
        value, place = known[int("".join(str(ord(sign) - _DIGIT) for sign in match["mark"]))]
        note = index.setdefault((value, json.dumps(place)), len(notes))
        if note == len(notes):
            notes.append([match["number"], value, json.dumps(place)])
        places.append([length - len(match["number"]), length, note])
    return unmarked(text), notes, places


class Placed(float):
    """A number that knows its place in the results table; what is computed from it does not."""

    place: Place

    def __new__(cls, value: float, place: Place) -> Placed:
        number = super().__new__(cls, value)
        number.place = place
        return number

    def __reduce__(self) -> tuple[type[Placed], tuple[float, Place]]:
        return Placed, (float(self), self.place)


class PlacedCount(int):
    """The same of a number of patients."""

    place: Place

    def __new__(cls, count: int, place: Place) -> PlacedCount:
        number = super().__new__(cls, count)
        number.place = place
        return number

    def __reduce__(self) -> tuple[type[PlacedCount], tuple[int, Place]]:
        return PlacedCount, (int(self), self.place)


class Suppressed(float):
    """A number that is withheld: no value, and none to what is computed from it.

    It behaves as nan; sums, differences, products and shares of it are withheld too.
    """

    def __new__(cls) -> Suppressed:
        return super().__new__(cls, "nan")

    def __repr__(self) -> str:
        return "suppressed"

    def __deepcopy__(self, memo: object) -> Suppressed:
        return self

    def __reduce__(self) -> tuple[type[Suppressed], tuple[()]]:
        return Suppressed, ()

    def _withheld(self, other: object = None) -> Suppressed:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _withheld
    __truediv__ = __rtruediv__ = __neg__ = __abs__ = __pos__ = _withheld


SUPPRESSED: Any = Suppressed()  # stands for counts, too, which are whole numbers
