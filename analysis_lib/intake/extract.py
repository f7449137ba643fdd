"""A registry's file becomes a typed, checked table of patients."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.errors import SourceError
from analysis_lib.intake.adam import refuse_adtte, with_times
from analysis_lib.intake.check import check_extract, describe, of_severity
from analysis_lib.intake.mapping.apply import apply_mapping, without_missing
from analysis_lib.intake.mapping.document import MappingFile
from analysis_lib.intake.mapping.file import declared_reading, named_file, read_mapping
from analysis_lib.intake.reading.distinct import renamed_texts
from analysis_lib.intake.reading.labelled import described_columns, with_labels
from analysis_lib.intake.reading.read import columns_of, notes_on_file, read_table
from analysis_lib.intake.redcap.codebook import described_variables, read_codebook, refuse_labels
from analysis_lib.intake.redcap.export import decode_export
from analysis_lib.labels import MISSING

_LEVEL = MISSING.casefold()
_OWN_LEVEL = f"recorded_{_LEVEL}"
_OWN_LABEL = f"{MISSING} (recorded)"


def with_missing_apart(
    table: pd.DataFrame, dictionary: Dictionary
) -> tuple[pd.DataFrame, Dictionary, list[str]]:
    """The level `missing` under a name and label of its own, and what is said of it.

    The report counts values that are not there under `missing`, and shows them as Missing.
    """
    changed, renamed, notes = {}, [], []
    for variable in dictionary.extract():
        own = _renamed(variable)
        texts = _own_names(variable, own, table)
        if own != variable:
            renamed.append(own)
        if texts:
            name = variable.name
            changed[name] = renamed_texts(table[name], texts)
            notes.append(f"{name}: the level {MISSING} is shown as {_OWN_LABEL!r}")
    if changed:
        table = table.assign(**changed)
    return table, dictionary.with_variables(renamed), notes


def _renamed(variable: Variable) -> Variable:
    own = _own_level(variable)
    return replace(
        variable,
        levels=tuple(own if level == _LEVEL else level for level in variable.levels),
        level_labels=tuple(
            _OWN_LABEL if label.casefold() == _LEVEL else label for label in variable.level_labels
        ),
        reference=own if variable.reference == _LEVEL else variable.reference,
    )


def _own_level(variable: Variable) -> str:
    name = _OWN_LEVEL
    while name in variable.levels:
        name += "_"
    return name


def _own_names(variable: Variable, own: Variable, table: pd.DataFrame) -> dict[str, str]:
    """Texts of the table and what they are called now; codes label themselves."""
    if variable.name not in table.columns:
        return {}
    texts = table[variable.name]
    if variable.levels:
        before = zip(variable.levels, variable.level_labels, strict=True)
        after = zip(own.levels, own.level_labels, strict=True)
        pairs = {old: new for old, new in zip(before, after, strict=True) if old != new}
        return {old[0]: new[0] for old, new in pairs.items() if (texts == old[0]).any()}
    if variable.type != "code":
        return {}
    return {text: _OWN_LABEL for text in texts.unique() if text.casefold() == _LEVEL}


@dataclass(frozen=True)
class Intake:
    """An extract as text under our names, before any value is checked.

    `table` is indexed by the row in their file (the header is row 1). `dictionary` holds the
    variables that the mapping adds or relabels; `original` gives their name of each of our
    columns, `header` all of theirs in order; `notes` say what was left behind or changed on the
    way, `constants` are the columns that the mapping sets to one value.
    """

    table: pd.DataFrame = field(repr=False)
    dictionary: Dictionary = field(repr=False)
    original: Pairs[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    header: tuple[str, ...] = field(default=(), repr=False)
    constants: tuple[str, ...] = ()


def open_intake(path: Path, dictionary: Dictionary, mapping_path: Path | None = None) -> Intake:
    """Read an extract and apply its mapping file, if there is one.

    Raises
    ------
    SourceError
        The extract or the mapping file cannot be read, or they do not fit each other.
    """
    intake = _open(path, dictionary, mapping_path)
    table, known, notes = with_missing_apart(intake.table, intake.dictionary)
    return replace(intake, table=table, dictionary=known, notes=(*intake.notes, *notes))


def _open(path: Path, dictionary: Dictionary, mapping_path: Path | None) -> Intake:
    redcap = named_file("redcap", mapping_path) if mapping_path else None
    if mapping_path and redcap:
        return _open_redcap(path, dictionary, mapping_path, redcap)
    return _open_mapped(path, dictionary, mapping_path)


def _open_mapped(path: Path, dictionary: Dictionary, mapping_path: Path | None) -> Intake:
    mapping = MappingFile()
    if mapping_path:
        columns = columns_of(path, declared_reading(mapping_path))
        mapping = read_mapping(mapping_path, dictionary, described_columns(columns))
        mapping = with_labels(mapping, columns, dictionary)
    extended = dictionary.with_variables(mapping.variables)
    table = read_table(path, mapping.reading)
    refuse_adtte(table, path)
    if mapping.adtte:
        table = with_times(table, mapping.adtte)
    applied = apply_mapping(table, mapping, extended)
    notes = (*notes_on_file(path, table, mapping.reading), *applied.notes)
    header = tuple(table.columns)
    return Intake(applied.table, extended, applied.original, notes, header, applied.constants)


def _open_redcap(path: Path, dictionary: Dictionary, mapping_path: Path, redcap: Path) -> Intake:
    codebook = read_codebook(redcap)
    mapping = read_mapping(mapping_path, dictionary, described_variables(codebook))
    read = read_table(path, mapping.reading, partial(refuse_labels, codebook, path.name))
    on_file = notes_on_file(path, read, mapping.reading)
    table, blanked = without_missing(read, mapping, dictionary, [codebook.record])
    extended = dictionary.with_variables(mapping.variables)
    decoded = decode_export(table, codebook, mapping, extended)
    applied = apply_mapping(decoded.table, decoded.mapping, decoded.dictionary)
    notes = (*on_file, *blanked, *decoded.notes, *applied.notes)
    header = tuple(table.columns)
    return Intake(
        applied.table, decoded.dictionary, applied.original, notes, header, applied.constants
    )


def files_beside(mapping_path: Path) -> dict[str, Path]:
    """The files that a mapping file names, by the name it gives them: they lie beside it."""
    files = [named_file(part, mapping_path) for part in ("redcap", "adtte")]
    return {file.name: file for file in files if file}


@dataclass(frozen=True)
class Extract:
    """A typed extract, the dictionary that describes it, and what the intake has to say."""

    patients: pd.DataFrame = field(repr=False)
    dictionary: Dictionary = field(repr=False)
    original: Pairs[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()


def load_extract(path: Path, dictionary: Dictionary, mapping_path: Path | None = None) -> Extract:
    """A typed extract: one row per patient, one column per variable of the dictionary.

    A variable that the extract lacks is a column of missing values; columns that the dictionary
    does not know are left behind. Categoricals carry the dictionary's levels in its order.

    Raises
    ------
    SourceError
        The file cannot be read or any value breaks a rule; the message lists all findings.
    """
    intake = open_intake(path, dictionary, mapping_path)
    table, dictionary = intake.table, intake.dictionary
    findings = check_extract(table, dictionary, intake.original, header=intake.header)
    errors = of_severity(findings, "error")
    if errors:
        raise SourceError(describe(errors, f"cohort {path.name}"))
    columns = {variable.name: _typed(table, variable) for variable in dictionary.extract()}
    patients = pd.DataFrame(columns, index=table.index).reset_index(drop=True)
    return Extract(patients, dictionary, intake.original, intake.notes, intake.constants)


def _typed(table: pd.DataFrame, variable: Variable) -> pd.Series:
    if variable.name not in table.columns:
        text = pd.Series("", index=table.index, dtype=str)
    else:
        text = table[variable.name]
    text = text.mask(text == "")
    if variable.type == "date":
        return pd.to_datetime(text, format="%Y-%m-%d")
    if variable.type == "integer":
        return pd.to_numeric(text).astype("Int64")
    if variable.type == "decimal":
        return pd.to_numeric(text).astype(float)
    if variable.type == "code":
        return pd.Series(_codes(text, variable.reference), index=table.index)
    if variable.levels:
        return pd.Series(pd.Categorical(text, categories=variable.levels), index=table.index)
    return text.astype("string")


def _codes(text: pd.Series, reference: str) -> pd.Categorical:
    """Codes in the order of their letters, the reference first if there is one."""
    levels = sorted(text.dropna().unique(), key=lambda code: (code != reference, code))
    return pd.Categorical(text, categories=levels)
