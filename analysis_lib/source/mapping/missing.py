"""Texts of the extract that mean 'not recorded', blanked and counted."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis_lib.dictionary import Dictionary
from analysis_lib.source.identifiers import identifying_columns
from analysis_lib.source.mapping.mapping import Mapping
from analysis_lib.source.mapping.names_parts import ORIGIN
from analysis_lib.source.mapping.values import holds


def without_missing(
    table: pd.DataFrame, mapping: Mapping, dictionary: Dictionary, kept: Iterable[str] = ()
) -> tuple[pd.DataFrame, list[str]]:
    """The table with these texts blanked, and how many were in each of their columns.

    A patient may be called 99, and records cannot be made to look like patients' own: identifiers,
    the origin of a record and `kept` columns are never blanked.
    """
    texts = mapping.reading.missing
    if not texts:
        return table, []
    found = {column: _means_missing(table[column], texts) for column in table.columns}
    counts = {column: int(cells.sum()) for column, cells in found.items() if cells.any()}
    keeping = _never_blanked(mapping, dictionary) | set(kept)
    blanked = {column: count for column, count in counts.items() if column not in keeping}
    spared = {column: count for column, count in counts.items() if column in keeping}
    changed = table.copy()
    for column in blanked:
        changed[column] = table[column].mask(found[column], "")
    notes = []
    if blanked:
        notes.append(f"read as not recorded: {_counted(table, blanked)}")
    if spared:
        notes.append(f"kept, since no identifier is ever blanked: {_counted(table, spared)}")
    return changed, notes


def _means_missing(column: pd.Series, texts: tuple[str, ...]) -> pd.Series:
    """Where a text stands, also as 99.0 in a column that holds only numbers besides."""
    exactly = column.isin(texts)
    return exactly | (holds(column.mask(exactly, ""), texts) & (column != ""))


def _never_blanked(mapping: Mapping, dictionary: Dictionary) -> set[str]:
    ours = {one.name for one in dictionary.variables if one.type == "identifier"} | {ORIGIN}
    return ours | {theirs for theirs, name in mapping.columns.items() if name in ours}


def _counted(table: pd.DataFrame, counts: dict[str, int]) -> str:
    """`2 in a, 1 in b`; columns that look like direct identifiers are not named."""
    hidden = set(identifying_columns(table[list(counts)]))
    parts = [f"{count} in {column}" for column, count in counts.items() if column not in hidden]
    if hidden:
        cells = sum(counts[column] for column in hidden)
        look = "a column that looks" if len(hidden) == 1 else f"{len(hidden)} columns that look"
        parts.append(f"{cells} in {look} like direct identifiers")
    return ", ".join(parts)
