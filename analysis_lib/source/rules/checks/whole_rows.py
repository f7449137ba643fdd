"""Checks that judge a row as a whole: is it one patient, and one that stands there once?"""

from __future__ import annotations

from collections.abc import Iterator

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
    table = values.table
    if len(table.columns) > 1:
        names = [values.original.get(name, name) for name in table.columns]
        same = (table == list(table.columns)) | (table == names)
        yield from (Hit(row) for row in table.index[same.sum(axis=1) > len(table.columns) / 2])


def is_a_line_of_totals(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """A sum or a mean under the patients, told by the word in the patient's column."""
    totals = values.written_as(columns[0], _TOTALS)
    return (Hit(row) for row in values.table.index[totals])


def is_another_row_again(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Every value but the patient's identifier as in an earlier row."""
    table = values.table.drop(columns=list(columns), errors="ignore")
    enough = (table != "").sum(axis=1) >= ENOUGH_ALIKE
    if table.shape[1]:
        again = table[enough].duplicated(keep="first")
        first = table[enough].drop_duplicates()
        rows = {tuple(line): row for row, line in zip(first.index, first.values, strict=True)}
        for row in again.index[again]:
            yield Hit(row, detail=str(rows[tuple(table.loc[row])]))
