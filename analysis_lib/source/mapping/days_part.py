"""The `dates_from_days` part: dates that stand in the extract as days since time zero."""

from __future__ import annotations

from collections.abc import Mapping as Pairs

from analysis_lib.dictionary import Dictionary
from analysis_lib.source.mapping.document import Node
from analysis_lib.source.mapping.mapping import DaysRule, Zero
from analysis_lib.source.mapping.names_parts import our_variable
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.mapping.shapes import pairs_of, text_of, texts_of, unknown_names
from analysis_lib.source.mapping.values import is_iso_date, plain_number

PART = "dates_from_days"
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
    unknown_names(part, entry, ("column", "date"), problems)
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
    unknown_names(part, entry, ("days", "where", "otherwise"), problems)
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
    rule = DaysRule(days, where, otherwise)
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
