"""Read, check and type an extract in one step."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.errors import SourceError
from analysis_lib.source.check import check_extract
from analysis_lib.source.findings import describe, of_severity
from analysis_lib.source.intake import open_intake


@dataclass(frozen=True)
class Extract:
    """A typed extract, the dictionary that describes it, and what the intake has to say."""

    patients: pd.DataFrame = field(repr=False)
    dictionary: Dictionary = field(repr=False)
    original: Pairs[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


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
    return Extract(patients, dictionary, intake.original, intake.notes)


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
        return pd.Series(pd.Categorical(text), index=table.index)
    if variable.levels:
        return pd.Series(pd.Categorical(text, categories=variable.levels), index=table.index)
    return text.astype("string")
