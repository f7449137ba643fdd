"""What the columns of a table are, from its one to three rows of heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis_lib.article.transcribe.cells import INCIDENCE, MEASURED, MEDIAN_CI, SURVIVAL
from analysis_lib.article.transcribe.grid import Grid
from analysis_lib.article.transcribe.kinds_of_rows import PERCENT_FIRST, kind_of_row
from analysis_lib.article.transcribe.labels_of_rows import is_statistic
from analysis_lib.article.transcribe.texts import plain
from analysis_lib.errors import ClaimsError

_SIZE = re.compile(r"[(\[]?\s*\bn\s*=\s*(?P<n>\d+)\s*[)\]]?", re.IGNORECASE)
_MODEL = r"(?:un(?:i|adj)\w*|(?:multi|adj)\w*|crude|overall)(?: analysis)?[,:]?\s+"
_P = re.compile(
    rf"({_MODEL})?(p([\s-]*(val(ue)?s?|wert))?|sig\.|(valeur|valor|valore)( de)?[\s-]*p)"
    r"(\s*[(\[].*|,? .+)?",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"(total|all|overall|(entire |whole )?cohort|all patients)", re.IGNORECASE)
_RATIO = re.compile(rf"({_MODEL})?(a?hr|hazard ratio)\b.*", re.IGNORECASE)
_ADJUSTED = re.compile(r"multi|(?<!un)adjusted|\bahr\b", re.IGNORECASE)
_ENDS = re.compile(rf"({_MODEL})?(95\s*%\s*)?(ci|confidence interval)s?(,? 95\s*%)?", re.IGNORECASE)
_COUNTS = re.compile(r"(no\.?|n|number|patients)", re.IGNORECASE)
_SHARES = re.compile(
    r"(?:(?:no\.?|n|number)(?:\s*/\s*n)?\s*[(\[]\s*%\s*[)\]]|n\s*/\s*n)", re.IGNORECASE
)
_GRADE = re.compile(
    r"(?P<grade>(?:any|all) grades?|grades?\s*[<>\u2264\u2265]?=?\s*\d(?:\s*-\s*\d)?)\b.*",
    re.IGNORECASE,
)
_PERCENTS = re.compile(r"(%|percent|per cent)", re.IGNORECASE)
_OTHER = re.compile(
    r"(p[\s-]*(?:values?)?\s*(?:for|of)\s.*|(?:total\s+)?n|no\.(?: of patients)?|or|odds ratio"
    r"|(?:all|any) grades?|grades?\s*[<>\u2264\u2265\d].*|(?:hr|hazard ratio) or .*"
    r"|number of patients|rr|risk ratio|relative risk|smd|standardi[sz]ed difference|difference"
    r"|test|statistic|\u03c72|chi-?square|events?|missing)(?!\w)(?!\s*[(\[]\s*%).*",
    re.IGNORECASE,
)
_TEST_STATISTIC = re.compile(r"(?:[tzU]|[tFzZU][- ](?:values?|statistics?|score)|df|d\.f\.)")
GROUP, TOTAL, P_COLUMN, RATIO_COLUMN, OTHER_COLUMN = ("group", "total", "p", "ratio", "other")
ENDS_COLUMN, LOW_COLUMN, HIGH_COLUMN = "ends", "low", "high"
INTERVALS = (ENDS_COLUMN, LOW_COLUMN, HIGH_COLUMN)
_LOW = re.compile(r"(?:95\s*%\s*)?(?:(?:ci\s*)?lower\b.*|lcl)", re.IGNORECASE)
_HIGH = re.compile(r"(?:95\s*%\s*)?(?:(?:ci\s*)?upper\b.*|ucl)", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """Where a column stands, what it holds, the head of its group, and how many patients it has.

    part : `count` or `percent` where a group has a column for either, `percent first` where the
        head says `% (n)`, a kind such as `mean` below the head of a group, else empty.
    grade : `Any grade` or `Grade 3-4` where a group has a column for each, else empty.
    adjusted : whether it is of a multivariable model.
    """

    place: int
    role: str
    head: str = ""
    size: int | None = None
    part: str = ""
    adjusted: bool = False
    grade: str = ""


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
            if _is_turned(heads):
                return replace(find_layout(_turned(grid[filled[place][0] - 1 :]), name), note=note)
            return replace(_below(heads, filled[place + 1 :]), note=note)
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


def _is_turned(heads: Sequence[str]) -> bool:
    """Whether heads say what is measured, `Age, median (range)`, so that each row is a group."""
    named = [x for x in heads[1:] if x and not _SIZE.search(x) and _role(x) == GROUP]
    told = {kind_of_row(head) for head in named if not is_statistic(head)}
    one = len(named) == 1 or len(told) > 1
    return one and not told.isdisjoint({*MEASURED, SURVIVAL, INCIDENCE, MEDIAN_CI})


def _turned(grid: Grid) -> Grid:
    """Rows as columns; what stands alone in its row is no group."""
    rows = [row for row in grid if sum(bool(cell.strip()) for cell in row) > 1]
    width = max(map(len, rows))
    return [[*column] for column in zip(*(_filled(row, width) for row in rows), strict=True)]


def _filled(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _is_head(heads: Sequence[str]) -> bool:
    """A row of words over the columns; a row that holds numbers alone is none."""
    words = [cell for cell in heads[1:] if cell]
    named = [cell for cell in words if _SIZE.search(cell) or _role(cell) != GROUP]
    if len(words) == 1:
        return bool(_SIZE.search(words[0]) or _SHARES.fullmatch(words[0]))
    return len(words) > 1 and (bool(named) or all(not re.match(r"[<.\d]", x) for x in words))


def _below(heads: list[str], rows: list[tuple[int, list[str]]]) -> Layout:
    """Heads spread over the blank columns to their right, joined with the rows of heads below."""
    width = max([len(heads), *(len(row) for _, row in rows)])
    own, second, label = _padded(heads, width), [""] * width, heads[0]
    if rows and _is_second(rows[0][1], label):
        second, rows = _padded(rows[0][1], width), rows[1:]
        label = label or second[0]
        if rows and not plain(rows[0][1][0]) and _is_within(rows[0][1]):
            own, second, rows = _joined(own, second), _padded(rows[0][1], width), rows[1:]
        elif _is_one_head(own, second):
            own, second = _joined(own, second), [""] * width
    columns, last = [], ""
    for place in range(1, width):
        last = own[place] or last
        # A head goes to the blank column beside it only if that one has a head below.
        if own[place] or (last and second[place]):
            columns.append(_column(place, _of_second(last, second[place]), second[place]))
    measured = {column.head for column in columns if column.part in MEASURED}
    columns = [
        replace(c, role=OTHER_COLUMN) if c.head in measured and c.part == "count" else c
        for c in columns
    ]
    return Layout(tuple(_of_models(columns)), tuple(rows), head=label)


def _padded(row: Sequence[str], width: int) -> list[str]:
    return _filled([plain(cell) for cell in row], width)


def _is_one_head(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether one head, such as `Treatment arm`, stands over all the groups, and so names none."""
    return len(_over(upper, lower)) == 1 and sum(map(bool, lower[1:])) > 1 and not _is_within(lower)


