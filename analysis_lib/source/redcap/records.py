"""One row per record from an export that holds one row per event or repeat."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.redcap.codebook import Codebook

OWN_COLUMNS = (
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_data_access_group",
    "redcap_survey_identifier",
)
_PARTS = OWN_COLUMNS[:3]


def has_several_rows(table: pd.DataFrame, codebook: Codebook) -> bool:
    """Whether records are spread over events or repeats."""
    return (
        codebook.record in table.columns
        and any(column in table.columns for column in _PARTS)
        and bool(table[codebook.record].duplicated().any())
    )


def one_row_each(
    table: pd.DataFrame,
    flags: dict[str, pd.Series],
    codebook: Codebook,
    needed: Iterable[str],
    problems: Problems,
) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Each record's values that are not blank, in the row where the record begins.

    `needed` are the columns that the report reads: a record that gives one of them two values is
    a problem. `flags` are joined by 'any row'.
    """
    records = table[codebook.record]
    filled = _without_empty_boxes(table, codebook)
    filled = filled.mask(filled == "")
    for column in needed:
        several = int((filled[column].groupby(records).nunique() > 1).sum())
        if several:
            hold = "records hold" if several > 1 else "record holds"
            problems.add(
                "redcap",
                f"{several} {hold} several values of {column!r} "
                "in events or repeats; export one row per patient (one event, without "
                "repeating instruments)",
            )
    first = records.drop_duplicates()
    merged = filled.groupby(records, sort=False).first().fillna("")
    merged[codebook.record] = merged.index
    merged = merged[list(table.columns)].set_axis(first.index)
    joined = {
        name: flag.groupby(records, sort=False).any().set_axis(first.index)
        for name, flag in flags.items()
    }
    return merged.astype(object), joined


def _without_empty_boxes(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Boxes blanked in rows where none of a field is ticked, if another row of the record does."""
    records = table[codebook.record]
    changed = table.copy()
    for field in codebook.fields:
        columns = [column for column in field.columns if column in table.columns]
        if field.type != "checkbox" or not columns:
            continue
        ticked = (table[columns] == "1").any(axis=1)
        elsewhere = ticked.groupby(records).transform("any") & ~ticked
        changed.loc[elsewhere, columns] = ""
    return changed
