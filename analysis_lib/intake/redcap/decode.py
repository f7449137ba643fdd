"""Codes as our levels, and boxes that say nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from collections.abc import Mapping as Pairs

import pandas as pd

from analysis_lib.dictionary import Variable, nearest
from analysis_lib.intake.likeness import levels_by_name, slug, slugs_of
from analysis_lib.intake.mapping.document import NUMBER, Problems
from analysis_lib.intake.redcap.codebook import RAW, Codebook, Field
from analysis_lib.intake.redcap.codes import Words

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
YES_NO = {"1": "Yes", "0": "No"}
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


def refuse_blank_boxes(
    table: pd.DataFrame, codebook: Codebook, wanted: Collection[str], problems: Problems
) -> None:
    """Refuse boxes that are ticked or blank, as exports of labels write them: is a blank a no?"""
    for one in codebook.fields:
        boxes = [name for name in one.columns if name in table.columns]
        if one.type != "checkbox" or one.name not in wanted:
            continue
        ticked = _is_ticked(table, boxes)
        beside = sum(int((ticked & (table[name] == "")).sum()) for name in boxes)
        if beside:
            problems.add(
                "redcap",
                f"{beside} boxes of {one.name!r} are blank in rows that tick another, where REDCap "
                f"writes 0; {RAW}",
            )


def without_unsure_boxes(
    columns: Pairs[str, pd.Series],
    unknown: Pairs[str, pd.Series],
    table: pd.DataFrame,
    codebook: Codebook,
) -> tuple[dict[str, pd.Series], list[str]]:
    """Boxes that are not ticked are blank where nobody can say whether their field was shown."""
    changed, notes = dict(columns), []
    for theirs, values in columns.items():
        found = find_source(theirs, codebook)
        if found is None or not found[1] or found[0].name not in unknown:
            continue
        unsure = unknown[found[0].name] & ~_is_ticked(table, found[0].columns) & (values != "")
        if unsure.any():
            changed[theirs] = values.mask(unsure, "")
            notes.append(
                f"{theirs}: {int(unsure.sum())} not ticked stay empty, since the branching logic "
                "does not tell whether they were shown"
            )
    return changed, notes


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


def find_source(column: str, codebook: Codebook) -> tuple[Field, str] | None:
    """The field behind a column's name, and the code of its box if the name is of one box.

    A box beyond the field's choices, as that of a missing-data code, goes by its column's ending.
    """
    if column in codebook.by_name:
        return codebook.by_name[column], ""
    name, separator, box = column.partition("___")
    field = codebook.by_name.get(name) if separator else None
    if field is None or field.type != "checkbox":
        return None
    names = slugs_of(field.choices)
    for code in field.choices:
        if column == field.checkbox_column(code) or box == names[code]:
            return field, code
    return field, box


def fields_behind(columns: Iterable[str], codebook: Codebook) -> set[str]:
    """The names of the fields that columns hold."""
    found = (find_source(column, codebook) for column in columns)
    return {source[0].name for source in found if source is not None}


def codes_of(
    table: pd.DataFrame, field: Field, box: str, problems: Problems
) -> tuple[pd.Series, Pairs[str, str]]:
    """A field's codes in every row, and their labels; a box is 1, 0 or blank."""
    if field.type != "checkbox":
        return table[field.name], field.choices
    if box:
        return table[field.checkbox_column(box)], YES_NO
    boxes = {code: field.checkbox_column(code) for code in field.choices}
    ticks = {code: table[column] for code, column in boxes.items() if column in table.columns}
    ticked = pd.DataFrame(ticks) == "1"
    several = int((ticked.sum(axis=1) > 1).sum())
    if several:
        tick = "records tick" if several > 1 else "record ticks"
        problems.add(
            f"columns.{field.name}",
            f"{several} {tick} more than one box; map the boxes "
            f"one by one, like {field.name}___{next(iter(slugs_of(field.choices).values()))}",
        )
    codes = pd.Series("", index=table.index, dtype=object)
    for code in ticked.columns:
        codes[ticked[code]] = code
    return codes, field.choices


def decode(
    codes: pd.Series,
    labels: Pairs[str, str],
    variable: Variable,
    declared: Pairs[str, str],
    problems: Problems,
) -> pd.Series:
    """Codes as levels of our variable: as declared by code or label, else by equal names.

    A choice that is none of our levels becomes its label, for the check of levels to report.
    """
    names = slugs_of(dict(labels))
    spoken = {code: (code, label, names[code]) for code, label in labels.items()}
    known = {word.casefold(): code for code, words in spoken.items() for word in words[::-1]}
    known |= {code.casefold(): code for code in labels}
    as_number = Words((code, code) for code in labels)
    chosen = {}
    for theirs, ours in declared.items():
        code = known.get(theirs.casefold()) or next(iter(as_number[theirs]), "")
        if code:
            chosen[code] = ours
        else:
            problems.add(
                f"levels.{variable.name}",
                f"{theirs!r} is neither a code nor a label of the field"
                f"{nearest(theirs, labels.values())}",
            )
    ours_by_name = levels_by_name(variable)
    levels = {}
    for code, label in labels.items():
        plain = label
        if variable.is_numeric:
            plain = label if NUMBER.fullmatch(label) else code
            if code not in chosen and _is_another_number(label, plain):
                problems.add(
                    f"levels.{variable.name}",
                    f"the code {code} is labelled {label!r}; say which number counts, like "
                    f"levels: {{{variable.name}: {{{label!r}: {code}}}}}",
                )
        alike = ours_by_name.get(slug(label)) or ours_by_name.get(names[code])
        levels[code] = chosen.get(code, alike or plain)
    return codes.map(
        {text: levels.get(known.get(text.casefold(), text), text) for text in codes.unique()}
    )


def _is_another_number(label: str, number: str) -> bool:
    """Whether a label such as `Grade 0` names one number, and another than is taken for it."""
    named = _DIGITS.findall(label)
    return (
        len(named) == 1
        and NUMBER.fullmatch(number) is not None
        and float(named[0]) != float(number)
    )
