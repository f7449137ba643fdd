"""What a template consists of, file by file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.source.template.example import example_patients
from analysis_lib.source.template.workbook import workbook_bytes

VARIABLE_HEAD = (
    "variable",
    "label",
    "type",
    "unit",
    "levels",
    "required",
    "plausible from",
    "plausible to",
    "definition",
)
_REQUIRED = {"value": "in every patient", "column": "column", "optional": ""}


def template_files(dictionary: Dictionary, synthetic: pd.DataFrame) -> dict[str, bytes]:
    """The content of every file of a template, by name.

    Parameters
    ----------
    synthetic
        A text table of openly synthetic patients, from which the example is chosen.
    """
    head = dictionary.names("extract")
    variables = [variable_cells(variable) for variable in dictionary.extract()]
    example = example_patients(synthetic, head)
    return {
        "README.txt": _text_of("readme.txt"),
        "extract.csv": _csv(pd.DataFrame(columns=list(head))),
        "extract.xlsx": workbook_bytes(dictionary, (VARIABLE_HEAD, *variables)),
        "variables.csv": _csv(pd.DataFrame(variables, columns=list(VARIABLE_HEAD))),
        "example.csv": _csv(example),
        "mapping.yaml": _text_of("mapping.yaml"),
    }


def variable_cells(variable: Variable) -> tuple[str, ...]:
    """One line of the sheet of variables."""
    levels = zip(variable.levels, variable.level_labels, strict=True)
    return (
        variable.name,
        variable.label,
        variable.type,
        variable.unit,
        "; ".join(f"{level} = {label}" for level, label in levels),
        _REQUIRED[variable.required],
        variable.plausible_min,
        variable.plausible_max,
        variable.definition,
    )


def _csv(table: pd.DataFrame) -> bytes:
    """UTF-8 with a byte order mark, by which spreadsheets know it."""
    return table.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _text_of(name: str) -> bytes:
    return (Path(__file__).parent / name).read_bytes()
