"""Which of the first rows of a table holds the names of its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

LOOKED_AT = 30  # rows
_NEARLY = 0.8  # of the widest row's cells must hold a name
_MEASURED = 0.1  # of the columns hold numbers or dates below their name
_WORDS = 3  # above numbers, all different, make a second header
_NUMBER_OR_DATE = re.compile(
    r"[<>]?[+-]?(\d+([.,]\d*)*|[.,]\d+)([eE][+-]?\d+)? ?%?"
    r"|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T].*)?"
)

NumberedRow = tuple[int, Sequence[str]]


def header_below(first: Sequence[NumberedRow]) -> int:
    """The number of a row that looks more like the header than the first one does, else 0."""
    width = _width(first)
    if not first or _has_names(first[0][1], width):
        return 0
    return next(
        (
            number
            for place, (number, cells) in enumerate(first[1:], start=1)
            if _has_names(cells, width)
            and len(_measured(first[place + 1 :])) >= max(1, _MEASURED * width)
        ),
        0,
    )


def second_header(first: Sequence[NumberedRow]) -> int:
    """The number of the second row where it holds words above numbers and dates alone, else 0.

    It may hold labels, names or units. Several words must differ: a patient of whom nothing is
    known has the same one everywhere.
    """
    if len(first) < 4:
        return 0
    number, cells = first[1]
    texts = [cells[place] for place in _measured(first[2:]) if place < len(cells) and cells[place]]
    words = {text for text in texts if not _NUMBER_OR_DATE.fullmatch(text)}
    return number if len(words) >= _WORDS and not any(map(_NUMBER_OR_DATE.fullmatch, texts)) else 0


def _width(rows: Sequence[NumberedRow]) -> int:
    return max((sum(map(bool, cells)) for _, cells in rows), default=0)


def _has_names(cells: Sequence[str], width: int) -> bool:
    """Whether nearly every column has a text, none of them twice and none a number or a date."""
    names = [cell.casefold() for cell in cells if cell]
    return (
        len(names) >= max(2, _NEARLY * width)
        and len(set(names)) == len(names)
        and not any(_NUMBER_OR_DATE.fullmatch(name) for name in names)
    )


def _measured(rows: Sequence[NumberedRow]) -> list[int]:
    """The columns that hold nothing but numbers or dates."""
    measured = []
    for place in range(max((len(cells) for _, cells in rows), default=0)):
        held = [cells[place] for _, cells in rows if place < len(cells) and cells[place]]
        if held and all(map(_NUMBER_OR_DATE.fullmatch, held)):
            measured.append(place)
    return measured
