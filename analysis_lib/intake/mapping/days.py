"""Dates from days since another date, of the rows that have the event."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping as Pairs
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from analysis_lib.dictionary import Dictionary
from analysis_lib.intake.identifiers import identifying_columns
from analysis_lib.intake.mapping.document import (
    NUMBER,
    DaysRule,
    MappingFile,
    Node,
    Problems,
    Zero,
    holds,
    is_iso_date,
    pairs_of,
    plain_number,
    text_of,
    texts_of,
    unknown_names,
)
from analysis_lib.intake.mapping.numbers import DAYS_IN, times, with_decimal_points
from analysis_lib.intake.mapping.variables import our_variable
from analysis_lib.intake.reading.rows import first_few

# The two values of one switch: who names one as the event has said what the other means.
_WORDS = (("yes", "no"), ("true", "false"))
_SWITCHES = (
    ("1", "0"),
    *_WORDS,
    *((yes.title(), no.title()) for yes, no in _WORDS),
    *((yes.upper(), no.upper()) for yes, no in _WORDS),
)
_OPPOSITE = {one: other for pair in _SWITCHES for one, other in (pair, pair[::-1])}
VALUES_NAMED = 20


def rows_with_event(
    theirs: pd.DataFrame, rule: DaysRule, part: str, problems: Problems
) -> pd.Series:
    """True where every column of `where` holds a value of the event; all rows without `where`.

    A row in which one column says that there was none needs nothing of the others. In all other
    rows each value must be declared: one that is in neither list could be an event under another
    spelling, and a blank is no statement that the patient is alive.
    """
    happened = pd.Series(True, index=theirs.index)
    without = pd.Series(False, index=theirs.index)
    unclear: dict[str, pd.Series] = {}
    for column, events in rule.where.items():
        is_event = holds(theirs[column], events)
        is_none = holds(theirs[column], without_event(rule, column))
        happened &= is_event
        without |= is_none
        unclear[column] = ~is_event & ~is_none
    for column, rows in unclear.items():
        undeclared = theirs.loc[rows & ~without, column]
        if len(undeclared):
            problems.add(f"{part}.where", _sentence(theirs, column, undeclared, rule))
    return happened


def without_event(rule: DaysRule, column: str) -> tuple[str, ...]:
    """The texts of a column that say there was no event: declared, or opposites of the event."""
    events = [plain_number(text) for text in rule.where[column]]
    implied = [_OPPOSITE[text] for text in events if text in _OPPOSITE]
    return (*rule.otherwise.get(column, ()), *(text for text in implied if text not in events))


def _sentence(theirs: pd.DataFrame, column: str, undeclared: pd.Series, rule: DaysRule) -> str:
    """The values that are not declared, each with its rows; of an identifier only how many."""
    counts = undeclared.value_counts().sort_index()
    if identifying_columns(theirs[[column]]):
        held = f"{len(undeclared)} rows hold one of {len(counts)} others"
    else:
        held = ", ".join(_held(text, count) for text, count in counts.iloc[:VALUES_NAMED].items())
        if len(counts) > VALUES_NAMED:
            rows = counts.iloc[VALUES_NAMED:].sum()
            held += f" and {rows} rows hold one of {len(counts) - VALUES_NAMED} further values"
    events = " or ".join(map(repr, rule.where[column]))
    return (
        f"every value of {column!r} must be declared; the event is {events}, but {held}; add each "
        "to where (the event) or to otherwise (no event), like "
        f'otherwise: {{{column}: [alive, ""]}}, in which "" is a blank'
    )


def _held(text: str, count: int) -> str:
    rows = f"{count} row{'s' if count > 1 else ''}"
    if text:
        return f"{rows} hold{'' if count > 1 else 's'} {text!r}"
    return f"{rows} {'are' if count > 1 else 'is'} blank"


PART = "dates_from_days"
KEYS = ("days", "unit", "where", "otherwise")
ZERO_KEYS = ("column", "date")
_EXAMPLE = "zero: {column: infusion_date, date: 2020-01-01}"


def read_days(
    node: Node, dictionary: Dictionary, problems: Problems
) -> tuple[Zero | None, dict[str, DaysRule]]:
    """Time zero, and a rule for each date that is counted from it."""
    entries = pairs_of(node, PART, problems)
    rules = {
        name: rule
        for name, entry in entries.items()
        if name != "zero" and (rule := _rule(name, entry, dictionary, problems)) is not None
    }
    if "zero" in entries:
        return _zero(entries["zero"], dictionary, problems), rules
    if entries:
        problems.add(PART, f"needs time zero, like {_EXAMPLE}")
    return None, rules


def _zero(node: Node, dictionary: Dictionary, problems: Problems) -> Zero | None:
    part = f"{PART}.zero"
    entry = pairs_of(node, part, problems)
    unknown_names(part, entry, ZERO_KEYS, problems)
    column = text_of(entry.get("column", ""), f"{part}.column", problems)
    date = text_of(entry.get("date", ""), f"{part}.date", problems)
    if date and not is_iso_date(date):
        problems.add(f"{part}.date", f"must be a date like 2020-01-01, but is {date!r}")
    if not column:
        problems.add(part, f"needs the name of our date, like {_EXAMPLE}")
        return None
    return Zero(column, date) if _is_date(column, part, dictionary, problems) else None


def _rule(name: str, node: Node, dictionary: Dictionary, problems: Problems) -> DaysRule | None:
    part = f"{PART}.{name}"
    if isinstance(node, str):
        node = {"days": node}
    entry = pairs_of(node, part, problems)
    unknown_names(part, entry, KEYS, problems)
    days = text_of(entry.get("days", ""), f"{part}.days", problems)
    where = {
        theirs: texts_of(values, f"{part}.where.{theirs}", problems)
        for theirs, values in pairs_of(entry.get("where", ""), f"{part}.where", problems).items()
    }
    for theirs, values in where.items():
        if not values:
            problems.add(f"{part}.where.{theirs}", 'needs the text that counts, like "1"')
    otherwise = _otherwise(entry.get("otherwise", ""), where, part, problems)
    if not days:
        problems.add(part, "needs the column that holds the days, like {days: t1}")
        return None
    unit = text_of(entry.get("unit", ""), f"{part}.unit", problems) or "days"
    if unit not in DAYS_IN:
        problems.add(f"{part}.unit", f"must be one of {', '.join(DAYS_IN)}, but is {unit!r}")
        return None
    rule = DaysRule(days, where, otherwise, unit)
    return rule if _is_date(name, part, dictionary, problems) else None


def _otherwise(
    node: Node, where: Pairs[str, tuple[str, ...]], part: str, problems: Problems
) -> dict[str, tuple[str, ...]]:
    """Per column of `where`, the texts that say there was no event; an empty text is a blank."""
    part = f"{part}.otherwise"
    otherwise = {}
    for theirs, values in pairs_of(node, part, problems).items():
        texts = texts_of(values, f"{part}.{theirs}", problems, blank=True)
        events = {plain_number(text) for text in where.get(theirs, ())}
        both = [text for text in texts if plain_number(text) in events]
        if theirs not in where:
            problems.add(part, f"{theirs!r} is no column of where; name the event there first")
        elif both:
            problems.add(part, f"{both[0]!r} is the event of {theirs!r} too; keep it in one place")
        else:
            otherwise[theirs] = texts
    return otherwise


def _is_date(name: str, part: str, dictionary: Dictionary, problems: Problems) -> bool:
    variable = our_variable(name, part, dictionary, problems)
    if variable is None:
        return False
    if variable.type != "date":
        problems.add(part, f"{name} is of type {variable.type}, not a date")
        return False
    return True


_WHOLE = re.compile(r"([+-]?\d+)(\.0*)?")


def dates_from_days(
    theirs: pd.DataFrame, ours: pd.DataFrame, mapping: MappingFile, problems: Problems
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
    counts = pd.DataFrame({rule.days: theirs[rule.days] for rule in mapping.days.values()})
    with_decimal_points(counts, list(counts), mapping.reading.decimal, problems)
    for target, rule in mapping.days.items():
        part = f"dates_from_days.{target}"
        made[target] = _dates(theirs, counts[rule.days], zero, rule, part, problems)
    return made


def _dates(
    theirs: pd.DataFrame,
    counts: pd.Series,
    zero: pd.Series,
    rule: DaysRule,
    part: str,
    problems: Problems,
) -> pd.Series:
    counted = rows_with_event(theirs, rule, part, problems)
    days = counts.where(counted, "")
    if rule.where:
        _refuse_undated(rule, days[counted & (zero != "")], part, problems)
    days = days.map({text: in_days(text, rule.unit) for text in days.unique()})
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


def in_days(text: str, unit: str) -> str:
    """Months or years as the nearest whole day, a month being the twelfth part of 365.25 days."""
    if unit == "days":
        return text
    exact = times(text, DAYS_IN[unit])
    if exact == text and not NUMBER.fullmatch(text):
        return text
    return str(Decimal(exact).quantize(Decimal(1), ROUND_HALF_UP))


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
    return f"row {first_few(list(column.index), ' rows')}"


def _later(start: str, days: str) -> str:
    """The ISO date some days later; empty where either is not known, or no calendar has it."""
    count = _WHOLE.fullmatch(days)
    if count is None or not is_iso_date(start):
        return ""
    try:
        return (dt.date.fromisoformat(start) + dt.timedelta(days=int(count[1]))).isoformat()
    except (OverflowError, ValueError):  # also of a number of thousands of digits
        return f"{start} + {days[:20]} days"
