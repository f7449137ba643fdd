"""Variables that another file describes: a REDCap project, a file of SAS, SPSS or Stata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analysis_lib.dictionary import Variable
from analysis_lib.intake.mapping.document import MappingFile
from analysis_lib.intake.mapping.variables import slugs_of
from analysis_lib.intake.reading.labelled import Column
from analysis_lib.intake.redcap.codebook import CODED, Codebook, Field

_YES_NO = {"no": "No", "yes": "Yes"}


def described_variables(codebook: Codebook) -> dict[str, Variable]:
    """By column of an export, the variable it would be; a text without a format has no type."""
    described = {}
    for field in codebook.fields:
        described[field.name] = _described(field)
        if field.type == "checkbox":
            names = slugs_of(field.choices)
            for code, label in field.choices.items():
                box = _variable(f"{field.label}: {label}", "yes_no", _YES_NO)
                described[field.checkbox_column(code)] = box
                described[f"{field.name}___{names[code]}"] = box
    return described


def _described(field: Field) -> Variable:
    if field.type in ("yesno", "truefalse"):
        return _variable(field.label, "yes_no", _YES_NO)
    if field.type in CODED:
        names = slugs_of(field.choices)
        levels = {names[code]: label for code, label in field.choices.items()}
        return _variable(field.label, "category", levels)
    if field.validation.startswith("date"):
        return _variable(field.label, "date", {})
    if field.validation == "integer":
        return _variable(field.label, "integer", {})
    if field.validation.startswith("number") or field.type in ("calc", "slider"):
        return _variable(field.label, "decimal", {})
    return _variable(field.label, "", {})


def described_columns(columns: Iterable[Column]) -> dict[str, Variable]:
    """By column, the variable it would be: its levels in the order of their codes, first of all.

    A text without labels has no type, which the mapping must say.
    """
    return {column.name: _of_column(column) for column in columns}


def _of_column(column: Column) -> Variable:
    label, levels = column.label or column.name, column.levels()
    if len(levels) > 1:
        names = slugs_of(levels)
        if sorted(names.values()) == ["no", "yes"]:
            return _variable(label, "yes_no", _YES_NO)
        return _variable(label, "category", {names[code]: levels[code] for code in levels})
    return _variable(label, "" if column.is_text else "decimal", {})


def with_labels(mapping: MappingFile, columns: Iterable[Column]) -> MappingFile:
    """The mapping with the labels of its own variables as levels, where it does not say itself."""
    by_name = {column.name: column for column in columns}
    theirs = {ours: name for name, ours in mapping.columns.items()}
    levels = dict(mapping.levels)
    for variable in mapping.variables:
        column = by_name.get(theirs.get(variable.name, variable.name))
        texts = column.levels() if column and variable.levels else {}
        names = slugs_of(texts)
        said = {texts[code]: names[code] for code in texts if names[code] in variable.levels}
        levels[variable.name] = said | dict(levels.get(variable.name, {}))
    return replace(mapping, levels=levels)


def _variable(label: str, kind: str, levels: dict[str, str]) -> Variable:
    return Variable(
        name="",
        label=label,
        type=kind,
        unit="ISO 8601 date" if kind == "date" else "",
        levels=tuple(levels),
        level_labels=tuple(levels.values()),
        reference=next(iter(levels), ""),
    )
