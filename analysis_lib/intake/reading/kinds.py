"""How a file is to be read, what kind it is by its first bytes, and how large it may be."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis_lib.errors import SourceError

_CHUNK = 1 << 20
_MEGABYTE = 1_000_000
_BYTES_OF_A_SIGN = 4  # at most, in UTF-8
_QUOTED = re.compile(rb'"[^"]*"')
_SEPARATORS = (b",", b";", b"\t", b"|")
_WHAT = {"characters": "characters in one cell", "megabytes": "megabytes once unpacked"}


@dataclass(frozen=True)
class Bounds:
    """The most that is read: of rows, columns, cells, characters of a cell, and megabytes.

    A larger file is refused, so that none fills the memory of the machine; a mapping file raises a
    bound under `read`, as `bounds: {rows: 5000000}`.
    """

    rows: int = 3_000_000
    columns: int = 30_000
    cells: int = 200_000_000
    characters: int = 100_000
    megabytes: int = 1_000

    def check(self, path: Path, name: str, found: int) -> None:
        """Refuse a file that holds more of something than is read.

        Raises
        ------
        SourceError
            It does; the message names both numbers and how the bound is raised.
        """
        most = getattr(self, name)
        if found > most:
            raise SourceError(
                f"{path.name}: holds {found:,} {_WHAT.get(name, name)}, but at most {most:,} are "
                "read; take out what is no patient's, or raise the bound in the mapping file: "
                f"read: {{bounds: {{{name}: {found}}}}}"
            )

    def check_size(self, path: Path, rows: int, columns: int, size: int = 0) -> None:
        """Refuse a table of so many rows and columns, of `size` bytes once it is unpacked."""
        self.check(path, "megabytes", -(-size // _MEGABYTE))
        self.check(path, "rows", rows)
        self.check(path, "columns", columns)
        self.check(path, "cells", rows * columns)

    def check_row(self, path: Path, number: int, width: int) -> None:
        """Refuse a row beyond the bounds as it is read, whatever the file said of its size."""
        self.check(path, "rows", number - 1)
        self.check(path, "columns", width)
        self.check(path, "cells", (number - 1) * width)


DEFAULT_BOUNDS = Bounds()


def check_archive(path: Path, bounds: Bounds) -> None:
    """Refuse an archive that says of its parts that they are too large once unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return  # the reader of workbooks says what is wrong with it
    bounds.check(path, "megabytes", -(-size // _MEGABYTE))


def check_text(path: Path, bounds: Bounds) -> None:
    """Refuse delimited text with too many lines or columns, without keeping it in memory."""
    bounds.check(path, "megabytes", -(-path.stat().st_size // _MEGABYTE))
    lines, has_quotes = _count_lines(path, bounds)
    width = _count_columns(path) if lines else 0
    bounds.check(path, "columns", width)
    if has_quotes and (lines > bounds.rows + 1 or lines * width > bounds.cells):
        lines = sum(_ends(piece) for piece in _unquoted(path))
    bounds.check(path, "rows", lines - 1)
    bounds.check(path, "cells", lines * width if width > 1 else 0)


def _count_lines(path: Path, bounds: Bounds) -> tuple[int, bool]:
    """The lines of a file, those within quotation marks too, and whether it has such marks.

    A value without end, inside of quotation marks or outside, is refused on the way.
    """
    lines = marks = inside = outside = 0
    for chunk in _chunks(path):
        lines += _ends(chunk)
        held = chunk.count(b'"')
        marks += held
        inside = len(chunk) - 1 - chunk.rfind(b'"') if held else inside + len(chunk)
        last = max(map(chunk.rfind, (*_SEPARATORS, b"\n", b"\r", b'"')))
        outside = len(chunk) - 1 - last if last >= 0 else outside + len(chunk)
        # An odd number of marks so far: the chunk ends within a quoted value.
        endless = inside if marks % 2 else outside
        bounds.check(path, "characters", endless // _BYTES_OF_A_SIGN)
    return lines, marks > 0


def _count_columns(path: Path) -> int:
    """The columns of the first line that is not blank, by the separator that it has most of."""
    header = dict.fromkeys(_SEPARATORS, 1)
    is_begun = False
    for piece in _unquoted(path):
        rest = piece if is_begun else piece.lstrip(b"\r\n")
        is_begun |= bool(rest)
        line, end, _ = rest.replace(b"\r", b"\n").partition(b"\n")
        for sign in _SEPARATORS:
            header[sign] += line.count(sign)
        if end:
            break
    return max(header.values())


def _ends(piece: bytes) -> int:
    return max(piece.count(b"\n"), piece.count(b"\r"))


def _unquoted(path: Path) -> Iterator[bytes]:
    """The bytes of a file without what stands within quotation marks."""
    is_quoted = False
    for chunk in _chunks(path):
        # A mark written twice changes nothing, whichever side it stands on.
        plain = chunk.replace(b'""', b"")
        if is_quoted:
            _, mark, plain = plain.partition(b'"')
            is_quoted = not mark
        outside, mark, _ = _QUOTED.sub(b"", plain).partition(b'"')
        is_quoted |= bool(mark)
        yield outside


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            yield chunk


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
        return codecs.lookup(name).name in {codecs.lookup(known).name for known in ENCODINGS}
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
