"""A dictionary file: one row a variable, checked and typed."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from analysis_lib.dictionary.variable import PARTS, SAME_STAGES, STAGES, Dictionary, Variable
from analysis_lib.errors import DictionaryError

TYPES = (
    "identifier",
    "code",
    "category",
    "yes_no",
    "integer",
    "decimal",
    "date",
    "time_to_event",
)
COLUMNS = (
    "name",
    "label",
    "type",
    "unit",
    "levels",
    "reference",
    "required",
    "origin",
    "plausible_min",
    "plausible_max",
    "missing_in_tests",
    "definition",
)
# What a file may leave out: of the variables that the project's own dictionary has, that one says
# it then; of others nothing is said.
FURTHER_COLUMNS = ("known", "related", "concerns", "stands_for", "table_1", "also_called")
_SHIPPED = Path(__file__).resolve().parents[2] / "data" / "dictionary.csv"
_NOT_AS_WRITTEN = ("levels", "missing_in_tests", "also_called")
_SURPLUS = ""  # no column of the file is called so
_ALLOWED = {
    "type": TYPES,
    "required": ("value", "column", "optional", ""),
    "origin": ("extract", "derived"),
    "missing_in_tests": ("level", "excluded", ""),
    "concerns": (*PARTS, ""),
    "table_1": ("row", "results", ""),
}


def read_dictionary(path: Path) -> Dictionary:
    """Read and check a dictionary file.

    Raises
    ------
    DictionaryError
        The file cannot be read, lacks a column, or a row contradicts itself.
    """
    header, rows = _read_rows(path)
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise DictionaryError(
            f"dictionary: column {missing[0]!r} is missing from {path.name}; "
            f"its header must be {','.join(COLUMNS)}"
        )
    _refuse_other_widths(rows, len(header))
    variables = [_variable(row, number) for number, row in rows]
    names = [v.name for v in variables]
    for name in names:
        if names.count(name) > 1:
            raise DictionaryError(f"dictionary: {name!r} stands in more than one row; keep one")
    for place, (number, row) in enumerate(rows):
        if variables[place].related not in ("", *names[:place]):
            rule = "the variable of an earlier row"
            raise _contradiction(row, number, "related", rule, variables[place].related)
    _refuse_other_times(variables, rows)
    unsaid = [column for column in FURTHER_COLUMNS if column not in header]
    dictionary = Dictionary(tuple(_as_shipped(v, unsaid) for v in variables))
    for variable in dictionary.extract():
        if variable.name in dictionary.derived_columns:
            raise DictionaryError(
                f"dictionary: {variable.name!r} is a column that the report derives; give it "
                "another name"
            )
    return dictionary


def _refuse_other_times(variables: list[Variable], rows: list[tuple[int, dict[str, Any]]]) -> None:
    """A variable is known at a stage, or on the day that another variable holds."""
    dates = [v.name for v in variables if v.type == "date"]
    for variable, (number, row) in zip(variables, rows, strict=True):
        if variable.known not in ("", *STAGES, *dates):
            rule = f"one of {', '.join(STAGES)}, or the name of a date"
            raise _contradiction(row, number, "known", rule, variable.known)


def _read_rows(path: Path) -> tuple[tuple[str, ...], list[tuple[int, dict[str, Any]]]]:
    """The header, and the rows by the number of their line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, restkey=_SURPLUS, strict=True)
            header = tuple(reader.fieldnames or ())
            return header, [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise DictionaryError(
            f"dictionary: {path.name} cannot be read ({error.strerror}); give a readable CSV file"
        ) from error
    except UnicodeDecodeError as error:
        raise DictionaryError(f"dictionary: {path.name} is not UTF-8; save it as UTF-8") from error
    except csv.Error as error:
        raise DictionaryError(
            f"dictionary: {path.name} is no CSV from line {reader.line_num + 1} on ({error}); put "
            'quotes around a whole text, and write a quote within it twice ("")'
        ) from error


def _refuse_other_widths(rows: Iterable[tuple[int, dict[str, Any]]], width: int) -> None:
    """A comma too many shifts the cells behind it, and a row too short lost cells that it had.

    Blank cells at the end of a line are what spreadsheets leave, and hold nothing to lose; what a
    file may leave out a row may as well.
    """
    wrong = []
    for number, row in rows:
        surplus = row.pop(_SURPLUS, [])
        absent = [column for column in COLUMNS if row[column] is None]
        place = f"row {number} ({row['name']})"
        if any(cell.strip() for cell in surplus):
            wrong.append(
                f"{place} has {width + len(surplus)} cells, but the header has {width}: cell "
                f"{width + 1} is {surplus[0].strip()!r}; put quotes around a text that holds "
                "a comma"
            )
        elif absent:
            wrong.append(
                f"{place} ends before its {absent[0]}; write a comma for each cell that is empty"
            )
    if wrong:
        raise DictionaryError(f"dictionary {'; '.join(wrong)}")


def _variable(row: dict[str, Any], number: int) -> Variable:
    row = {key: (row.get(key) or "").strip() for key in (*COLUMNS, *FURTHER_COLUMNS)}
    row["known"] = SAME_STAGES.get(row["known"], row["known"])
    for column, allowed in _ALLOWED.items():
        if row[column] not in allowed:
            choices = ", ".join(filter(None, allowed))
            raise _contradiction(row, number, column, f"one of {choices}", row[column])
    pairs = [part.partition("=") for part in row["levels"].split("|") if part]
    levels = tuple(level.strip() for level, _, _ in pairs)
    labels = tuple(label.strip() or level.strip() for level, _, label in pairs)
    if row["type"] in ("category", "yes_no") and len(levels) < 2:
        raise DictionaryError(
            f"dictionary row {number} ({row['name']}): levels must name at least two levels "
            f"(level=Label|level=Label), but are {row['levels']!r}"
        )
    if row["reference"] and row["reference"] not in levels:
        listed = f"one of the levels {', '.join(levels)}"
        raise _contradiction(row, number, "reference", listed, row["reference"])
    _check_range(row, number)
    return Variable(
        **{key: text for key, text in row.items() if key not in _NOT_AS_WRITTEN},
        levels=levels,
        level_labels=labels,
        missing_is_level=row["missing_in_tests"] == "level",
        also_called=tuple(filter(None, row["also_called"].split("|"))),
    )


def _check_range(row: dict[str, str], number: int) -> None:
    parse = dt.date.fromisoformat if row["type"] == "date" else float
    for column in ("plausible_min", "plausible_max"):
        try:
            if row[column]:
                parse(row[column])
        except ValueError:
            kind = "an ISO date" if row["type"] == "date" else "a number"
            raise _contradiction(row, number, column, kind, row[column]) from None


def _contradiction(
    row: dict[str, str], number: int, column: str, rule: str, value: str
) -> DictionaryError:
    return DictionaryError(
        f"dictionary row {number} ({row['name']}): {column} must be {rule}, but is {value!r}"
    )


def _as_shipped(variable: Variable, columns: Iterable[str]) -> Variable:
    """With what the project's own dictionary says in these columns of the variable so named."""
    own = _shipped().get(variable.name) if columns else None
    return replace(variable, **{x: getattr(own, x) for x in columns}) if own else variable


@cache
def _shipped() -> dict[str, Variable]:
    return read_dictionary(_SHIPPED)._by_name if _SHIPPED.is_file() else {}
