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

from analysis_lib.article.transcribe.cells import has_decimal_commas, plain, with_points
from analysis_lib.errors import ClaimsError

Grid = list[list[str]]
_SIZE = re.compile(r"[(\[]?\s*\bn\s*=\s*(?P<n>\d+)\s*[)\]]?", re.IGNORECASE)
_MODEL = r"(?:un(?:i|adj)\w*|(?:multi|adj)\w*|crude|overall)(?: analysis)?[,:]?\s+"
_P = re.compile(rf"({_MODEL})?p([\s-]*values?)?(\s*[(\[].*|,? .+)?", re.IGNORECASE)
_TOTAL = re.compile(r"(total|all|overall|(entire |whole )?cohort|all patients)", re.IGNORECASE)
_RATIO = re.compile(rf"({_MODEL})?(a?hr|hazard ratio)\b.*", re.IGNORECASE)
_ADJUSTED = re.compile(r"multi|(?<!un)adjusted|\bahr\b", re.IGNORECASE)
_ENDS = re.compile(rf"({_MODEL})?(95\s*%\s*)?(ci|confidence interval)s?(,? 95\s*%)?", re.IGNORECASE)
_COUNTS = re.compile(r"(no\.?|n|number|patients)", re.IGNORECASE)
_SHARES = re.compile(
    r"(?:(?:no\.?|n|number)(?:\s*/\s*n)?\s*[(\[]\s*%\s*[)\]]|n\s*/\s*n)", re.IGNORECASE
)
_PERCENTS = re.compile(r"(%|percent|per cent)", re.IGNORECASE)
_OTHER = re.compile(
    r"(p[\s-]*(?:values?)?\s*(?:for|of)\s.*|(?:total\s+)?n|no\.(?: of patients)?|or|odds ratio"
    r"|(?:all|any) grades?|grades?\s*[<>\u2264\u2265\d].*|(?:hr|hazard ratio) or .*"
    r"|number of patients|rr|risk ratio|relative risk|smd|standardi[sz]ed difference|difference"
    r"|test|statistic|\u03c72|chi-?square|events?|missing)(?!\w)(?!\s*[(\[]\s*%).*",
    re.IGNORECASE,
)
GROUP, TOTAL, P_COLUMN, RATIO_COLUMN, OTHER_COLUMN = ("group", "total", "p", "ratio", "other")
ENDS_COLUMN, LOW_COLUMN, HIGH_COLUMN = "ends", "low", "high"
INTERVALS = (ENDS_COLUMN, LOW_COLUMN, HIGH_COLUMN)
_LOW = re.compile(r"(?:95\s*%\s*)?(?:(?:ci\s*)?lower\b.*|lcl)", re.IGNORECASE)
_HIGH = re.compile(r"(?:95\s*%\s*)?(?:(?:ci\s*)?upper\b.*|ucl)", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """Where a column stands, what it holds, the head of its group, and how many patients it has.

    part : `count` or `percent` where a group has a column for either, else empty.
    adjusted : whether it is of a multivariable model.
    """

    place: int
    role: str
    head: str = ""
    size: int | None = None
    part: str = ""
    adjusted: bool = False


@dataclass(frozen=True)
class Layout:
    """The columns after that of the labels, and the rows below the head with their numbers.

    note : what stands alone in a row, as titles and footnotes do.
    head : the head of the labels.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[int, list[str]], ...]
    note: str = ""
    head: str = ""


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
            alone = (cells for _, row in filled if len(cells := [*filter(str.strip, row)]) == 1)
            note = " ".join(cell for (cell,) in alone)
            return replace(_below(heads, filled[place + 1 :]), note=note, head=heads[0])
    raise ClaimsError(
        f"TABLE: {name} has no row of heads; name the columns in one row, such as "
        "'Exposed (n = 50)', 'Not exposed (n = 70)', 'P'"
    )


def with_sizes(layout: Layout, cells: dict[Column, str]) -> Layout:
    """The same columns with the numbers of patients that a row gives for each group."""
    told = {
        column.head: int(text)
        for column, cell in cells.items()
        if column.part != "percent" and (text := plain(cell)).isdigit()
    }
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
        return bool(_SIZE.search(words[0]) or _SHARES.fullmatch(words[0]))
    return len(words) > 1 and (bool(named) or all(not re.match(r"[<.\d]", x) for x in words))


def _below(heads: list[str], rows: list[tuple[int, list[str]]]) -> Layout:
    """Heads spread over the blank columns to their right, joined with a second row of heads."""
    width = max([len(heads), *(len(row) for _, row in rows)])
    own = [*heads, *[""] * (width - len(heads))]
    second = [""] * width
    if rows and _is_second(rows[0][1]):
        cells = [plain(cell) for cell in rows[0][1]]
        second, rows = [*cells, *[""] * (width - len(cells))], rows[1:]
    columns, last = [], ""
    for place in range(1, width):
        last = own[place] or last
        # A head goes to the blank column beside it only if that one has a head below.
        if own[place] or (last and second[place]):
            columns.append(_column(place, _of_second(last, second[place]), second[place]))
    return Layout(tuple(_of_models(columns)), tuple(rows))


def _of_second(head: str, below: str) -> str:
    """The head that goes with a word below it: P or SMD is of no group, but may be of a model."""
    is_apart = _role(below) in (P_COLUMN, OTHER_COLUMN, TOTAL) and not _part(below)
    return "" if is_apart and not re.match(_MODEL, f"{head} ", re.IGNORECASE) else head


def _of_models(columns: Sequence[Column]) -> Iterator[Column]:
    """P values and ends are of the model of the ratio before them; beside groups one P counts."""
    adjusted, tested = False, False
    ratios = any(column.role == RATIO_COLUMN for column in columns)
    for column in columns:
        if column.role == RATIO_COLUMN:
            adjusted = column.adjusted
        if column.role == P_COLUMN and not ratios:
            yield replace(column, role=OTHER_COLUMN) if tested else column
            tested = True
        elif column.role in (P_COLUMN, *INTERVALS):
            yield replace(column, adjusted=adjusted or column.adjusted)
        else:
            yield column


def _is_second(row: Sequence[str]) -> bool:
    """A row without a label that has words in its cells, such as `No.`, `n = 50`, `HR (95% CI)`."""
    cells = [plain(cell) for cell in row]
    known = [cell for cell in cells[1:] if cell]
    sizes = all(_SIZE.fullmatch(cell) or _part(cell) or _SHARES.fullmatch(cell) for cell in known)
    words = not cells[0] and not any(re.match(r"[<>=.\d-]", cell) for cell in known)
    return bool(known) and (sizes or words)


def _part(text: str) -> str:
    return "count" if _COUNTS.fullmatch(text) else "percent" if _PERCENTS.fullmatch(text) else ""


def _column(place: int, head: str, below: str) -> Column:
    """`Drug (n = 60), %` holds percents alone; a word below a head is a group within it."""
    size = _SIZE.search(below) or _SIZE.search(head)
    inner = "" if _part(below) or _SHARES.fullmatch(below) else _bare(below)
    name = " ".join(filter(None, (_bare(head), inner)))
    ending = re.search(r"[,(\s]([^\s,()]+)\)?$", _SIZE.sub("", head).strip())
    part = _part(below) or ("percent" if ending and _PERCENTS.fullmatch(ending[1]) else "")
    if part == "percent" and re.search(r"\b(no\.?|n)\s*[(\[]\s*%", head, re.IGNORECASE):
        part = ""
    role = TOTAL if not name and _SHARES.search(head) else _role(name)
    adjusted = bool(_ADJUSTED.search(name))
    return Column(place, role, name, int(size["n"]) if size else None, part, adjusted)


def _bare(head: str) -> str:
    """The name of a group: its head without size, `No. (%)` and `%`."""
    text = _SHARES.sub("", _SIZE.sub("", head))
    text = re.sub(r"(?i)[(\[]?(?:no\. of )?events?\s*/\s*(?:n|patients)[)\]]?", "", text)
    return re.sub(r"[,\s]*(?:[(\[]\s*%\s*[)\]]|%)$", "", text).strip(" ,;:")


def _role(head: str) -> str:
    known = (
        (OTHER_COLUMN, _OTHER), (P_COLUMN, _P), (TOTAL, _TOTAL), (ENDS_COLUMN, _ENDS),
        (LOW_COLUMN, _LOW), (HIGH_COLUMN, _HIGH),
    )  # fmt: skip
    for role, pattern in known:
        if pattern.fullmatch(head.strip()):
            return role
    return RATIO_COLUMN if _RATIO.fullmatch(head.strip()) else GROUP


def is_total(label: str) -> bool:
    """Whether a label means all patients together: `Overall`, `All patients`."""
    return bool(_TOTAL.fullmatch(plain(label)))
