"""Checks that judge a row as a whole: is it one patient, and one that stands there once?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis_lib.source.rules.rule import Hit
from analysis_lib.source.rules.values import Values

# Rows that agree in fewer values can belong to two patients.
ENOUGH_ALIKE = 5
_TOTALS = (
    r"(?:grand )?totals?|sum(?:me)?|gesamt|mean|average|mittelwert|median|count|anzahl|"
    r"moyenne|somme|suma|media|n ?= ?\d+"
)


def repeats_the_header(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """The names of the columns once more, as files pasted together have them."""
    ours = list(values.table.columns)
    names = {*ours, *(values.original.get(name, name) for name in ours)}
    if len(ours) > 1:
        for row, cells in _rows(values.table):
            if sum(cell in names for cell in cells) > len(ours) / 2:
                yield Hit(row)


def is_a_line_of_totals(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """A sum or a mean under the patients, told by the word in the patient's column."""
    totals = values.written_as(columns[0], _TOTALS)
    return (Hit(row) for row in values.table.index[totals])


def is_another_row_again(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Every value but the patient's identifier as in an earlier row."""
    table = values.table.drop(columns=list(columns), errors="ignore")
    first: dict[tuple[str, ...], int] = {}
    for row, cells in _rows(table):
        if sum(map(bool, cells)) >= ENOUGH_ALIKE and first.setdefault(cells, row) != row:
            yield Hit(row, detail=str(first[cells]))


def _rows(table: pd.DataFrame) -> Iterator[tuple[int, tuple[str, ...]]]:
    return zip(table.index, table.itertuples(index=False, name=None), strict=True)
