"""Take an extract in: read it as it is written, and put it into the dictionary's names."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pandas as pd

from analysis_lib.dictionary import Dictionary
from analysis_lib.source.mapping import (
    Mapping,
    apply_mapping,
    read_mapping,
    redcap_file,
    without_missing,
)
from analysis_lib.source.missing_level import with_missing_apart
from analysis_lib.source.reading import notes_on_file, read_table
from analysis_lib.source.redcap import (
    decode_export,
    described_variables,
    read_codebook,
    refuse_labels,
)


@dataclass(frozen=True)
class Intake:
    """An extract as text under our names, before any value is checked.

    `table` is indexed by the row in their file (the header is row 1). `dictionary` holds the
    variables that the mapping adds or relabels; `original` gives their name of each of our
    columns, `header` all of theirs in order; `notes` say what was left behind or changed on the
    way.
    """

    table: pd.DataFrame = field(repr=False)
    dictionary: Dictionary = field(repr=False)
    original: Pairs[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    header: tuple[str, ...] = field(default=(), repr=False)


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
    if mapping_path is None:
        return _open_mapped(path, dictionary, Mapping())
    redcap = redcap_file(mapping_path)
    if redcap is not None:
        return _open_redcap(path, dictionary, mapping_path, redcap)
    return _open_mapped(path, dictionary, read_mapping(mapping_path, dictionary))


def _open_mapped(path: Path, dictionary: Dictionary, mapping: Mapping) -> Intake:
    extended = dictionary.with_variables(mapping.variables)
    table = read_table(path, mapping.reading)
    applied = apply_mapping(table, mapping, extended)
    notes = (*notes_on_file(path, table, mapping.reading), *applied.notes)
    return Intake(applied.table, extended, applied.original, notes, tuple(table.columns))


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
    return Intake(applied.table, decoded.dictionary, applied.original, notes, header)


def files_beside(mapping_path: Path) -> dict[str, Path]:
    """The files that a mapping file names, by the name it gives them: they lie beside it."""
    redcap = redcap_file(mapping_path)
    return {redcap.name: redcap} if redcap else {}
