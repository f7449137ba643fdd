"""Excel workbooks, and what they do not show."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError, ParserCreate

from analysis_lib.dictionary import nearest
from analysis_lib.errors import SourceError
from analysis_lib.intake.reading.kinds import DEFAULT_BOUNDS, Bounds, check_archive, what_it_is
from analysis_lib.intake.reading.rows import Row, cell_text, first_few, percent_text

if TYPE_CHECKING:
    from openpyxl import Workbook

# The sheet that is read where a workbook has several, as the template names it.
PATIENTS_SHEET = "Patients"
_ROWS_OF_A_SHEET = 1_048_576
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# What the reader of workbooks raises where a part of the archive is damaged or absent.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    ExpatError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


def read_excel(path: Path, sheet: str, bounds: Bounds = DEFAULT_BOUNDS) -> list[Row]:
    """The rows of the named sheet, else of `Patients`, else of the only one that holds anything.

    Raises
    ------
    SourceError
        The file is no workbook or protected by a password, the sheet is not clear or larger than
        its bounds, or a cell holds an error or a formula without a value.
    """
    _refuse_other_formats(path)
    check_archive(path, bounds)
    with _opened(path, values=False) as workbook:
        name = _choose(workbook, sheet, path)
        _check_dimensions(workbook, name, path, bounds)
        rows, problems, formulas = _read(workbook, name, path, bounds)
    if formulas:
        with _opened(path, values=True) as workbook:
            rows, problems, _ = _read(workbook, name, path, bounds)
        blank = dict(rows)
        problems += [
            f"{cell} holds a formula whose value was never computed (open the file in Excel and "
            "save it)"
            for cell, (row, position) in formulas.items()
            if not blank[row][position]
        ]
    if problems:
        raise SourceError(
            f"{path.name}: sheet {name!r}: {first_few(problems, ' cells')}; "
            "give these cells a value or empty them"
        )
    return rows


@contextmanager
def opened_sheet(path: Path, sheet: str) -> Iterator[IO[bytes]]:
    """The part of a workbook that holds the sheet which `read_excel` reads, as it is stored."""
    with _opened(path, values=False) as workbook:
        chosen: Any = workbook[_choose(workbook, sheet, path)]
        with chosen._get_source() as source:
            yield source


def _check_dimensions(workbook: Workbook, name: str, path: Path, bounds: Bounds) -> None:
    """Refuse a sheet that says of itself that it is too long or too wide."""
    sheet = workbook[name]
    bounds.check(path, "rows", (sheet.max_row or 1) - 1)
    bounds.check(path, "columns", sheet.max_column or 0)


def _read(
    workbook: Workbook, name: str, path: Path, bounds: Bounds
) -> tuple[list[Row], list[str], dict[str, tuple[int, int]]]:
    """Rows of text, cells that hold an error, and where formulas stand."""
    rows: list[Row] = []
    errors: list[str] = []
    formulas: dict[str, tuple[int, int]] = {}
    held = 0
    for number, cells in enumerate(_cells(workbook, name), start=1):
        held += len(cells)
        bounds.check(path, "rows", number - 1)
        bounds.check(path, "cells", held)
        texts = []
        for position, cell in enumerate(cells):
            if cell.data_type == "e":
                errors.append(f"{cell.coordinate} holds the error {cell.value}")
            elif cell.data_type == "f":
                formulas[cell.coordinate] = (number, position)
            texts.append(_text(cell))
        rows.append((number, texts))
    return rows, errors, formulas


def _text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in cell.number_format:
        return percent_text(value)
    return cell_text(value)


def _cells(workbook: Workbook, name: str) -> Iterator[tuple[Any, ...]]:
    sheet = workbook[name]
    sheet.reset_dimensions()  # some programs write the size of a sheet wrong
    yield from sheet.iter_rows()


def _choose(workbook: Workbook, wanted: str, path: Path) -> str:
    names = [sheet.title for sheet in workbook.worksheets]
    if wanted:
        if wanted in names:
            return wanted
        raise SourceError(
            f"{path.name}: read.sheet is {wanted!r}, but the sheets are "
            f"{', '.join(map(repr, names))}{nearest(wanted, names)}"
        )
    filled = [name for name in names if _holds_values(workbook, name)]
    if not filled:
        raise SourceError(f"{path.name}: is empty; it needs a header and one row per patient")
    if len(filled) > 1 and PATIENTS_SHEET not in filled:
        raise SourceError(
            f"{path.name}: holds {len(filled)} sheets with values "
            f"({', '.join(map(repr, filled))}); name the one of the patients in the mapping file, "
            f"like read: {{sheet: {filled[0]}}}"
        )
    return PATIENTS_SHEET if PATIENTS_SHEET in filled else filled[0]


def _holds_values(workbook: Workbook, name: str) -> bool:
    rows = islice(_cells(workbook, name), _ROWS_OF_A_SHEET)
    return any(cell.value is not None for row in rows for cell in row)


@contextmanager
def _opened(path: Path, *, values: bool) -> Iterator[Workbook]:
    """A workbook read cell by cell; `values` asks for the values of formulas."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations, which are not read
            workbook = load_workbook(path, read_only=True, data_only=values)
            try:
                yield workbook
            finally:
                workbook.close()
    except _DAMAGED as error:
        raise SourceError(
            f"{path.name}: is no readable Excel workbook ({type(error).__name__}); open it in "
            "Excel and save it again as .xlsx"
        ) from None


