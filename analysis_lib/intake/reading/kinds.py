"""How a file is to be read, what kind it is by its content, and delimited text."""

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

from analysis_lib.errors import SourceError
from analysis_lib.intake.reading.bounds import DEFAULT_BOUNDS, Bounds, check_text
from analysis_lib.intake.reading.rows import Row

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ENCODINGS = (
    "utf-8",
    "latin-1",
    "iso-8859-2",
    "iso-8859-15",
    "windows-1250",
    "windows-1252",
    "mac-roman",
)


@dataclass(frozen=True)
class Reading:
    """The `read` part of a mapping file; an empty part is found out from the file."""

    sheet: str = ""
    delimiter: str = ""
    decimal: str = ""
    encoding: str = ""
    dates: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    keep_missing: tuple[str, ...] = ()
    bounds: Bounds = DEFAULT_BOUNDS


def is_known_encoding(name: str) -> bool:
    """Whether a name, or one of its other spellings, is an encoding that is read."""
    try:
        return codecs.lookup(name) in {codecs.lookup(known) for known in ENCODINGS}
    except LookupError:
        return False


TEXT_ENDINGS = (".csv", ".txt", ".tsv", ".dat", "")
EXCEL_ENDINGS = (".xlsx", ".xlsm")
PARQUET_ENDINGS = (".parquet", ".pq")
LABELLED_ENDINGS = {
    ".sav": "SPSS",
    ".zsav": "SPSS",
    ".dta": "Stata",
    ".sas7bdat": "SAS",
    ".xpt": "SAS transport",
}
_SIGNATURES = {
    b"PK\x03\x04": "an Excel workbook or another zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"\xd0\xcf\x11\xe0": "an old or password-protected Office file",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"{\\rtf": "a rich-text document",
    b"$FL2": "an SPSS file",
    b"<stata": "a Stata file",
    b"<!doctype": "a web page (perhaps of a login that has expired)",
    b"<html": "a web page (perhaps of a login that has expired)",
    b"<?xml": "an XML document",
    b"{": "JSON",
    b"[": "JSON",
}
_OTHER_ENDINGS = {
    ".xls": "the Excel format before 2007",
    ".xlsb": "Excel's binary format",
    ".ods": "an OpenDocument sheet",
    ".numbers": "an Apple Numbers sheet",
    ".por": "an SPSS portable file",
    ".sas7bcat": "a SAS catalogue of formats",
    ".rds": "an R object",
    ".rda": "an R workspace",
    ".rdata": "an R workspace",
    ".json": "JSON",
    ".zip": "a zip archive",
    ".gz": "a gzip archive",
    ".pdf": "a PDF document",
}


def kind_of_file(path: Path) -> str:
    """`text`, `excel`, `parquet` or `labelled`, by the ending of the name.

    Raises
    ------
    SourceError
        The ending is of another format; the message says how to export the table.
    """
    ending = path.suffix.lower()
    if ending in TEXT_ENDINGS:
        return "text"
    if ending in EXCEL_ENDINGS:
        return "excel"
    if ending in PARQUET_ENDINGS:
        return "parquet"
    if ending in LABELLED_ENDINGS:
        return "labelled"
    what = _OTHER_ENDINGS.get(ending, f"a file with the ending {ending}")
    raise SourceError(
        f"{path.name}: is {what}, which is not read; export the table as CSV UTF-8, .xlsx or "
        "Parquet"
    )


def what_it_is(start: bytes) -> str:
    """The format that the first bytes give away, or an empty text where they look like text."""
    begin = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()[:16]
    for signature, what in _SIGNATURES.items():
        if start.startswith(signature) or begin.startswith(signature.lower()):
            return what
    return ""


def refuse_disguise(start: bytes, path: Path) -> None:
    """Refuse a file whose bytes are of another format than text."""
    what = what_it_is(start)
    if what:
        raise SourceError(
            f"{path.name}: is {what}, not a text table; export the table again, or give the file "
            "its right ending"
        )


_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile("[\x80-\x9f]")
REMEDY = "save it as CSV UTF-8"


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
_FIELD = 131_072  # characters of a field that the reader of text takes by itself


def read_delimited(path: Path, options: Reading) -> Iterator[Row]:
    """Rows of text with the number that a spreadsheet gives them; the first row is 1.

    Raises
    ------
    SourceError
        The file is no text, its encoding is not UTF-8 and not declared, or its quotation marks do
        not match.
    """
    check_text(path, options.bounds)
    csv.field_size_limit(max(_FIELD, options.bounds.characters + 1))
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
        if "field limit" in reason:
            problem = "holds a value of endless length, or opens a quotation mark without end"
        remedy = "close it, or take it away"
    return f"{path.name}: row {row} {problem}; {remedy}"
