"""A rule of the extract: what it finds, in which values, with message and remedy."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.intake.identifiers import identifying_columns
from analysis_lib.intake.reading.distinct import Coded, distinct
from analysis_lib.parameters.definitions import TIME_ZEROS

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, eq=False)
class Values:
    """What the rules look at. A column that the extract lacks is empty, with `has` False."""

    table: pd.DataFrame
    dictionary: Dictionary
    original: Mapping[str, str] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    today: dt.date = field(default_factory=dt.date.today)
    _coded: dict[str, Coded] = field(default_factory=dict, init=False, repr=False)
    _given: dict[str, pd.Series] = field(default_factory=dict, init=False, repr=False)
    _numbers: dict[str, pd.Series] = field(default_factory=dict, init=False, repr=False)
    _dates: dict[str, pd.Series] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.dictionary.names("extract"))

    @cached_property
    def nowhere(self) -> pd.Series:
        return pd.Series(False, index=self.table.index)

    @cached_property
    def identifying(self) -> frozenset[str]:
        """Columns that look like direct identifiers, whose names and values are not repeated."""
        return frozenset(identifying_columns(self.table, self.known, self.original))

    def variable(self, column: str) -> Variable | None:
        return self.dictionary[column] if column in self.known else None

    def has(self, *columns: str) -> bool:
        return all(column in self.table.columns for column in columns)

    def text(self, column: str) -> pd.Series:
        if not self.has(column):
            return pd.Series("", index=self.table.index, dtype=str)
        return self.table[column]

    def coded(self, column: str) -> Coded:
        """The distinct texts of a column, and which of them stands in each row."""
        if column not in self._coded:
            self._coded[column] = distinct(self.text(column))
        return self._coded[column]

    def counts(self, column: str) -> dict[str, int]:
        """How often each text stands in a column."""
        texts, places = self.coded(column)
        return dict(zip(texts, np.bincount(places, minlength=len(texts)).tolist(), strict=True))

    def where(self, column: str, holds: Callable[[str], object]) -> pd.Series:
        """The rows whose text is as asked; each distinct text is looked at once."""
        texts, places = self.coded(column)
        found = np.fromiter(map(bool, map(holds, texts)), dtype=bool, count=len(texts))
        return pd.Series(found[places], index=self.table.index) if found.any() else self.nowhere

    def given(self, column: str) -> pd.Series:
        if column not in self._given:
            self._given[column] = self.where(column, bool)
        return self._given[column]

    def written_as(self, column: str, pattern: str) -> pd.Series:
        """Where the whole text follows a pattern."""
        return self.where(column, re.compile(pattern, re.IGNORECASE).fullmatch)

    def numbers(self, column: str) -> pd.Series:
        """Finite numbers; missing where the text is none."""
        if column not in self._numbers:
            texts, places = self.coded(column)
            read = np.array([float(x) if _NUMBER.fullmatch(x) else math.nan for x in texts])
            self._numbers[column] = pd.Series(read[places], index=self.table.index)
        return self._numbers[column]

    def dates(self, column: str) -> pd.Series:
        """ISO dates; missing where the text is none."""
        if column not in self._dates:
            texts, places = self.coded(column)
            read = np.array(list(map(_day, texts)), dtype="datetime64[s]")
            self._dates[column] = pd.Series(read[places], index=self.table.index)
        return self._dates[column]

    @cached_property
    def has_calendar(self) -> bool:
        """Whether dates are of a calendar: a day zero that many patients share is nominal."""
        zeros = (self.dates(column).dropna() for column in TIME_ZEROS)
        return not any(len(days) > 1 and days.nunique() == 1 for days in zeros)

    def at(self, row: int, column: str) -> str:
        """The text of one cell; empty for a whole column."""
        if not row or not self.has(column):
            return ""
        texts, places = self.coded(column)
        return texts[places[self.table.index.get_loc(row)]]


def _day(text: str) -> np.datetime64:
    if not _ISO_DATE.fullmatch(text):
        return np.datetime64("NaT")
    try:
        return np.datetime64(dt.date.fromisoformat(text))
    except ValueError:  # such as 30 February
        return np.datetime64("NaT")


Scope = Literal["column", "row", "value"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Hit:
    """One place where a rule is broken; `detail` fills `{detail}` of the rule's words.

    Row 0 stands for the whole column. `value` replaces what stands in the cell.
    """

    row: int
    value: str | None = None
    detail: str = ""


Check = Callable[[Values, tuple[str, ...]], Iterable[Hit]]


@dataclass(frozen=True)
class Rule:
    """One line of the table of rules.

    `name` is unique; rules whose names agree before a colon are of one kind. `columns` are names of
    variables, the first the one that a finding names, or one of the `KINDS`: then the rule holds
    for every variable of that kind. An error of scope `column` or `row` means that the column or
    the row is wrong as a whole: its values are not judged after it.
    """

    name: str
    columns: tuple[str, ...]
    check: Check
    message: str
    remedy: str
    severity: Severity = "error"
    scope: Scope = "value"

    @property
    def settles(self) -> bool:
        """Whether what breaks the rule is not looked at by later rules."""
        return self.severity == "error" and len(self.columns) == 1

    def targets(self, values: Values) -> Iterator[tuple[str, ...]]:
        """The columns that the check is called with, once each."""
        kind = self.columns[0]
        if kind in NOT_KNOWN:
            yield from ((name,) for name in values.table.columns if NOT_KNOWN[kind](values, name))
        elif kind in KINDS:
            chosen = (v for v in values.dictionary.extract() if KINDS[kind](v))
            yield from ((variable.name, *self.columns[1:]) for variable in chosen)
        else:
            yield self.columns


KINDS: dict[str, Callable[[Variable], bool]] = {
    "every variable": lambda variable: True,
    "every required variable": lambda variable: variable.required in ("value", "column"),
    "every variable that must be filled": lambda variable: variable.required == "value",
    "every variable that may be empty": lambda variable: variable.required != "value",
    "every date": lambda variable: variable.type == "date",
    "every number": lambda variable: variable.is_numeric,
    "every whole number": lambda variable: variable.type == "integer",
    "every percentage": lambda variable: variable.is_numeric and variable.unit == "%",
    "every variable with levels": lambda variable: bool(variable.levels),
    "every variable with a reference level": lambda variable: bool(variable.reference),
    "every identifier and code": lambda variable: variable.type in ("identifier", "code"),
}
NOT_KNOWN: dict[str, Callable[[Values, str], bool]] = {
    "every column": lambda values, name: True,
    "every column that is not a variable": lambda values, name: name not in values.known,
}


def fill(template: str, values: Values, columns: tuple[str, ...], hit: Hit) -> str:
    """The words of a rule, with what it speaks of."""
    variable = values.variable(columns[0])
    other = columns[1] if len(columns) > 1 else ""
    return template.format(
        detail=hit.detail,
        other=other,
        other_value=values.at(hit.row, other),
        definition=variable.definition.rstrip(".") if variable else "",
        levels=", ".join(variable.levels) if variable else "",
        range=plausible_range(variable) if variable else "",
    )


def plausible_range(variable: Variable) -> str:
    """The dictionary's range in words: `between 0 and 110 years`, `at least 0 doses`."""
    unit = f" {variable.unit}" if variable.unit and variable.type != "date" else ""
    low, high = variable.plausible_min, variable.plausible_max
    if low and high:
        return f"between {low} and {high}{unit}"
    return f"at least {low}{unit}" if low else f"at most {high}{unit}"
