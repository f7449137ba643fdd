"""What the cells of a row are together, which none of them tells alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis_lib.article.transcribe.cells import ENDS, HIGH, LOW, NUMBER, P_VALUE, RATIO, read_cell
from analysis_lib.article.transcribe.heads import (
    ENDS_COLUMN,
    HIGH_COLUMN,
    INTERVALS,
    LOW_COLUMN,
    P_COLUMN,
    RATIO_COLUMN,
    Column,
)
from analysis_lib.article.transcribe.texts import plain

KIND_OF_COLUMN = {
    **{RATIO_COLUMN: RATIO, ENDS_COLUMN: ENDS, P_COLUMN: P_VALUE},
    **{LOW_COLUMN: LOW, HIGH_COLUMN: HIGH},
}
_ONE = re.compile(r"1(?:\.0+)?(?:\s*[(\[]\D*[)\]])?|ref\b.*", re.IGNORECASE)


def is_reference(column: Column, text: str, held: Sequence[tuple[Column, str]]) -> bool:
    """Whether a ratio is that of the level of reference: `1.00 (ref)`, no interval beside it."""
    ends = (
        read_cell(text, KIND_OF_COLUMN[c.role])
        for c, text in held
        if c.role in INTERVALS and c.adjusted == column.adjusted
    )
    is_one = column.role == RATIO_COLUMN and _ONE.fullmatch(plain(text))
    return bool(is_one) and not any(cell.numbers for cell in ends)


def may_be_percents_first(held: Sequence[tuple[Column, str]]) -> bool:
    """Whether `45 (38)` of 84 patients is their percent with the count in every cell of a row."""
    found = []
    for column, text in held:
        pair = [float(one.value) for one in read_cell(text, NUMBER).numbers]
        if column.size and not column.part and len(pair) == 2 and "%" not in text:
            straight, turned = (
                abs(100 * count / column.size - percent) <= 1
                for count, percent in (pair, reversed(pair))
            )
            found.append(turned and not straight)
    return len(found) > 1 and all(found)
