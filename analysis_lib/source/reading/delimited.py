"""Comma, semicolon, tab or bar separated text as numbered rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from analysis_lib.errors import SourceError
from analysis_lib.source.reading.encoding import decode
from analysis_lib.source.reading.options import DELIMITERS, Reading
from analysis_lib.source.reading.rows import Row
from analysis_lib.source.reading.signature import refuse_disguise

_SAMPLE_CHARACTERS = 200_000
_SAMPLE_ROWS = 30


def read_delimited(path: Path, options: Reading) -> Iterator[Row]:
    """Rows of text with the number that a spreadsheet gives them; the first row is 1.

    Raises
    ------
    SourceError
        The file is no text, its encoding is not UTF-8 and not declared, or its quotation marks do
        not match.
    """
    data = path.read_bytes()
    refuse_disguise(data[:1000], path)
    text = decode(data, path, options.encoding)
    del data
    hint, text = _separator_line(text)
    return _rows(text, options.delimiter or hint or find_delimiter(text), path)


def _separator_line(text: str) -> tuple[str, str]:
    """Excel's own first line `sep=;`, which no spreadsheet shows, and the text behind it."""
    first, _, rest = text.partition("\n")
    first = first.strip()
    if len(first) == 5 and first.lower().startswith("sep=") and first[4] in DELIMITERS:
        return first[4], rest
    return "", text


def find_delimiter(text: str) -> str:
    """The sign that cuts the first rows into the most fields, the same number in each."""
    sample = text[:_SAMPLE_CHARACTERS]

    def fit(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        try:
            widths = [len(row) for row in islice(reader, _SAMPLE_ROWS) if row]
        except csv.Error:  # a field without end: its rows say nothing
            return 0.0, 0
        if not widths:
            return 0.0, 0
        width, agreeing = Counter(widths).most_common(1)[0]
        if width < 2 or agreeing / len(widths) <= 0.5:
            return 0.0, widths[0] if widths[0] > 1 else 0
        # Titles may stand above the header: they tell less than a header that fits.
        return 1.0 if widths[0] == width else 0.5, width

    return max(DELIMITERS, key=fit)


def _rows(text: str, delimiter: str, path: Path) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise SourceError(_broken_quotes(str(error), number + 1, path)) from None
        if fields is None:
            return
        number += 1
        yield number, fields


def _broken_quotes(reason: str, row: int, path: Path) -> str:
    if "expected after" in reason:
        problem = "has text behind a closing quotation mark"
        remedy = "write a quotation mark inside a value twice"
    else:
        problem = "opens a quotation mark that is never closed"
        remedy = "close it, or take it away"
    return f"{path.name}: row {row} {problem}; {remedy}"
