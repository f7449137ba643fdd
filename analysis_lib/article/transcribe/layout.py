"""What the columns of a table are, from its one to three rows of heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis_lib.article.transcribe.cells import INCIDENCE, MEASURED, MEDIAN_CI, SURVIVAL
from analysis_lib.article.transcribe.grid import Grid
from analysis_lib.article.transcribe.heads import (
    COUNTS,
    GRADE,
    GROUP,
    INTERVALS,
    MODEL,
    OTHER_COLUMN,
    P_COLUMN,
    RATIO_COLUMN,
    SHARES,
    SIZE,
    TOTAL,
    Column,
    column_of,
    is_measure,
    part_of,
    role_of,
)
from analysis_lib.article.transcribe.kinds_of_rows import kind_of_row
from analysis_lib.article.transcribe.labels_of_rows import is_statistic
from analysis_lib.article.transcribe.texts import plain
from analysis_lib.errors import ClaimsError


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
    named = [x for x in heads[1:] if x and not SIZE.search(x) and role_of(x) == GROUP]
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
    named = [cell for cell in words if SIZE.search(cell) or role_of(cell) != GROUP]
    if len(words) == 1:
        return bool(SIZE.search(words[0]) or SHARES.fullmatch(words[0]))
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
            columns.append(column_of(place, _of_second(last, second[place]), second[place]))
    if any(c.role == TOTAL and c.part == "percent" and not c.head for c in columns):
        columns = [_of_everyone(c) if COUNTS.fullmatch(c.head) else c for c in columns]
    measured = {column.head for column in columns if column.part in MEASURED}
    columns = [
        replace(c, role=OTHER_COLUMN) if c.head in measured and c.part == "count" else c
        for c in columns
    ]
    return Layout(tuple(_of_models(columns)), tuple(rows), head=label)


def _of_everyone(column: Column) -> Column:
    """`No.` beside `%` and no group: the counts of all patients."""
    return replace(column, role=TOTAL, head="", part="count")


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
    is_within = GRADE.fullmatch(below) or is_measure(below)
    of_group = part_of(below) or SIZE.fullmatch(below) or (head and is_within)
    is_apart = role_of(below) in (P_COLUMN, OTHER_COLUMN, TOTAL) and not of_group
    return "" if is_apart and not re.match(MODEL, f"{head} ", re.IGNORECASE) else head


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
    words = not any(re.match(r"[<>=.\d-]", x) and role_of(x) not in INTERVALS for x in known)
    if cells[0] and not label:
        return bool(known) and words and all(SIZE.search(cell) for cell in known)
    return bool(known) and (_is_within(cells) or (words and not cells[0]))


def _is_within(row: Sequence[str]) -> bool:
    """Whether all cells divide what is below a group's head: sizes, counts, percents, grades."""
    known = [cell for cell in map(plain, row[1:]) if cell]
    patterns = (SIZE, SHARES, GRADE)
    return all(part_of(cell) or any(x.fullmatch(cell) for x in patterns) for cell in known)
