"""REDCap's data dictionary: fields, codes and choices."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

from analysis_lib.dictionary import Variable
from analysis_lib.errors import SourceError
from analysis_lib.intake.likeness import new_variable, slug, slugs_of
from analysis_lib.intake.mapping.variables import YES_NO
from analysis_lib.intake.reading.read import read_table

# The header of the CSV that REDCap downloads, and of what its interface for programs gives.
COLUMNS = {
    "name": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "type": ("Field Type", "field_type"),
    "label": ("Field Label", "field_label"),
    "choices": (
        "Choices, Calculations, OR Slider Labels",
        "Choices OR Calculations",
        "select_choices_or_calculations",
    ),
    "validation": (
        "Text Validation Type OR Show Slider Number",
        "text_validation_type_or_show_slider_number",
    ),
    "identifier": ("Identifier?", "identifier"),
    "branching": ("Branching Logic (Show field only if...)", "branching_logic"),
}
CODED = ("radio", "dropdown", "checkbox", "yesno", "truefalse")
_FIXED = {
    "yesno": {"1": "Yes", "0": "No"},
    "truefalse": {"1": "True", "0": "False"},
}
RAW = "in REDCap, export raw data (codes, with the names of variables as header)"
_CHOICE = re.compile(r"\s*\(choice=.*\)$")
_TAG = re.compile(r"</?[A-Za-z][^>]*>")


@dataclass(frozen=True)
class Field:
    """One field of the project; `choices` is code -> label."""

    name: str
    form: str
    type: str
    label: str
    validation: str
    is_identifier: bool
    branching: str
    choices: dict[str, str] = dataclasses.field(default_factory=dict)

    def checkbox_column(self, code: str) -> str:
        """The column of an export that holds one box."""
        return f"{self.name}___{code.lower().replace('-', '_')}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of an export that hold this field."""
        if self.type == "checkbox":
            return tuple(self.checkbox_column(code) for code in self.choices)
        return (self.name,)

    def other_boxes(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Boxes of a checkbox field beyond its choices: REDCap adds one per missing-data code."""
        if self.type != "checkbox":
            return ()
        boxes, own = _boxes(tuple(columns)).get(self.name, []), self.columns
        return tuple(name for name in boxes if name not in own)


@lru_cache(maxsize=2)
def _boxes(columns: tuple[str, ...]) -> dict[str, list[str]]:
    """By the name of a checkbox field, the columns that look like its boxes."""
    boxes: dict[str, list[str]] = {}
    for name in columns:
        field_name, separator, _ = name.partition("___")
        if separator:
            boxes.setdefault(field_name, []).append(name)
    return boxes


@dataclass(frozen=True)
class Codebook:
    """The fields in the project's order; the first one identifies the record."""

    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {one.name: one for one in self.fields}

    @cached_property
    def forms(self) -> dict[str, list[Field]]:
        """The fields of each form."""
        forms: dict[str, list[Field]] = {}
        for one in self.fields:
            forms.setdefault(one.form, []).append(one)
        return forms

    @property
    def record(self) -> str:
        return self.fields[0].name

    def identifier_columns(self) -> tuple[str, ...]:
        """The columns of an export that the project flags as identifiers."""
        return tuple(column for one in self.fields if one.is_identifier for column in one.columns)


def read_codebook(path: Path) -> Codebook:
    """Read a data dictionary as REDCap downloads it.

    Raises
    ------
    SourceError
        The file cannot be read, lacks a column, or a field's choices are not `code, label | ...`.
    """
    table = read_table(path)
    text = {key: _column(table, names, path) for key, names in COLUMNS.items()}
    rows = [dict(zip(text, values, strict=True)) for values in zip(*text.values(), strict=True)]
    return Codebook(tuple(_field(row, path) for row in rows))


def refuse_labels(codebook: Codebook, file: str, header: Sequence[str]) -> None:
    """Raise where the header of an export holds the labels of the fields instead of their names.

    Raises
    ------
    SourceError
        More columns go by a label than by a name.
    """
    names = {column for one in codebook.fields for column in one.columns}
    labels = {slug(one.label) for one in codebook.fields} - {""}
    named = sum(column in names for column in header)
    labelled = sum(slug(_CHOICE.sub("", x)) in labels for x in header if x not in names)
    if labelled > named:
        raise SourceError(f"{file}: the header holds labels of fields, not their names; {RAW}")


def _column(table: pd.DataFrame, names: tuple[str, ...], path: Path) -> list[str]:
    for name in names:
        if name in table.columns:
            return table[name].tolist()
    raise SourceError(
        f"{path.name}: is no REDCap data dictionary: column {names[0]!r} is missing; download it "
        "in REDCap under Data Dictionary"
    )


def _field(row: dict[str, str], path: Path) -> Field:
    kind = row["type"].lower()
    choices = _FIXED.get(kind, {})
    if kind in CODED and not choices:
        choices = _choices(row, path)
    return Field(
        name=row["name"],
        form=row["form"],
        type=kind,
        label=plain_label(row["label"]) or row["name"],
        validation=row["validation"].lower(),
        is_identifier=row["identifier"].lower() in ("y", "yes", "1"),
        branching=row["branching"],
        choices=choices,
    )


def _choices(row: dict[str, str], path: Path) -> dict[str, str]:
    choices: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in row["choices"].split("|"))):
        code, comma, label = part.partition(",")
        if not comma or not code.strip():
            raise SourceError(
                f"{path.name}: field {row['name']!r}: choices must be 'code, label | code, label', "
                f"but hold {part!r}"
            )
        choices[code.strip()] = plain_label(label) or code.strip()
    return choices


def plain_label(label: str) -> str:
    """A label without the markup that REDCap allows in it, in one line."""
    return " ".join(html.unescape(_TAG.sub(" ", label)).split())


def described_variables(codebook: Codebook) -> dict[str, Variable]:
    """By column of an export, the variable it would be; a text without a format has no type."""
    described = {}
    for field in codebook.fields:
        described[field.name] = _described(field)
        if field.type == "checkbox":
            names = slugs_of(field.choices)
            for code, label in field.choices.items():
                box = new_variable(f"{field.label}: {label}", "yes_no", YES_NO)
                described[field.checkbox_column(code)] = box
                described[f"{field.name}___{names[code]}"] = box
    return described


def _described(field: Field) -> Variable:
    if field.type in ("yesno", "truefalse"):
        return new_variable(field.label, "yes_no", YES_NO)
    if field.type in CODED:
        names = slugs_of(field.choices)
        levels = {names[code]: label for code, label in field.choices.items()}
        return new_variable(field.label, "category", levels)
    if field.validation.startswith("date"):
        return new_variable(field.label, "date", {})
    if field.validation == "integer":
        return new_variable(field.label, "integer", {})
    if field.validation.startswith("number") or field.type in ("calc", "slider"):
        return new_variable(field.label, "decimal", {})
    return new_variable(field.label, "", {})
