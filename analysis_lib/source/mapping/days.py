"""Dates from days since time zero."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from analysis_lib.source.mapping.mapping import DaysRule, Mapping
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.mapping.values import is_iso_date

_WHOLE = re.compile(r"([+-]?\d+)(\.0*)?")
SHOWN = 5


def dates_from_days(
    theirs: pd.DataFrame, ours: pd.DataFrame, mapping: Mapping, problems: Problems
) -> dict[str, pd.Series]:
    """The dates that the rules count from time zero, and time zero itself where it is nominal.

    A nominal date stands only for a column that the extract lacks altogether: a patient without
    the date in an extract that has it stays without.
    """
    if mapping.zero is None:
        return {}
    made: dict[str, pd.Series] = {}
    name = mapping.zero.column
    if name in ours.columns:
        zero = ours[name]
    elif mapping.zero.date:
        zero = pd.Series(mapping.zero.date, index=theirs.index, dtype=object)
        made[name] = zero
    else:
        problems.add(
            "dates_from_days.zero",
            f"no column holds {name}, and no nominal date is given; map a column to it, or write "
            f"zero: {{column: {name}, date: 2020-01-01}}",
        )
        return {}
    for target, rule in mapping.days.items():
        made[target] = _dates(theirs, zero, rule, f"dates_from_days.{target}", problems)
    return made


def _dates(
    theirs: pd.DataFrame, zero: pd.Series, rule: DaysRule, part: str, problems: Problems
) -> pd.Series:
    counted = pd.Series(True, index=theirs.index)
    for column, allowed in rule.where.items():
        counted &= theirs[column].isin(allowed)
    days = theirs[rule.days].where(counted, "")
    wrong = days.index[(days != "") & ~days.map(lambda x: _WHOLE.fullmatch(x) is not None)]
    if len(wrong):
        problems.add(
            part,
            f"{rule.days!r} must hold whole days, but row {', '.join(map(str, wrong[:SHOWN]))} "
            f"hold{'s' if len(wrong) == 1 else ''} {days[wrong[0]]!r}",
        )
        return days.where(days == "", "")
    pairs = zip(zero, days, strict=True)
    return pd.Series([_later(start, count) for start, count in pairs], theirs.index, dtype=object)


def _later(start: str, days: str) -> str:
    """The ISO date some days later; empty where either is not known, or no calendar has it."""
    count = _WHOLE.fullmatch(days)
    if count is None or not is_iso_date(start):
        return ""
    try:
        return (dt.date.fromisoformat(start) + dt.timedelta(days=int(count[1]))).isoformat()
    except OverflowError:
        return f"{start} + {days} days"
