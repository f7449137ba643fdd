"""Whether one text is a value that a variable may hold."""

from __future__ import annotations

import datetime as dt
import re

from analysis_lib.dictionary import Variable

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


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