def _over(upper: Sequence[str], lower: Sequence[str]) -> dict[str, list[int]]:
    """The heads over those of a lower row, with their places; each reaches over blank columns."""
    found: dict[str, list[int]] = {}
    last = ""
    for place in range(1, len(lower)):
        last = upper[place] or last
        if lower[place]:
            found.setdefault(last, []).append(place)
    return found


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows of heads as one; a head over all of the groups is left out."""
    over = _over(upper, lower)
    joined = [*upper]
    for head, places in over.items():
        for place in places:
            joined[place] = f"{head} {lower[place]}".strip() if len(over) > 1 else lower[place]
    return joined


def _of_second(head: str, below: str) -> str:
    """The head that goes with a word below it: P or SMD is of no group, but may be of a model."""
    is_within = _GRADE.fullmatch(below) or _is_measure(below)
    of_group = _part(below) or _SIZE.fullmatch(below) or (head and is_within)
    is_apart = _role(below) in (P_COLUMN, OTHER_COLUMN, TOTAL) and not of_group
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


def _is_second(row: Sequence[str], label: str) -> bool:
    """A row of words below a head, such as `No.`, `n = 50`, `HR (95% CI)`.

    It may hold the label that the head above lacks, beside groups with their sizes.
    """
    cells = [plain(cell) for cell in row]
    known = [cell for cell in cells[1:] if cell]
    words = not any(re.match(r"[<>=.\d-]", x) and _role(x) not in INTERVALS for x in known)
    if cells[0] and not label:
        return bool(known) and words and all(_SIZE.search(cell) for cell in known)
    return bool(known) and (_is_within(cells) or (words and not cells[0]))


def _is_within(row: Sequence[str]) -> bool:
    """Whether all cells divide what is below a group's head: sizes, counts, percents, grades."""
    known = [cell for cell in map(plain, row[1:]) if cell]
    patterns = (_SIZE, _SHARES, _GRADE)
    return all(_part(cell) or any(x.fullmatch(cell) for x in patterns) for cell in known)


