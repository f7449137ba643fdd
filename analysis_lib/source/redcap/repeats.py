"""Which of a record's rows counts for a form that was filled in several times."""

from __future__ import annotations

from collections.abc import Mapping as Pairs

import pandas as pd

from analysis_lib.dictionary import nearest
from analysis_lib.source.mapping.mapping import Repeat
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.mapping.values import is_iso_date
from analysis_lib.source.redcap.boxes import opened_rows
from analysis_lib.source.redcap.codebook import Codebook

_YES_NO = ("checkbox", "yesno", "truefalse")


def rows_that_count(
    table: pd.DataFrame, codebook: Codebook, repeats: Pairs[str, Repeat], problems: Problems
) -> tuple[pd.DataFrame, list[str]]:
    """The table with each form blanked in the rows that do not count, and for how many records.

    All fields of a form come from one row. Without a date in any row nothing is chosen, so that
    values that differ stay a problem; `any` chooses none, and takes back each no beside a yes.
    """
    forms = codebook.forms
    changed, notes = table, []
    for form, repeat in repeats.items():
        if form not in forms or (repeat.date and repeat.date not in table.columns):
            wrong, known = (form, forms) if form not in forms else (repeat.date, table.columns)
            what = "form of the data dictionary" if form not in forms else "column of the extract"
            problems.add(f"repeats.{form}", f"{wrong!r} is no {what}{nearest(wrong, known)}")
            continue
        opened = opened_rows(table, form, forms[form], codebook.record)
        if repeat.take == "any":
            changed = _without_no(changed, form, codebook)
        else:
            columns = [name for name in _columns(form, codebook) if name in table.columns]
            gone = opened & ~_counts(table, opened, codebook, form, repeat, problems)
            changed = changed.assign(**{x: changed[x].mask(gone, "") for x in columns})
        several = int((opened.groupby(table[codebook.record]).sum() > 1).sum())
        if several:
            date = f" by {repeat.date}" if repeat.date else ""
            notes.append(
                f"form {form}: filled in several times for {several} "
                f"record{'s' if several > 1 else ''}; {repeat.take}{date} counts"
            )
    return changed, notes


def _columns(form: str, codebook: Codebook) -> list[str]:
    fields = [one for one in codebook.forms[form] if one.name != codebook.record]
    return [*(name for one in fields for name in one.columns), f"{form}_complete"]


def _counts(
    table: pd.DataFrame,
    opened: pd.Series,
    codebook: Codebook,
    form: str,
    repeat: Repeat,
    problems: Problems,
) -> pd.Series:
    """The row of each record that counts; every row of a record that cannot be decided."""
    order = pd.Series(range(len(table)), index=table.index)
    candidates = opened
    if repeat.date:
        dates = table[repeat.date]
        strange = dates[opened & (dates != "") & ~dates.str[:10].map(is_iso_date)]
        if len(strange):
            problems.add(
                f"repeats.{form}",
                f"{repeat.date!r} must hold dates like 2023-01-31, but row {strange.index[0]} "
                f"holds {strange.iloc[0]!r}",
            )
        candidates = opened & (dates != "")
        order = pd.Series(
            pd.MultiIndex.from_arrays([dates, order]).argsort().argsort(), table.index
        )
    records = table[codebook.record]
    ranked = order[candidates].groupby(records)
    chosen = ranked.idxmin() if repeat.take == "first" else ranked.idxmax()
    undecided = ~records.isin(chosen.index)
    return undecided | table.index.isin(chosen)


def _without_no(table: pd.DataFrame, form: str, codebook: Codebook) -> pd.DataFrame:
    changed = {}
    for one in codebook.forms[form]:
        if one.type in _YES_NO:
            for name in filter(table.columns.__contains__, one.columns):
                yes = (table[name] == "1").groupby(table[codebook.record]).transform("any")
                changed[name] = table[name].mask(yes & (table[name] == "0"), "")
    return table.assign(**changed)
