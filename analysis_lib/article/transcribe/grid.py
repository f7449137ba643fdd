"""A table as people have it, CSV or Excel: a grid of texts."""

from __future__ import annotations

import csv
import re
from decimal import ROUND_HALF_UP, Decimal
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
    text = _decoded(content)
    try:
        tables = [
            [list(row) for row in csv.reader(StringIO(text, newline=""), delimiter=separator)]
            for separator in ";\t,|"
        ]
    except csv.Error as error:
        raise ClaimsError(f"TABLE: {path.name} is no table ({error}); save it anew") from error
    return _with_points(_without_rules(max(tables, key=_evenness)))


def _decoded(content: bytes) -> str:
    """UTF-8, the UTF-16 of a spreadsheet's "Unicode text", else the code page of Windows."""
    try:
        return content.decode(
            "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        )
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _without_rules(grid: Grid) -> Grid:
    """A table between strokes, `| Sex | 22 (44) |`, as one without them."""
    rule = re.compile(r"\s*:?-+:?\s*")
    if not any(all(map(rule.fullmatch, row[1:-1])) for row in grid if len(row) > 2):
        return grid
    rows = [row[1:-1] for row in grid if len(row) > 2]
    return [[cell.strip() for cell in row] for row in rows if not all(map(rule.fullmatch, row))]


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
        workbook, typed = load_workbook(path, data_only=True), load_workbook(path)
    except (OSError, BadZipFile, KeyError, ValueError, InvalidFileException) as error:
        raise ClaimsError(
            f"TABLE: {path.name} is no readable Excel workbook ({type(error).__name__}); save it "
            "as .xlsx"
        ) from error
    if sheet and sheet not in workbook.sheetnames:
        raise ClaimsError(
            f"--sheet: must be one of {', '.join(workbook.sheetnames)}, but is {sheet!r}"
        )
    name = sheet or next((x.title for x in workbook.worksheets if x.max_column > 1), "")
    chosen: Any = workbook[name] if name else workbook.worksheets[0]
    formulas: Any = typed[chosen.title]
    return _with_points(
        [
            [_shown(*pair) for pair in zip(*rows, strict=True)]
            for rows in zip(chosen.iter_rows(), formulas.iter_rows(), strict=True)
        ]
    )


def _shown(cell: Any, typed: Any) -> str:
    """A number as its format shows it, a formula that was never computed as it is typed."""
    value = typed.value if cell.value is None else cell.value
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        form = cell.number_format or ""
        decimals = re.search(r"0(?:\.(0+))?(?![#.?E])", form) if form != "General" else None
        exact = Decimal(repr(value)) * (100 if "%" in form else 1)
        step = Decimal(1).scaleb(-len((decimals and decimals[1]) or ""))
        shown = str(exact.quantize(step, ROUND_HALF_UP)) if decimals else f"{exact.normalize():f}"
        return f"{shown}%" if "%" in form else shown
    return " " * int(cell.alignment.indent) + str(value).rstrip()
