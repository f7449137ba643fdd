"""A table as people have it, CSV or Excel: a grid of texts, and what its columns are."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from analysis_lib.article.transcribe.cells import plain
from analysis_lib.errors import ClaimsError

Grid = list[list[str]]
_SIZE = re.compile(r"[(\[]?\s*\bn\s*=\s*(?P<n>\d+)\s*[)\]]?", re.IGNORECASE)
_P = re.compile(r"p([\s-]*values?)?", re.IGNORECASE)
_TOTAL = re.compile(r"(total|all|overall|(entire |whole )?cohort|all patients)", re.IGNORECASE)
_RATIO = re.compile(r"(adjusted |univariable |multivariable )?(hr|hazard ratio)\b.*", re.IGNORECASE)
_ENDS = re.compile(r"(95\s*%\s*)?(ci|confidence interval)s?(,? 95\s*%)?", re.IGNORECASE)
_COUNTS = re.compile(r"(no\.?|n|number|patients)", re.IGNORECASE)
_PERCENTS = re.compile(r"(%|percent|per cent)", re.IGNORECASE)
_OTHER = re.compile(
    r"(or|odds ratio|rr|risk ratio|relative risk|smd|standardi[sz]ed difference|difference|test"
    r"|statistic|\u03c72|chi-?square|events?|missing)\b.*",
    re.IGNORECASE,
)
GROUP, TOTAL, P_COLUMN, RATIO_COLUMN, ENDS_COLUMN, OTHER_COLUMN = (
    *("group", "total", "p", "ratio", "ends", "other"),
)


@dataclass(frozen=True)
class Column:
    """Where a column stands, what it holds, the head of its group, and how many patients it has.

    part : `count` or `percent` where a group has a column for either, else empty.
    """

    place: int
    role: str
    head: str = ""
    size: int | None = None
    part: str = ""


@dataclass(frozen=True)
class Layout:
    """The columns after that of the labels, and the rows below the head with their numbers."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[int, list[str]], ...]


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
    first = "\n".join(text.splitlines()[:20])
    separator = max(",;\t", key=first.count)
    try:
        return [list(row) for row in csv.reader(StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as error:
        raise ClaimsError(f"TABLE: {path.name} is no table ({error}); save it anew") from error


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
    return [[_shown(cell) for cell in row] for row in chosen.iter_rows()]


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
    return str(value).strip()


def find_layout(grid: Grid, name: str) -> Layout:
    """The head of a table, be it in one row or in two, and what stands below it.

    Raises
    ------
    ClaimsError
        No row looks like the head of a table with groups, a P value or a hazard ratio.
    """
    filled = [(i + 1, row) for i, row in enumerate(grid) if any(cell.strip() for cell in row)]
    for place, (_, row) in enumerate(filled):
        heads = [plain(cell) for cell in row]
        if sum(bool(cell) for cell in heads[1:]) and _is_head(heads):
            return _below(heads, filled[place + 1 :])
    raise ClaimsError(
        f"TABLE: {name} has no row of heads; name the columns in one row, such as "
        "'Exposed (n = 50)', 'Not exposed (n = 70)', 'P'"
    )


def with_sizes(layout: Layout, cells: dict[Column, str]) -> Layout:
    """The same columns with the numbers of patients that a row gives for each group."""
    told = {c.head: int(text) for c, x in cells.items() if (text := plain(x)).isdigit()}
    columns = tuple(
        replace(c, size=told.get(c.head, c.size)) if c.role in (GROUP, TOTAL) else c
        for c in layout.columns
    )
    return replace(layout, columns=columns)


def _is_head(heads: Sequence[str]) -> bool:
    """A row of words over the columns; a row that holds numbers alone is none."""
    words = [cell for cell in heads[1:] if cell]
    named = [cell for cell in words if _SIZE.search(cell) or _role(cell) != GROUP]
    if len(words) == 1:
        return bool(_SIZE.search(words[0]))
    return len(words) > 1 and (bool(named) or all(not re.match(r"[<.\d]", x) for x in words))


def _below(heads: list[str], rows: list[tuple[int, list[str]]]) -> Layout:
    """Heads spread over the blank columns to their right, joined with a second row of heads."""
    width = max([len(heads), *(len(row) for _, row in rows)])
    spread, last = [], ""
    for place in range(width):
        own = heads[place] if place < len(heads) else ""
        last = own or (last if place else "")
        spread.append(last if place else own)
    second: list[str] = []
    if rows and _is_second(rows[0][1]):
        second, rows = [plain(cell) for cell in rows[0][1]], rows[1:]
    columns = [
        _column(place, spread[place], second[place] if place < len(second) else "")
        for place in range(1, width)
        if spread[place]
    ]
    repeated = {c.head for c in columns if c.part}
    kept = [c for c in columns if c.role != GROUP or c.part or c.head not in repeated]
    return Layout(tuple(_without_spread(kept, heads)), tuple(rows))


def _without_spread(columns: Sequence[Column], heads: Sequence[str]) -> Iterator[Column]:
    """A head goes to the blank column beside it only if the two have parts of their own."""
    for column in columns:
        own = column.place < len(heads) and bool(heads[column.place])
        if own or column.part:
            yield column


def _is_second(row: Sequence[str]) -> bool:
    cells = [plain(cell) for cell in row]
    known = [cell for cell in cells[1:] if cell]
    return bool(known) and all(
        _SIZE.fullmatch(x) or _COUNTS.fullmatch(x) or _PERCENTS.fullmatch(x)
        or re.fullmatch(r"(no\.?|n)\s*\(%\)", x, re.IGNORECASE) for x in known
    )  # fmt: skip


def _column(place: int, head: str, below: str) -> Column:
    size = _SIZE.search(head) or _SIZE.search(below)
    name = _SIZE.sub("", head).strip(" ,;:")
    part = "count" if _COUNTS.fullmatch(below) else "percent" if _PERCENTS.fullmatch(below) else ""
    return Column(place, _role(name), name, int(size["n"]) if size else None, part)


def _role(head: str) -> str:
    known = ((P_COLUMN, _P), (TOTAL, _TOTAL), (ENDS_COLUMN, _ENDS), (OTHER_COLUMN, _OTHER))
    for role, pattern in known:
        if pattern.fullmatch(head.strip()):
            return role
    return RATIO_COLUMN if _RATIO.fullmatch(head.strip()) else GROUP
