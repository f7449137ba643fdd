"""Whether a text is a value that a variable may hold, or one of several that are looked for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import pandas as pd

from analysis_lib.dictionary import Variable

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

# A whole number as spreadsheets and data frames write it where the column has gaps.
_WHOLE_FLOAT = re.compile(r"([+-]?\d+)\.0+")


def value_fits(text: str, variable: Variable) -> bool:
    """Whether a text is a level, a number or an ISO date, as the variable's type asks."""
    if variable.type == "date":
        return is_iso_date(text)
    if variable.is_numeric:
        return NUMBER.fullmatch(text) is not None
    return text in variable.levels if variable.levels else True


def is_iso_date(text: str) -> bool:
    """Whether a text is a day written YYYY-MM-DD that the calendar has."""
    if not ISO_DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def plain_number(text: str) -> str:
    """A whole number without the `.0` that a spreadsheet hung on it; any other text as it is."""
    found = _WHOLE_FLOAT.fullmatch(text)
    return found[1] if found else text


def holds(column: pd.Series, texts: Iterable[str]) -> pd.Series:
    """Where a column holds one of the texts: 1.0 is 1 among numbers, but not beside words."""
    if all(NUMBER.fullmatch(text) for text in column.unique() if text):
        return column.map(plain_number).isin({plain_number(text) for text in texts})
    return column.isin(set(texts))
