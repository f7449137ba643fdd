"""The text of a typed cell, the same as a CSV export of it would hold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from math import isnan


def cell_text(value: object) -> str:
    """A cell as text: ISO dates, no time where it is midnight, whole numbers without `.0`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dt.datetime):
        return date_text(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def date_text(value: dt.datetime) -> str:
    """A day as ISO date; a time of the day stays where it is not midnight."""
    if value.time() == dt.time():
        return value.date().isoformat()
    return value.replace(microsecond=0).isoformat(sep=" ")


def number_text(value: float) -> str:
    """A number with the 15 digits that a sheet shows: 0.30000000000000004 is 0.3."""
    if isnan(value):
        return ""
    if value.is_integer():
        return str(int(value))
    return format(value, ".15g")


def percent_text(value: float) -> str:
    """A number that a sheet shows in percent, as it shows it: 0.45 is `45%`."""
    return f"{number_text(float(value) * 100)}%"
