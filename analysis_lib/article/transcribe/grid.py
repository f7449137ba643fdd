"""A table as people have it, CSV or Excel: a grid of texts."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from analysis_lib.article.transcribe.texts import has_decimal_commas, with_points
from analysis_lib.errors import ClaimsError

Grid = list[list[str]]


def read_grid(path: Path, sheet: str = "") -> Grid:
    """The cells of a table as they are shown, blank rows kept as empty ones.

    Raises
    ------
    ClaimsError
        The file cannot be read, is neither CSV nor .xlsx, or lacks the sheet.
    """
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _read_excel(path, sheet)
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise ClaimsError(
            f"TABLE: must be a .csv, .tsv or .xlsx file, but is {path.name!r}; save it as one"
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ClaimsError(f"TABLE: {path.name} cannot be read ({error.strerror})") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    try:
        tables = [
            [list(row) for row in csv.reader(StringIO(text, newline=""), delimiter=separator)]
            for separator in ";\t,"
        ]
    except csv.Error as error:
        raise ClaimsError(f"TABLE: {path.name} is no table ({error}); save it anew") from error
    return _with_points(max(tables, key=_evenness))


def _evenness(grid: Grid) -> int:
    """How many rows have the width that most rows of several cells have."""
    widths = [len(row) for row in grid if len(row) > 1]
    return max(map(widths.count, widths), default=0)


def _with_points(grid: Grid) -> Grid:
    """Points for the decimal commas of a table that has no other decimals."""
    if not has_decimal_commas(cell for row in grid for cell in row[1:]):
        return grid
    return [[*row[:1], *map(with_points, row[1:])] for row in grid]


def _read_excel(path: Path, sheet: str) -> Grid:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        workbook = load_workbook(path, data_only=True)
    except (OSError, BadZipFile, KeyError, ValueError, InvalidFileException) as error:
        raise ClaimsError(
            f"TABLE: {path.name} is no readable Excel workbook ({type(error).__name__}); save it "
            "as .xlsx"
        ) from error
    if sheet and sheet not in workbook.sheetnames:
        raise ClaimsError(
            f"--sheet: must be one of {', '.join(workbook.sheetnames)}, but is {sheet!r}"
        )
    chosen: Any = workbook[sheet] if sheet else workbook.worksheets[0]
    return _with_points([[_shown(cell) for cell in row] for row in chosen.iter_rows()])


def _shown(cell: Any) -> str:
    """A number with the decimals of its format, since Excel drops zeros at the end."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        zeros = re.search(r"0\.(0+)", cell.number_format or "")
        scale = 100 if "%" in (cell.number_format or "") else 1
        shown = f"{value * scale:.{len(zeros[1])}f}" if zeros else f"{value * scale:g}"
        return f"{shown}%" if scale == 100 else shown
    return " " * int(cell.alignment.indent) + str(value).rstrip()
