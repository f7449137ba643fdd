"""Dates as the mapping file declares them, in ISO form; nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import pandas as pd

from analysis_lib.source.mapping.values import is_iso_date

_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?")


def iso_dates(column: pd.Series, formats: Sequence[str]) -> pd.Series:
    """ISO dates where a text is one, or is in a declared format; any other text as it is.

    A time of the day is dropped. A text that two of the formats read as different days stays as
    it is, for the rule about dates to report.
    """
    return column.map({text: _iso(text, formats) for text in column.unique()})


def is_iso_date_or_time(text: str) -> bool:
    """Whether a text is an ISO day, with or without a time."""
    with_time = _WITH_TIME.fullmatch(text)
    return is_iso_date(with_time[1] if with_time else text)


def _iso(text: str, formats: Sequence[str]) -> str:
    if not text or is_iso_date(text):
        return text
    with_time = _WITH_TIME.fullmatch(text)
    if with_time and is_iso_date(with_time[1]):
        return with_time[1]
    days = {day for form in formats if (day := _day(text, form))}
    return days.pop() if len(days) == 1 else text


def _day(text: str, form: str) -> str:
    try:
        return dt.datetime.strptime(text, form).date().isoformat()
    except ValueError:
        return ""
