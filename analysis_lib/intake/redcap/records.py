"""One row a record, whatever events and repeated forms it has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field

import pandas as pd
from pandas.api.typing import SeriesGroupBy

from analysis_lib.dictionary import nearest
from analysis_lib.intake.likeness import slug
from analysis_lib.intake.mapping.document import Problems, Repeat, is_iso_date
from analysis_lib.intake.redcap.codebook import Codebook
from analysis_lib.intake.redcap.decode import opened_rows

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
    order = _order(table)
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


def _order(table: pd.DataFrame) -> pd.Series:
    """The rows as REDCap numbers them: by instance of a repeat, then as they stand in the file."""
    place = pd.Series(range(len(table)), index=table.index)
    if INSTANCE not in table.columns:
        return place
    instance = pd.to_numeric(table[INSTANCE], errors="coerce").fillna(0)
    return pd.Series(pd.MultiIndex.from_arrays([instance, place]).argsort().argsort(), table.index)


def _without_no(table: pd.DataFrame, form: str, codebook: Codebook) -> pd.DataFrame:
    changed = {}
    for one in codebook.forms[form]:
        if one.type in _YES_NO:
            for name in filter(table.columns.__contains__, one.columns):
                yes = (table[name] == "1").groupby(table[codebook.record]).transform("any")
                changed[name] = table[name].mask(yes & (table[name] == "0"), "")
    return table.assign(**changed)


EVENT = "redcap_event_name"
INSTANCE = "redcap_repeat_instance"
OWN_COLUMNS = (
    EVENT,
    "redcap_repeat_instrument",
    INSTANCE,
    "redcap_data_access_group",
    "redcap_survey_identifier",
)
_PARTS = OWN_COLUMNS[:3]
_ARM_OF_LABEL = re.compile(r"\s*\(arm (\d+)\b.*\)$", re.IGNORECASE)
_ARM_OF_NAME = re.compile(r"_arm_(\d+)[a-z]?$")
_CUT = 16  # letters of a label from which on REDCap may have cut it in an event's name


@dataclass(frozen=True)
class Records:
    """One row per record, and the rows that it was joined from.

    `of_row` is, for each of the `rows`, where its record stands in `table`; `filled` are the rows
    without the boxes that another row of the record answers.
    """

    table: pd.DataFrame = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    filled: pd.DataFrame = field(repr=False)
    of_row: pd.Series = field(repr=False)
    notes: list[str]

    def has_event(self, event: str) -> bool:
        """Whether the export holds an event; one without events holds whatever is asked for."""
        return EVENT not in self.rows.columns or bool(self._at(event).any())

    def texts(self, column: str, event: str = "") -> tuple[pd.Series, pd.Series]:
        """The value of each record, blank where it has none; and where it has several."""
        if not event or EVENT not in self.rows.columns:
            values, one = self.filled[column], self.table[column]
        else:
            values = self.rows.loc[self._at(event), column]
            one = self._of_record(values).first().reindex(self.table.index).fillna("")
        several = self._of_record(values).nunique() > 1
        return one, several.reindex(self.table.index, fill_value=False)

    def _of_record(self, values: pd.Series) -> SeriesGroupBy:
        return values.mask(values == "").groupby(self.of_row, sort=False)

    def _at(self, event: str) -> pd.Series:
        found = {name: _is_event(name, event) for name in self.rows[EVENT].unique()}
        return self.rows[EVENT].map(found).astype(bool)


def join_records(
    table: pd.DataFrame,
    codebook: Codebook,
    needed: Iterable[str],
    problems: Problems,
    repeats: Pairs[str, Repeat] | None = None,
) -> Records:
    """Each record's values that are not blank, in the row where the record begins.

    `needed` are the columns that the report reads: a record that gives one of them two values is
    a problem, unless `repeats` says which row of the form counts.
    """
    if not _has_several_rows(table, codebook):
        return Records(table, table, table, pd.Series(table.index, index=table.index), [])
    ids = table[codebook.record]
    first = ids.drop_duplicates()
    of_row = ids.map(pd.Series(first.index, index=first))
    counting, notes = rows_that_count(table, codebook, repeats or {}, problems)
    filled = _without_empty_boxes(counting, codebook)
    given = filled.mask(filled == "")
    _refuse_several(given, of_row, needed, problems)
    joined = given.groupby(of_row, sort=False).first().fillna("").rename_axis(None)
    return Records(joined[list(table.columns)].astype(object), table, filled, of_row, notes)


def _has_several_rows(table: pd.DataFrame, codebook: Codebook) -> bool:
    """Whether records are spread over events or repeats."""
    return (
        codebook.record in table.columns
        and any(column in table.columns for column in _PARTS)
        and bool(table[codebook.record].duplicated().any())
    )


def _refuse_several(
    given: pd.DataFrame, of_row: pd.Series, needed: Iterable[str], problems: Problems
) -> None:
    for column in needed:
        several = int((given[column].groupby(of_row).nunique() > 1).sum())
        if several:
            hold = "records hold" if several > 1 else "record holds"
            problems.add(
                "redcap",
                f"{several} {hold} several values of {column!r} "
                "in events or repeats; say under repeats in the mapping which row of its form "
                "counts, like repeats: {form: last}, or export one row per patient",
            )


def _without_empty_boxes(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Boxes blanked in rows where none of a field is ticked, if another row of the record does."""
    records = table[codebook.record]
    changed = table.copy()
    for one in codebook.fields:
        columns = [column for column in one.columns if column in table.columns]
        if one.type != "checkbox" or not columns:
            continue
        ticked = (table[columns] == "1").any(axis=1)
        elsewhere = ticked.groupby(records).transform("any") & ~ticked
        changed.loc[elsewhere, columns] = ""
    return changed


def _is_event(found: str, asked: str) -> bool:
    """Whether an event of the export, by its name or by its label, is the one a logic names.

    REDCap makes `follow_up_arm_1` of the label `Follow up` and the arm, and cuts long labels.
    """
    if found.casefold() == asked:
        return True
    arm, named = _ARM_OF_LABEL.search(found), _ARM_OF_NAME.search(asked)
    if named is None or (arm is not None and arm[1] != named[1]):
        return False
    label = _squeezed(_ARM_OF_LABEL.sub("", found))
    name = _squeezed(asked[: named.start()])
    return label == name or (named.start() >= _CUT and label.startswith(name))


def _squeezed(text: str) -> str:
    return slug(text).replace("_", "")
