"""Cells as text and rows as a table, whatever file they come from."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from math import isnan
from pathlib import Path

import pandas as pd

from analysis_lib.errors import SourceError
from analysis_lib.intake.identifiers import is_identifying_name
from analysis_lib.intake.reading.bounds import DEFAULT_BOUNDS, Bounds

SHOWN = 5
# Zero-width space, word joiner, byte order mark, soft hyphen, marks of writing direction.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad\u200e\u200f"))
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
_TABLE = {**_INVISIBLE, **_SPACES}


def first_few(items: Sequence[object], what: str = "") -> str:
    """The first five of a list, and how many more of what there are."""
    more = f" and {len(items) - SHOWN} more{what}" if len(items) > SHOWN else ""
    return f"{', '.join(map(str, items[:SHOWN]))}{more}"


def clean_text(text: str) -> str:
    """The visible text, stripped; accents are composed, so that equal text is equal."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text.translate(_TABLE)).strip()


class CleanTexts(dict[str, str]):
    """Cleans each distinct text once and gives one object for it, which saves time and memory."""

    def __missing__(self, text: str) -> str:
        cleaned = self[text] = clean_text(text)
        return cleaned


def cell_text(value: object) -> str:
    """A cell as text: ISO dates, no time where it is midnight, whole numbers without `.0`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dt.datetime):
        return date_text(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def date_text(value: dt.datetime) -> str:
    """A day as ISO date; a time of the day stays where it is not midnight."""
    if value.time() == dt.time():
        return value.date().isoformat()
    return value.replace(microsecond=0).isoformat(sep=" ")


def number_text(value: float) -> str:
    """A number with the 15 digits that a sheet shows: 0.30000000000000004 is 0.3."""
    if isnan(value):
        return ""
    if value.is_integer():
        return str(int(value))
    return format(value, ".15g")


def percent_text(value: float) -> str:
    """A number that a sheet shows in percent, as it shows it: 0.45 is `45%`."""
    return f"{number_text(float(value) * 100)}%"


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


Row = tuple[int, Sequence[str]]
Judge = Callable[[Sequence[str]], None]
_QUOTE = (
    "every row needs as many fields as the header (quote values that hold the separator, such as a "
    "decimal comma)"
)
_NAME_ALL = (
    "give every column one name in the first row and undo merged cells (in R: "
    "write.csv(row.names = FALSE))"
)


def make_table(
    rows: Iterable[Row],
    path: Path,
    *,
    ragged: bool = False,
    judge: Judge | None = None,
    bounds: Bounds = DEFAULT_BOUNDS,
) -> pd.DataFrame:
    """The first row that is not blank is the header, the others are patients by row number.

    Blank rows are no patients. `ragged` allows rows shorter than the header, as sheets keep them;
    in delimited text a short row has lost a field somewhere. `judge` is shown the header before
    anything else is said of it, and may refuse it.

    Raises
    ------
    SourceError
        There is no header or no patient, a column has no name or the name of another, a row has
        more or fewer fields than the header, two headers stand above the patients, or the table
        is larger than its bounds.
    """
    filled = _filled(rows, path, bounds)
    first = list(islice(filled, LOOKED_AT))
    header = first[0][1] if first else []
    if not header:
        raise SourceError(f"{path.name}: is empty; it needs a header and one row per patient")
    header = header[: max(position for position, name in enumerate(header, 1) if name)]
    below = header_below(first)
    if judge is not None:
        judge(header)
    numbers, records = _records(chain(first[1:], filled), len(header), path, below, ragged=ragged)
    if not records:
        raise SourceError(f"{path.name}: has a header but no patients; add one row for each")
    table = _named(pd.DataFrame(records, index=numbers, dtype=object), header, path, below)
    second = second_header(first)
    if second:
        raise SourceError(
            f"{path.name}: row {second} looks like a second header, words above numbers; keep the "
            "row that holds the columns' names, and take the other away"
        )
    return table


def _filled(rows: Iterable[Row], path: Path, bounds: Bounds) -> Iterator[tuple[int, list[str]]]:
    clean = CleanTexts()
    for number, cells in rows:
        bounds.check_row(path, number, cells)
        cleaned = [clean[cell] for cell in cells]
        if any(cleaned):
            yield number, cleaned


def _records(
    rows: Iterable[tuple[int, list[str]]], width: int, path: Path, below: int, *, ragged: bool
) -> tuple[list[int], list[list[str]]]:
    numbers, records, wrong = [], [], []
    for number, cells in rows:
        if (len(cells) < width and not ragged) or any(cells[width:]):
            wrong.append(f"row {number} has {len(cells)}")
        numbers.append(number)
        records.append(cells[:width] + [""] * (width - len(cells)))
    if wrong:
        raise SourceError(
            f"{path.name}: is not a table: the header has {width} fields, but "
            f"{first_few(wrong, ' rows')}; {_first(below) or _QUOTE}"
        )
    return numbers, records


def _first(below: int) -> str:
    """The remedy where titles or another header stand above the header; else empty."""
    return f"row {below} looks like the header: take away what stands above it" if below else ""


def _named(table: pd.DataFrame, header: list[str], path: Path, below: int) -> pd.DataFrame:
    """The table under its header; a column with neither a name nor a value is dropped."""
    nameless = [position for position, name in enumerate(header) if not name]
    holding = [position for position in nameless if (table[position] != "").any()]
    if holding:
        raise SourceError(
            f"{path.name}: column {holding[0] + 1} ({_letters(holding[0])}) holds values but its "
            f"header is blank; {_first(below) or _NAME_ALL}"
        )
    table = table.drop(columns=nameless)
    names = [name for name in header if name]
    for name, count in Counter(names).items():
        if count > 1:
            often = "twice" if count == 2 else f"{count} times"
            place = header.index(name) + 1
            said = f"column {place}" if is_identifying_name(name) else f"column {name!r}"
            # REDCap calls the status of every form so, where its labels are exported as header.
            if "Complete?" in header:
                remedy = "in REDCap, export raw data (with the names of variables as header)"
            else:
                remedy = _first(below) or "keep one, or rename the others"
            raise SourceError(f"{path.name}: {said} stands {often} in the header; {remedy}")
    return table.set_axis(names, axis=1)


def _letters(position: int) -> str:
    """A spreadsheet's name of a column, counted from 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
