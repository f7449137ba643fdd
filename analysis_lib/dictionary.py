"""The variable dictionary: one typed `Variable` per row of `data/dictionary.csv`.

Everything that must know a variable's type, label, levels, order, reference level or plausible
range asks the dictionary: the checks of the extract, the tables, the models and the sentences.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

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
# The columns of a time to an event, and those by which consolidation is told from salvage.
ENDPOINT_PARTS = ("months", "event")
CONSOLIDATION_COLUMNS = ("begin_months", "entry_months", "salvage_reason", "salvage_date")
_SURPLUS = ""  # no column of the file is called so
_PLAIN_WORD = re.compile(r"[A-Z]([a-z]+(/[a-z]+|['’]s)?|[a-z]{2,}-[a-z]+)(?=[ ,]|$)|A(?= [a-z])")
# Of people and places: capital within a sentence too.
_PROPER = re.compile(
    r"(African|American|Asian|Black|Caucasian|Hispanic|Indigenous|Latin[ao]?|Native|Philadelphia|White)\b"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ALLOWED = {
    "type": TYPES,
    "required": ("value", "column", "optional", ""),
    "origin": ("extract", "derived"),
    "missing_in_tests": ("level", "excluded", ""),
}


@dataclass(frozen=True)
class Variable:
    """One variable: how it is called, what it may hold, and how missing values are treated."""

    name: str
    label: str
    type: str
    unit: str
    levels: tuple[str, ...]
    level_labels: tuple[str, ...]
    reference: str
    required: str
    origin: str
    plausible_min: str
    plausible_max: str
    missing_is_level: bool
    definition: str

    def __post_init__(self) -> None:
        """Every text of a variable ends up in headings, legends and sentences: one line each."""
        for text in (self.label, self.unit, *self.levels, *self.level_labels, self.definition):
            if text != one_line(text):
                raise DictionaryError(
                    f"variable {self.name!r}: label, unit, levels and definition must be one line "
                    f"of text without control characters, but one is {text!r}"
                )

    @property
    def is_categorical(self) -> bool:
        return self.type in ("category", "yes_no", "code")

    @property
    def is_numeric(self) -> bool:
        return self.type in ("integer", "decimal")

    @property
    def ordered_levels(self) -> tuple[str, ...]:
        """Levels with the reference first, the order of models and contrasts."""
        if not self.reference:
            return self.levels
        return (self.reference, *(x for x in self.levels if x != self.reference))

    @property
    def phrase(self) -> str:
        """The label inside a sentence."""
        return lower_first(self.label)

    def level_label(self, level: str) -> str:
        """Label of a level; a level unknown to the dictionary (a centre's code) labels itself."""
        labels = dict(zip(self.levels, self.level_labels, strict=True))
        return labels[level] if level in labels else one_line(level)

    def group_label(self, level: str) -> str:
        """Label of a level that stands alone, as the heading of a column or a curve's name."""
        if self.type == "yes_no":
            return self.label if level == "yes" else f"No {lower_first(self.label)}"
        return self.level_label(level)

    def group_phrase(self, level: str) -> str:
        """A level's patients inside a sentence: `the InO-exposed group`."""
        if self.type == "yes_no":
            preposition = "with" if level == "yes" else "without"
            return f"the group {preposition} {lower_first(self.label)}"
        return f"the {lower_first(self.level_label(level))} group"


@dataclass(frozen=True)
class Dictionary:
    """All variables, in the order of the file."""

    variables: tuple[Variable, ...]

    @cached_property
    def _by_name(self) -> dict[str, Variable]:
        return {variable.name: variable for variable in self.variables}

    def __getitem__(self, name: str) -> Variable:
        if name not in self._by_name:
            raise DictionaryError(
                f"variable {name!r} is not in the dictionary{nearest(name, self.names())}"
            )
        return self._by_name[name]

    def phrases(self, names: Iterable[str]) -> list[str]:
        """How variables are called inside a sentence."""
        return [self[name].phrase for name in names]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def names(self, origin: str | None = None) -> tuple[str, ...]:
        return tuple(v.name for v in self.variables if origin in (None, v.origin))

    @cached_property
    def derived_columns(self) -> frozenset[str]:
        """Every column that the study adds to an extract; no variable of an extract may be one."""
        endpoints = [v.name for v in self.variables if v.type == "time_to_event"]
        of_endpoints = {f"{name}_{part}" for name in endpoints for part in ENDPOINT_PARTS}
        return frozenset({*self.names("derived"), *of_endpoints, *CONSOLIDATION_COLUMNS})

    def extract(self) -> tuple[Variable, ...]:
        """The variables that a registry extract brings, in file order."""
        return tuple(v for v in self.variables if v.origin == "extract")

    def with_variables(self, variables: Iterable[Variable]) -> Dictionary:
        """A dictionary in which these stand for their namesakes, and the new ones at the end."""
        return Dictionary(tuple((self._by_name | {v.name: v for v in variables}).values()))


def one_line(text: str) -> str:
    """The text with a space for every control character and line end."""
    return _CONTROL.sub(" ", text)


def lower_first(label: str) -> str:
    """Lower-case a label's first letter inside a sentence; acronyms and names keep theirs."""
    is_word = _PLAIN_WORD.match(label) is not None and _PROPER.match(label) is None
    return label[0].lower() + label[1:] if is_word else label


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint naming the closest known name, or an empty text."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def read_dictionary(path: Path) -> Dictionary:
    """Read and check a dictionary file.

    Raises
    ------
    DictionaryError
        The file cannot be read, lacks a column, or a row contradicts itself.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, restkey=_SURPLUS, strict=True)
            header = tuple(reader.fieldnames or ())
            rows = [(reader.line_num, row) for row in reader]
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
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise DictionaryError(
            f"dictionary: column {missing[0]!r} is missing from {path.name}; "
            f"its header must be {','.join(COLUMNS)}"
        )
    _refuse_surplus(rows, len(header))
    variables = tuple(_variable(row, number) for number, row in rows)
    names = [v.name for v in variables]
    for name in names:
        if names.count(name) > 1:
            raise DictionaryError(f"dictionary: {name!r} stands in more than one row; keep one")
    dictionary = Dictionary(variables)
    for name in dictionary.names("extract"):
        if name in dictionary.derived_columns:
            raise DictionaryError(
                f"dictionary: {name!r} is a column that the report derives; give it another name"
            )
    return dictionary


def _refuse_surplus(rows: Iterable[tuple[int, dict[str, Any]]], width: int) -> None:
    """A comma in a text without quotes shifts the cells behind it, and cuts the last of them off.

    Blank cells at the end of a line are what spreadsheets leave, and hold nothing to lose.
    """
    wrong = [
        f"row {number} ({row['name']}) has {width + len(row[_SURPLUS])} cells, but the header has "
        f"{width}: cell {width + 1} is {row[_SURPLUS][0].strip()!r}"
        for number, row in rows
        if any(cell.strip() for cell in row.get(_SURPLUS, []))
    ]
    if wrong:
        raise DictionaryError(
            f"dictionary {'; '.join(wrong)}; put quotes around a text that holds a comma"
        )


def _variable(row: dict[str, Any], number: int) -> Variable:
    row = {key: (row.get(key) or "").strip() for key in COLUMNS}
    for column, allowed in _ALLOWED.items():
        if row[column] not in allowed:
            raise DictionaryError(
                f"dictionary row {number} ({row['name']}): {column} must be one of "
                f"{', '.join(filter(None, allowed))}, but is {row[column]!r}"
            )
    pairs = [part.partition("=") for part in row["levels"].split("|") if part]
    levels = tuple(level.strip() for level, _, _ in pairs)
    labels = tuple(label.strip() or level.strip() for level, _, label in pairs)
    if row["type"] in ("category", "yes_no") and len(levels) < 2:
        raise DictionaryError(
            f"dictionary row {number} ({row['name']}): levels must name at least two levels "
            f"(level=Label|level=Label), but are {row['levels']!r}"
        )
    if row["reference"] and row["reference"] not in levels:
        raise DictionaryError(
            f"dictionary row {number} ({row['name']}): reference must be one of the levels "
            f"{', '.join(levels)}, but is {row['reference']!r}"
        )
    _check_range(row, number)
    return Variable(
        **{key: row[key] for key in COLUMNS if key not in ("levels", "missing_in_tests")},
        levels=levels,
        level_labels=labels,
        missing_is_level=row["missing_in_tests"] == "level",
    )


def _check_range(row: dict[str, str], number: int) -> None:
    parse = dt.date.fromisoformat if row["type"] == "date" else float
    for column in ("plausible_min", "plausible_max"):
        if not row[column]:
            continue
        try:
            parse(row[column])
        except ValueError:
            kind = "an ISO date" if row["type"] == "date" else "a number"
            raise DictionaryError(
                f"dictionary row {number} ({row['name']}): {column} must be {kind}, "
                f"but is {row[column]!r}"
            ) from None