def _refuse_other_formats(path: Path) -> None:
    with path.open("rb") as handle:
        start = handle.read(1000)
        if start.startswith(b"\xd0\xcf\x11\xe0"):
            protected = _ENCRYPTED in start + handle.read()
            problem = "is protected by a password" if protected else "is in the format before 2007"
            raise SourceError(
                f"{path.name}: {problem} and is not read; save it as .xlsx without a password"
            )
    if start.startswith(b"PK\x03\x04"):
        return
    what = what_it_is(start) or ("text" if start else "empty")
    raise SourceError(
        f"{path.name}: is {what}, not an Excel workbook; give the file its right ending, or "
        "export it again"
    )


def hidden_notes(path: Path, sheet: str, rows: Collection[int], width: int) -> list[str]:
    """What the sheet hides of these rows and of its first columns, counted; nothing if nothing.

    A filter hides a row, and so does a folded group. Whoever filtered the sheet may believe that
    the rows are gone.
    """
    with opened_sheet(path, sheet) as source:
        hidden_rows, columns = _hidden(source, width)
    patients = set(rows)
    of_patients = [row for row in hidden_rows if row in patients]
    notes = []
    if of_patients:
        count = len(of_patients)
        notes.append(
            f"{_are_hidden(count, 'row')} in the sheet and read like the others: row "
            f"{first_few(of_patients)}; delete them if a filter was meant "
            "to leave them out"
        )
    if columns:
        notes.append(f"{_are_hidden(len(columns), 'column')} in the sheet and read like the others")
    return notes


def _are_hidden(count: int, what: str) -> str:
    return f"{count} {what}s are hidden" if count > 1 else f"1 {what} is hidden"


def _hidden(source: IO[bytes], width: int) -> tuple[list[int], list[int]]:
    """The numbers of hidden rows, and of hidden columns within a width, from a sheet's tags."""
    rows: list[int] = []
    columns: list[int] = []
    last = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal last
        tag = tag.rpartition(":")[2]
        if tag == "row":
            last = int(attributes.get("r", last + 1))
            if _is_hidden(attributes):
                rows.append(last)
        elif tag == "col" and _is_hidden(attributes):
            columns.extend(range(int(attributes["min"]), min(int(attributes["max"]), width) + 1))

    parser = ParserCreate()
    parser.StartElementHandler = begin
    parser.ParseFile(source)
    return rows, columns


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("hidden") in ("1", "true")
