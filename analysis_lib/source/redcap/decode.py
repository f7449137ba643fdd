"""From REDCap's codes to the levels of our variables."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Pairs

import pandas as pd

from analysis_lib.dictionary import Variable, nearest
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.redcap.codebook import Codebook, Field
from analysis_lib.source.redcap.codes import Words
from analysis_lib.source.redcap.slugs import slug, slugs_of
from analysis_lib.source.redcap.variables import YES_NO


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
    ours_by_name = _by_name(variable)
    levels = {}
    for code, label in labels.items():
        plain = code if variable.is_numeric else label
        alike = ours_by_name.get(slug(label)) or ours_by_name.get(names[code])
        levels[code] = chosen.get(code, alike or plain)
    return codes.map(
        {text: levels.get(known.get(text.casefold(), text), text) for text in codes.unique()}
    )


def _by_name(variable: Variable) -> dict[str, str]:
    """Our levels by their own name and by their label, where no two share one."""
    by_label = [slug(label) for label in variable.level_labels]
    named = {
        name: level
        for name, level in zip(by_label, variable.levels, strict=True)
        if name and by_label.count(name) == 1
    }
    if variable.type == "yes_no":
        named |= {"true": "yes", "false": "no"}
    return named | {level: level for level in variable.levels}