def _part(text: str) -> str:
    return "count" if _COUNTS.fullmatch(text) else "percent" if _PERCENTS.fullmatch(text) else ""


def _column(place: int, head: str, below: str) -> Column:
    """`Drug (n = 60), %` holds percents alone; a word below a head is a group within it."""
    size = _SIZE.search(below) or _SIZE.search(head)
    graded = _GRADE.fullmatch(below) if head else None
    inner = "" if _part(below) or _SHARES.fullmatch(below) or graded else _bare(below)
    name = " ".join(filter(None, (_bare(head), inner)))
    ending = re.search(r"[,(\s]([^\s,()]+)\)?$", _SIZE.sub("", head).strip())
    part = _part(below) or ("percent" if ending and _PERCENTS.fullmatch(ending[1]) else "")
    if part == "percent" and re.search(r"\b(no\.?|n)\s*[(\[]\s*%", head, re.IGNORECASE):
        part = ""
    part = "percent first" if PERCENT_FIRST.search(f"{head} {below}") else part
    if head and _is_measure(below):
        part, name = kind_of_row(below), _bare(head)
    role = TOTAL if not name and _SHARES.search(head) else _role(name)
    adjusted = bool(_ADJUSTED.search(name))
    patients, grade = int(size["n"]) if size else None, graded["grade"] if graded else ""
    return Column(place, role, name, patients, part, adjusted, grade)


def _is_measure(head: str) -> bool:
    """`Mean (SD)`, `Range`: what numbers are of, and no group."""
    return is_statistic(head) and kind_of_row(head) in MEASURED


def _bare(head: str) -> str:
    """The name of a group: its head without size, `No. (%)` and `%`."""
    text = PERCENT_FIRST.sub("", _SHARES.sub("", _SIZE.sub("", head)))
    text = re.sub(r"(?i)(?<=\S)\s*[(\[]?(?:no\. of )?events?\s*/\s*(?:n|patients)[)\]]?", "", text)
    return re.sub(r"[,\s]*(?:[(\[]\s*%\s*[)\]]|%)$", "", text).strip(" ,;:")


def _role(head: str) -> str:
    known = (
        (OTHER_COLUMN, _OTHER), (P_COLUMN, _P), (TOTAL, _TOTAL), (ENDS_COLUMN, _ENDS),
        (LOW_COLUMN, _LOW), (HIGH_COLUMN, _HIGH),
    )  # fmt: skip
    for role, pattern in known:
        if pattern.fullmatch(head.strip()):
            return role
    if _TEST_STATISTIC.fullmatch(head):
        return OTHER_COLUMN
    if _is_measure(head):
        return OTHER_COLUMN  # `Mean`, `SD`: of what the row says, and of no group
    return RATIO_COLUMN if _RATIO.fullmatch(head.strip()) else GROUP


def is_total(label: str) -> bool:
    """Whether a label means all patients together: `Overall`, `All patients`."""
    return bool(_TOTAL.fullmatch(plain(label)))
