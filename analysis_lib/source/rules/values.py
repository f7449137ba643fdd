"""An extract as text, and the numbers and dates that its text spells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.source.identifiers import identifying_columns

_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?"


@dataclass(frozen=True, eq=False)
class Values:
    """What the rules look at. A column that the extract lacks is empty, with `has` False."""

    table: pd.DataFrame
    dictionary: Dictionary
    original: Mapping[str, str] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    today: dt.date = field(default_factory=dt.date.today)
    _numbers: dict[str, pd.Series] = field(default_factory=dict, init=False, repr=False)
    _dates: dict[str, pd.Series] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.dictionary.names("extract"))

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
        return self.text(column) != ""

    def written_as(self, column: str, pattern: str) -> pd.Series:
        """Where the whole text follows a pattern; each distinct text is looked at once."""
        follows = re.compile(pattern, re.IGNORECASE).fullmatch
        text = self.text(column)
        return text.isin([x for x in text.unique() if follows(x)])

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
    spelt = text.where(text.str.fullmatch(_NUMBER))
    return pd.to_numeric(spelt, errors="coerce").astype(float)


def _dates(text: pd.Series) -> pd.Series:
    iso = text.where(text.str.fullmatch(r"\d{4}-\d{2}-\d{2}"))
    return pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce")
