"""Take an extract in: read it as it is written, and put it into the dictionary's names."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis_lib.dictionary import Dictionary
from analysis_lib.source.mapping import Mapping, apply_mapping, read_mapping, redcap_file
from analysis_lib.source.reading import read_table


@dataclass(frozen=True)
class Intake:
    """An extract as text under our names, before any value is checked.

    `table` is indexed by the row in their file (the header is row 1). `dictionary` holds the
    variables that the mapping adds or relabels; `original` gives their name of each of our
    columns; `notes` say what was left behind or changed on the way.
    """

    table: pd.DataFrame = field(repr=False)
    dictionary: Dictionary = field(repr=False)
    original: Pairs[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def open_intake(path: Path, dictionary: Dictionary, mapping_path: Path | None = None) -> Intake:
    """Read an extract and apply its mapping file, if there is one.

    Raises
    ------
    SourceError
        The extract or the mapping file cannot be read, or they do not fit each other.
    """
    mapping = read_mapping(mapping_path, dictionary) if mapping_path else Mapping()
    table = read_table(path, mapping.reading)
    extended = dictionary.with_variables(mapping.variables)
    applied = apply_mapping(table, mapping, extended)
    return Intake(applied.table, extended, applied.original, applied.notes)


def files_beside(mapping_path: Path) -> dict[str, Path]:
    """The files that a mapping file names, by the name it gives them: they lie beside it."""
    redcap = redcap_file(mapping_path)
    return {redcap.name: redcap} if redcap else {}
