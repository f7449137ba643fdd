"""How a file is to be read, and what kind it is by its name and its first bytes."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from analysis_lib.errors import SourceError
from analysis_lib.intake.reading.bounds import DEFAULT_BOUNDS, Bounds

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
