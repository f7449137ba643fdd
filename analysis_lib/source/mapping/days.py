"""Dates from days since time zero."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from analysis_lib.source.mapping.events import rows_with_event
from analysis_lib.source.mapping.mapping import DaysRule, Mapping
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.mapping.values import NUMBER, is_iso_date

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
    counted = rows_with_event(theirs, rule, part, problems)
    days = theirs[rule.days].where(counted, "")
    if rule.where:
        _refuse_undated(rule, days[counted & (zero != "")], part, problems)
    wrong = days[(days != "") & ~days.map(lambda x: _WHOLE.fullmatch(x) is not None)]
    if len(wrong):
        text = wrong.iloc[0]
        remedy = "write whole numbers"
        if not NUMBER.fullmatch(text):
            remedy += f'; if it means not recorded, say so: read: {{missing: ["{text}"]}}'
        problems.add(
            part,
            f"{rule.days!r} must hold whole days, but {_rows(wrong)} "
            f"hold{'s' if len(wrong) == 1 else ''} {text!r}; {remedy}",
        )
        return days.where(days == "", "")
    pairs = zip(zero, days, strict=True)
    return pd.Series([_later(start, count) for start, count in pairs], theirs.index, dtype=object)


def _refuse_undated(rule: DaysRule, happened: pd.Series, part: str, problems: Problems) -> None:
    """An event on an unknown day would be counted as none."""
    undated = happened[happened == ""]
    if len(undated):
        problems.add(
            part,
            f"{_rows(undated)} ha{'s' if len(undated) == 1 else 've'} the event but no "
            f"{rule.days!r}, and would count as without it; give the days, or take these patients "
            "out of the extract",
        )


def _rows(column: pd.Series) -> str:
    rows = column.index
    more = f" and {len(rows) - SHOWN} more rows" if len(rows) > SHOWN else ""
    return f"row {', '.join(map(str, rows[:SHOWN]))}{more}"


def _later(start: str, days: str) -> str:
    """The ISO date some days later; empty where either is not known, or no calendar has it."""
    count = _WHOLE.fullmatch(days)
    if count is None or not is_iso_date(start):
        return ""
    try:
        return (dt.date.fromisoformat(start) + dt.timedelta(days=int(count[1]))).isoformat()
    except OverflowError:
        return f"{start} + {days} days"
