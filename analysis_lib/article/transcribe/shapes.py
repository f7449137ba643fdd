"""Tables laid out otherwise, brought into one form: a column of labels, then one a group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis_lib.article.transcribe.cells import EMPTY, NUMBER, read_cell
from analysis_lib.article.transcribe.heads import GROUP, P_COLUMN, TOTAL, Column, is_total
from analysis_lib.article.transcribe.layout import Layout, with_sizes
from analysis_lib.article.transcribe.texts import plain

Row = tuple[int, list[str]]
_WORD = re.compile(r"[^\W\d_]{2}")
_OF_LEVELS = re.compile(r"(?:sub)?categor(?:y|ies)|levels?|values?|subgroups?|", re.IGNORECASE)


def with_one_label(layout: Layout) -> Layout:
    """A variable and, beside it, its levels: the variable becomes a heading of rows below it."""
    beside = next((c for c in layout.columns if c.place == 1), None)
    if beside is not None and (beside.role != GROUP or beside.size):
        return layout
    cells = [cell for _, row in layout.rows if len(row) > 1 and (cell := plain(row[1]))]
    told = [bool(_WORD.search(x)) and x.casefold() not in EMPTY for x in cells]
    named = _OF_LEVELS.fullmatch(beside.head if beside is not None else "")
    if not any(told) or (not named and sum(told) < len(told)):
        return layout
    tests = {c.place for c in layout.columns if c.role == P_COLUMN}
    columns = tuple(c for c in layout.columns if c.place != 1)
    return replace(layout, columns=columns, rows=tuple(_with_headings(layout.rows, tests)))


def _with_headings(rows: Sequence[Row], tests: set[int]) -> Iterator[Row]:
    """P beside the first level alone goes to the heading, which it is of."""
    block: list[Row] = []
    for number, row in [*rows, (0, [""])]:
        starts = bool(row[0].strip()) and not (block and row[0].strip() == block[0][1][0].strip())
        if block and (starts or not any(map(str.strip, row))):
            yield from _of_block(block, tests)
            block = []
        if len(row) > 1 and row[1].strip() and (block or row[0].strip()):
            block.append((number, row))
        elif number:
            yield number, row


def _of_block(block: Sequence[Row], tests: set[int]) -> Iterator[Row]:
    (number, first), *others = block
    held = {place for place in tests if place < len(first)}
    of_all = held and not any(row[p].strip() for _, row in others for p in tests if p < len(row))
    yield number, [text if not i or (of_all and i in held) else "" for i, text in enumerate(first)]
    for place, (row_number, row) in enumerate(block):
        texts = [f"  {row[1].strip()}", "", *row[2:]]
        yield row_number, ["" if of_all and not place and i in held else x
                           for i, x in enumerate(texts)]  # fmt: skip


def with_totals(layout: Layout) -> Layout:
    """Sizes from a row of totals, where no head has any and the percents beside counts agree."""
    groups = [c for c in layout.columns if c.role in (GROUP, TOTAL)]
    for number, row in layout.rows:
        cells = {c: row[c.place] for c in groups if c.place < len(row)}
        if any(c.size for c in groups) or not row or not is_total(row[0].split(",")[0]):
            continue
        sizes = {c: int(x) for c, text in cells.items() if (x := plain(text)).isdigit()}
        if len(sizes) == len(groups) and _agree(layout, sizes):
            rows = tuple(one for one in layout.rows if one[0] != number)
            return with_sizes(replace(layout, rows=rows), cells)
    return layout


def _agree(layout: Layout, sizes: dict[Column, int]) -> bool:
    """Whether there are counts with percents, and each is that of its column's size."""
    found = []
    for column, size in sizes.items():
        for _, row in layout.rows:
            text = row[column.place] if column.place < len(row) else ""
            pair = [float(one.value) for one in read_cell(text, NUMBER).numbers]
            if len(pair) == 2 and "(" in text:
                found.append(size > 0 and abs(100 * pair[0] / size - pair[1]) <= 1)
    return bool(found) and all(found)
