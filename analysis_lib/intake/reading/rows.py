"""Cells as text and rows as a table, whatever file they come from."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, compress, islice
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis_lib.errors import SourceError
from analysis_lib.intake.identifiers import is_identifying_name
from analysis_lib.intake.reading.header import LOOKED_AT, header_below, second_header
from analysis_lib.intake.reading.kinds import DEFAULT_BOUNDS, Bounds

if TYPE_CHECKING:
    from pyarrow import ChunkedArray

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


class CleanTexts:
    """Cleans each distinct text once and gives one object for it, which saves time and memory."""

    def __init__(self, path: Path, bounds: Bounds) -> None:
        self._path, self._bounds = path, bounds
        self._cleaned: dict[str, str] = {}

    def __call__(self, texts: Sequence[str]) -> list[str]:
        """The texts without what does not show; one longer than the bounds allow is refused."""
        new = set(texts).difference(self._cleaned)
        if new:
            self._bounds.check(self._path, "characters", max(map(len, new)))
            self._cleaned.update((text, clean_text(text)) for text in new)
        return list(map(self._cleaned.__getitem__, texts))


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


Row = tuple[int, Sequence[str]]
ReadColumns = Callable[[int, int], "Sequence[ChunkedArray] | None"]
_CELLS_AT_ONCE = 500_000
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
    columns: ReadColumns | None = None,
) -> pd.DataFrame:
    """The first row that is not blank is the header, the others are patients by row number.

    Blank rows are no patients. `ragged` allows rows shorter than the header, as sheets keep them;
    in delimited text a short row has lost a field somewhere. `judge` is shown the header before
    anything else is said of it, and may refuse it. `columns` reads all that stands below a row, in
    columns of a width, where that is possible.

    Raises
    ------
    SourceError
        There is no header or no patient, a column has no name or the name of another, a row has
        more or fewer fields than the header, two headers stand above the patients, or the table
        is larger than its bounds.
    """
    clean = CleanTexts(path, bounds)
    given = iter(rows)
    first = list(islice(_filled(given, clean, path, bounds), LOOKED_AT))
    header = first[0][1] if first else []
    if not header:
        raise SourceError(f"{path.name}: is empty; it needs a header and one row per patient")
    header = header[: max(position for position, name in enumerate(header, 1) if name)]
    below = header_below(first)
    if judge is not None:
        judge(header)
    records = _Records(len(header), path, bounds, clean, ragged=ragged)
    at_once = columns(first[0][0], len(header)) if columns is not None else None
    if at_once is not None:
        records.add_columns(first[0][0] + 1, at_once)
    else:
        for chunk in _chunks(chain(first[1:], given), len(header)):
            records.add_rows(chunk)
    table = _named(records.table(below), header, path, below)
    second = second_header(first)
    if second:
        raise SourceError(
            f"{path.name}: row {second} looks like a second header, words above numbers; keep the "
            "row that holds the columns' names, and take the other away"
        )
    return table


def _filled(
    rows: Iterable[Row], clean: CleanTexts, path: Path, bounds: Bounds
) -> Iterator[tuple[int, list[str]]]:
    for number, cells in rows:
        bounds.check_row(path, number, len(cells))
        cleaned = clean(cells)
        if any(cleaned):
            yield number, cleaned


def _chunks(rows: Iterable[Row], width: int) -> Iterator[list[Row]]:
    given = iter(rows)
    while chunk := list(islice(given, max(1, _CELLS_AT_ONCE // width))):
        yield chunk


class _Records:
    """The patients, collected column by column: a column's texts are cleaned all at once."""

    def __init__(
        self, width: int, path: Path, bounds: Bounds, clean: CleanTexts, *, ragged: bool
    ) -> None:
        self.width, self.path, self.bounds, self.clean = width, path, bounds, clean
        self.ragged = ragged
        self.numbers: list[int] = []
        self.columns: list[list[str]] = [[] for _ in range(width)]
        self.wrong: list[str] = []

    def add_columns(self, number: int, given: Sequence[ChunkedArray]) -> None:
        """Take whole columns, the first row of which has this number."""
        count = len(given[0])
        self.bounds.check_row(self.path, number + count - 1, self.width)
        self._take(range(number, number + count), [self._texts(column) for column in given])

    def _texts(self, column: ChunkedArray) -> list[str]:
        texts: list[str] = []
        for chunk in column.chunks:
            known = np.array(self.clean(chunk.dictionary.to_pylist()), dtype=object)
            texts += known[chunk.indices.to_numpy()].tolist()
        return texts

    def add_rows(self, rows: Sequence[Row]) -> None:
        """Take rows that are not blank; those of another width than the header are noted."""
        numbers, records = zip(*rows, strict=True)
        self.bounds.check_row(self.path, numbers[-1], max(map(len, records)))
        if set(map(len, records)) != {self.width}:
            numbers, records = self._of_width(rows)
        self._take(numbers, [self.clean(column) for column in zip(*records, strict=True)])

    def _take(self, numbers: Sequence[int], columns: list[list[str]]) -> None:
        if columns and not all(columns[0]):
            filled = list(map(any, zip(*columns, strict=True)))
            numbers = list(compress(numbers, filled))
            columns = [list(compress(column, filled)) for column in columns]
        self.numbers += numbers
        for column, texts in zip(self.columns, columns, strict=False):
            column += texts

    def _of_width(self, rows: Sequence[Row]) -> tuple[tuple[int, ...], tuple[list[str], ...]]:
        fitting = []
        for number, cells in rows:
            cleaned = self.clean(cells)
            if not any(cleaned):
                continue
            if (len(cells) < self.width and not self.ragged) or any(cleaned[self.width :]):
                self.wrong.append(f"row {number} has {len(cells)}")
            fitting.append((number, (cleaned + [""] * self.width)[: self.width]))
        return tuple(number for number, _ in fitting), tuple(cells for _, cells in fitting)

    def table(self, below: int) -> pd.DataFrame:
        """The patients by row number, their columns by place; the collected texts are given up."""
        if self.wrong:
            raise SourceError(
                f"{self.path.name}: is not a table: the header has {self.width} fields, but "
                f"{first_few(self.wrong, ' rows')}; {_first(below) or _QUOTE}"
            )
        if not self.numbers:
            raise SourceError(
                f"{self.path.name}: has a header but no patients; add one row for each"
            )
        block = np.empty((self.width, len(self.numbers)), dtype=object)
        for place in range(self.width):
            block[place] = self.columns[place]
            self.columns[place] = []
        return pd.DataFrame(block.T, index=self.numbers)


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
