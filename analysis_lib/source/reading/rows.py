"""From numbered rows of text to a table with a header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import pandas as pd

from analysis_lib.errors import SourceError
from analysis_lib.source.identifiers import is_identifying_name
from analysis_lib.source.reading.cleaning import CleanTexts
from analysis_lib.source.reading.header import LOOKED_AT, header_below, second_header

Row = tuple[int, Sequence[str]]
Judge = Callable[[Sequence[str]], None]
SHOWN = 5
_QUOTE = (
    "every row needs as many fields as the header (quote values that hold the separator, such as a "
    "decimal comma)"
)
_NAME_ALL = (
    "give every column one name in the first row and undo merged cells (in R: "
    "write.csv(row.names = FALSE))"
)


def make_table(
    rows: Iterable[Row], path: Path, *, ragged: bool = False, judge: Judge | None = None
) -> pd.DataFrame:
    """The first row that is not blank is the header, the others are patients by row number.

    Blank rows are no patients. `ragged` allows rows shorter than the header, as sheets keep them;
    in delimited text a short row has lost a field somewhere. `judge` is shown the header before
    anything else is said of it, and may refuse it.

    Raises
    ------
    SourceError
        There is no header or no patient, a column has no name or the name of another, a row has
        more or fewer fields than the header, or two headers stand above the patients.
    """
    filled = _filled(rows)
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


def _filled(rows: Iterable[Row]) -> Iterator[tuple[int, list[str]]]:
    clean = CleanTexts()
    for number, cells in rows:
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
        more = f" and {len(wrong) - SHOWN} more rows" if len(wrong) > SHOWN else ""
        raise SourceError(
            f"{path.name}: is not a table: the header has {width} fields, but "
            f"{', '.join(wrong[:SHOWN])}{more}; {_first(below) or _QUOTE}"
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
