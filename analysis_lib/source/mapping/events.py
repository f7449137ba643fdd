"""Which rows have the event that a rule of `dates_from_days` asks for; no value is guessed at."""

from __future__ import annotations

import pandas as pd

from analysis_lib.source.identifiers import identifying_columns
from analysis_lib.source.mapping.mapping import DaysRule
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.mapping.values import holds, plain_number

# The two values of one switch: who names one as the event has said what the other means.
_WORDS = (("yes", "no"), ("true", "false"))
_SWITCHES = (
    ("1", "0"),
    *_WORDS,
    *((yes.title(), no.title()) for yes, no in _WORDS),
    *((yes.upper(), no.upper()) for yes, no in _WORDS),
)
_OPPOSITE = {one: other for pair in _SWITCHES for one, other in (pair, pair[::-1])}
SHOWN = 20


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
        held = ", ".join(_held(text, count) for text, count in counts.iloc[:SHOWN].items())
        if len(counts) > SHOWN:
            rows = counts.iloc[SHOWN:].sum()
            held += f" and {rows} rows hold one of {len(counts) - SHOWN} further values"
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
