"""Boxes that say nothing: REDCap exports 0 for the boxes of a form that nobody opened, too."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from analysis_lib.source.redcap.codebook import Codebook, Field

# REDCap fills these in by itself, or never.
_NOT_ENTERED = ("calc", "descriptive")


def without_unanswered(
    table: pd.DataFrame, codebook: Codebook, wanted: Collection[str]
) -> tuple[pd.DataFrame, list[str]]:
    """A table of codes with the boxes blanked that nobody answered, and for how many records.

    `wanted` names the fields that the report reads: only of these something is said.
    """
    changed: dict[str, pd.Series] = {}
    notes = []
    for form, fields in codebook.forms.items():
        opened = opened_rows(table, form, fields, codebook.record)
        if not _tells_opened(table, form, fields, codebook):
            opened |= True
        for one in (one for one in fields if one.type == "checkbox"):
            untold = ~opened | _status_is_blank(table, form) | _is_coded_missing(table, one)
            changed |= _without_zeros(table, one, untold)
        if any(one.name in wanted for one in fields):
            what = f"form {form}: never opened for"
            notes += _said(what, "its fields and boxes", opened, table, codebook)
    for one in codebook.fields:
        if one.name in wanted and one.other_boxes(table.columns):
            what = f"{one.name}: no choice of the data dictionary is ticked but another box, such "
            what += "as that of a missing-data code, for"
            notes += _said(what, "its boxes", ~_is_coded_missing(table, one), table, codebook)
    return table.assign(**changed), notes


def opened_rows(table: pd.DataFrame, form: str, fields: Iterable[Field], record: str) -> pd.Series:
    """Rows in which somebody opened a form: its status says so, or something was entered."""
    opened = pd.Series(False, index=table.index)
    for one in fields:
        if one.name == record or one.type in _NOT_ENTERED:
            continue
        nothing = ("", "0") if one.type == "checkbox" else ("",)
        for name in (*one.columns, *one.other_boxes(table.columns)):
            if name in table.columns:
                opened |= ~table[name].isin(nothing)
    for name, nothing in ((f"{form}_timestamp", ("",)), (f"{form}_complete", ("", "0"))):
        if name in table.columns:
            opened |= ~table[name].isin(nothing)
    return opened


def _tells_opened(table: pd.DataFrame, form: str, fields: list[Field], codebook: Codebook) -> bool:
    """Without a status in the export, blanks tell it only of boxes beside a question for all."""
    if f"{form}_complete" in table.columns:
        return True
    for_all = any(
        one.name in table.columns
        and not (one.branching or one.name == codebook.record or one.type in _NOT_ENTERED)
        for one in fields
    )
    return for_all and _has_boxes(table, fields)


def _has_boxes(table: pd.DataFrame, fields: list[Field]) -> bool:
    return any(x in table.columns for one in fields if one.type == "checkbox" for x in one.columns)


def _status_is_blank(table: pd.DataFrame, form: str) -> pd.Series:
    status = f"{form}_complete"
    return table[status] == "" if status in table.columns else pd.Series(False, index=table.index)


def _is_coded_missing(table: pd.DataFrame, one: Field) -> pd.Series:
    """Rows with a tick in none of the field's choices, but in a box beyond them."""
    others = one.other_boxes(table.columns)
    return _is_ticked(table, others) & ~_is_ticked(table, one.columns)


def _is_ticked(table: pd.DataFrame, boxes: Iterable[str]) -> pd.Series:
    ticked = pd.Series(False, index=table.index)
    for name in boxes:
        if name in table.columns:
            ticked |= table[name] == "1"
    return ticked


def _without_zeros(table: pd.DataFrame, one: Field, untold: pd.Series) -> dict[str, pd.Series]:
    """The boxes of a field, blank in the rows that tell nothing of it."""
    blank = untold & ~_is_ticked(table, one.columns)
    columns = [name for name in one.columns if name in table.columns]
    return {name: table[name].mask(blank & (table[name] == "0"), "") for name in columns}


def _said(
    what: str, blank: str, said: pd.Series, table: pd.DataFrame, codebook: Codebook
) -> list[str]:
    """The number of records in none of whose rows something was said."""
    if codebook.record in table.columns:
        said = said.groupby(table[codebook.record]).any()
    count = int((~said).sum())
    if not count:
        return []
    many = "records" if count > 1 else "record"
    return [f"{what} {count} {many}; {blank} stay empty there"]
