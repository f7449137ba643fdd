"""Delimited text: its encoding, its separator and its rows, read as a stream."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.errors import SourceError
from analysis_lib.intake.reading.kinds import DELIMITERS, Reading, check_text, refuse_disguise
from analysis_lib.intake.reading.rows import Row

if TYPE_CHECKING:
    from pyarrow import ChunkedArray

_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK = 1 << 20
_CONTROL = re.compile("[\x80-\x9f]")
REMEDY = "save it as CSV UTF-8"


def encoding_of(path: Path, declared: str) -> str:
    """The encoding in which a file is text: UTF-8, marked or not, or what is declared.

    Raises
    ------
    SourceError
        The file is not text in that encoding; the message names line, byte and remedy.
    """
    is_utf8 = not declared or codecs.lookup(declared).name == "utf-8"
    if not (is_utf8 and _is_plain_utf8(path)):
        decode(path.read_bytes(), path, declared)
    return "utf-8-sig" if is_utf8 else declared


def _is_plain_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as handle:
        try:
            while chunk := handle.read(_CHUNK):
                if b"\0" in chunk:
                    return False
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def decode(data: bytes, path: Path, encoding: str) -> str:
    """The text of a file: UTF-8 with or without a byte order mark, or as declared.

    Raises
    ------
    SourceError
        The bytes are not text in that encoding; the message names line, byte and remedy.
    """
    if data.startswith(_BYTE_ORDER_MARKS) or _alternates_with_nul(data):
        raise SourceError(f"{path.name}: is UTF-16 text, which is not read; {REMEDY}")
    if b"\0" in data:
        raise SourceError(
            f"{path.name}: holds a NUL byte in line {_line(data, data.index(0))}, so it is damaged "
            "or no text; export it again"
        )
    if encoding and codecs.lookup(encoding).name != "utf-8":
        return _decode_declared(data, path, encoding)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The mark at the beginning is not counted in the error's position.
        offset = 3 if data.startswith(codecs.BOM_UTF8) else 0
        raise SourceError(_not_utf8(data, error.start + offset, path)) from None


def _decode_declared(data: bytes, path: Path, encoding: str) -> str:
    if not data.isascii() and _is_utf8(data):
        raise SourceError(
            f"{path.name}: is UTF-8, but the mapping declares read.encoding {encoding!r}; "
            "leave read.encoding out"
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path.name}: line {_line(data, error.start)} holds the byte "
            f"0x{data[error.start]:02X}, which {encoding} does not know; {REMEDY}"
        ) from None
    strange = _CONTROL.search(text)
    if strange:
        raise SourceError(
            f"{path.name}: line {text.count(chr(10), 0, strange.start()) + 1} holds a control "
            f"character in {encoding}; declare read.encoding windows-1252, or {REMEDY}"
        )
    return text


def _not_utf8(data: bytes, position: int, path: Path) -> str:
    byte = data[position : position + 1]
    guess = byte.decode("windows-1252", errors="replace")
    return (
        f"{path.name}: is not UTF-8 text: line {_line(data, position)} holds the byte "
        f"0x{byte[0]:02X} ({guess!r} in Windows-1252 and mostly in Latin-1); {REMEDY}, or declare "
        "read: {encoding: windows-1252} in the mapping file if that is what it is"
    )


def _line(data: bytes, position: int) -> int:
    before = data[:position]
    return before.count(b"\n" if b"\n" in data else b"\r") + 1


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _alternates_with_nul(data: bytes) -> bool:
    """Text of UTF-16 without its mark: every other byte of Western text is NUL."""
    start = data[:2000]
    pairs = len(start) // 2
    return pairs > 4 and max(start[0::2].count(0), start[1::2].count(0)) > pairs * 0.6


_SAMPLE_CHARACTERS = 200_000
_SAMPLE_ROWS = 30
LONG = 4_000_000  # bytes
_WIDE = 1_000  # columns, of more of which the rows are short
_FIELD = 131_072  # characters of a field that the reader of text takes by itself


@dataclass(frozen=True)
class Delimited:
    """A text file whose encoding and separator are known; `skip` lines stand above its first row.

    Rows carry the number that a spreadsheet gives them; the first row is 1.
    """

    path: Path
    encoding: str
    delimiter: str
    skip: int

    def rows(self) -> Iterator[Row]:
        """Every row in turn.

        Raises
        ------
        SourceError
            The quotation marks do not match.
        """
        with self.path.open(encoding=self.encoding, newline="") as stream:
            lines = islice(stream, self.skip, None)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            number = 0
            try:
                for number, fields in enumerate(reader, start=1):
                    yield number, fields
            except csv.Error as error:
                raise SourceError(_broken_quotes(str(error), number + 1, self.path)) from None

    def columns(self, below: int, width: int) -> list[ChunkedArray] | None:
        """The columns below a row all at once, which is many times faster than row by row.

        Only of long and narrow text in which every line is a row of this width: without quotation
        marks, blank lines, or lines that end in a carriage return alone; else None.
        """
        if width > _WIDE or self.encoding != "utf-8-sig" or not _is_long_and_plain(self.path):
            return None
        from pyarrow import ArrowInvalid, csv, dictionary, int32, string

        names = [str(place) for place in range(width)]
        kind = dictionary(int32(), string())
        try:
            table = csv.read_csv(
                self.path,
                csv.ReadOptions(column_names=names, skip_rows=self.skip + below),
                csv.ParseOptions(
                    delimiter=self.delimiter, quote_char=False, ignore_empty_lines=False
                ),
                csv.ConvertOptions(
                    column_types=dict.fromkeys(names, kind), strings_can_be_null=False
                ),
            )
        except ArrowInvalid:
            return None
        return table.columns


def read_delimited(path: Path, options: Reading) -> Delimited:
    """A text file, once it is clear how it is read.

    Raises
    ------
    SourceError
        The file is no text, or its encoding is not UTF-8 and not declared.
    """
    check_text(path, options.bounds)
    csv.field_size_limit(max(_FIELD, options.bounds.characters + 1))
    with path.open("rb") as handle:
        refuse_disguise(handle.read(1000), path)
    encoding = encoding_of(path, options.encoding)
    with path.open(encoding=encoding, newline="") as stream:
        sample = stream.read(_SAMPLE_CHARACTERS)
    hint = _separator_line(sample)
    sample = sample.partition("\n")[2] if hint else sample
    delimiter = options.delimiter or hint or find_delimiter(sample)
    return Delimited(path, encoding, delimiter, skip=1 if hint else 0)


def _is_long_and_plain(path: Path) -> bool:
    if path.stat().st_size < LONG:
        return False
    returns = ends = 0
    is_cut = False
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            if b'"' in chunk:
                return False
            returns += chunk.count(b"\r")
            ends += chunk.count(b"\r\n") + (is_cut and chunk.startswith(b"\n"))
            is_cut = chunk.endswith(b"\r")
    return returns == ends


def _separator_line(text: str) -> str:
    """The sign of Excel's own first line `sep=;`, which no spreadsheet shows; else empty."""
    first = text.partition("\n")[0].strip()
    is_hint = len(first) == 5 and first.lower().startswith("sep=") and first[4] in DELIMITERS
    return first[4] if is_hint else ""


def find_delimiter(text: str) -> str:
    """The sign that cuts the first rows into the most fields, the same number in each."""

    def fit(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
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


def _broken_quotes(reason: str, row: int, path: Path) -> str:
    if "expected after" in reason:
        problem = "has text behind a closing quotation mark"
        remedy = "write a quotation mark inside a value twice"
    else:
        problem = "opens a quotation mark that is never closed"
        if "field limit" in reason:
            problem = "holds a value of endless length, or opens a quotation mark without end"
        remedy = "close it, or take it away"
    return f"{path.name}: row {row} {problem}; {remedy}"
