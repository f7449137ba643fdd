"""An extract as text, and the numbers and dates that its text spells."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.source.identifiers import identifying_columns

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
    _distinct: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False)
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

    def given(self, column: str) -> pd.Series:
        if column not in self._given:
            self._given[column] = self.text(column) != ""
        return self._given[column]

    def written_as(self, column: str, pattern: str) -> pd.Series:
        """Where the whole text follows a pattern; each distinct text is looked at once."""
        if column not in self._distinct:
            self._distinct[column] = tuple(self.text(column).unique())
        follows = re.compile(pattern, re.IGNORECASE).fullmatch
        found = [x for x in self._distinct[column] if follows(x)]
        return self.text(column).isin(found) if found else self.nowhere

    def numbers(self, column: str) -> pd.Series:
        """Finite numbers; missing where the text is none."""
        if column not in self._numbers:
            self._numbers[column] = _numbers(self.text(column))
        return self._numbers[column]

    def dates(self, column: str) -> pd.Series:
        """ISO dates; missing where the text is none."""
        if column not in self._dates:
            self._dates[column] = _dates(self.text(column))
        return self._dates[column]

    def at(self, row: int, column: str) -> str:
        """The text of one cell; empty for a whole column."""
        return str(self.table.at[row, column]) if row and self.has(column) else ""


def _numbers(text: pd.Series) -> pd.Series:
    read = {x: float(x) for x in set(text) if _NUMBER.fullmatch(x)}
    return pd.Series([read.get(x, math.nan) for x in text], index=text.index, dtype=float)


def _dates(text: pd.Series) -> pd.Series:
    read = {x: day for x in set(text) if (day := _day(x))}
    days = pd.array([read.get(x) for x in text], dtype="datetime64[s]")
    return pd.Series(days, index=text.index)


def _day(text: str) -> np.datetime64 | None:
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        return np.datetime64(dt.date.fromisoformat(text))
    except ValueError:  # such as 30 February
        return None
