"""Checks of two or more values of a patient together: the order of dates, and plain logic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from operator import and_

import pandas as pd

from analysis_lib.source.rules.checks.single_values import rows_where
from analysis_lib.source.rules.rule import Check, Hit
from analysis_lib.source.rules.values import Values

Condition = Callable[[Values, str], pd.Series]


def given(values: Values, column: str) -> pd.Series:
    return values.given(column)


def empty(values: Values, column: str) -> pd.Series:
    return ~values.given(column)


def above(bound: float) -> Condition:
    return lambda values, column: values.numbers(column) > bound


def equal(number: float) -> Condition:
    return lambda values, column: values.numbers(column) == number


def zero_or_empty(values: Values, column: str) -> pd.Series:
    return values.numbers(column).fillna(0) == 0


def one_of(*levels: str) -> Condition:
    return lambda values, column: values.text(column).isin(levels)


def given_but_not(*levels: str) -> Condition:
    return lambda values, column: values.given(column) & ~values.text(column).isin(levels)


def all_hold(*conditions: Condition) -> Check:
    """The first condition on the first column, the second on the second, all in one row.

    A rule about a column that the extract lacks finds nothing.
    """

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        if values.has(*columns):
            held = (x(values, column) for x, column in zip(conditions, columns, strict=True))
            yield from rows_where(reduce(and_, held))

    return check


def is_before_the_other(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    later, earlier = (values.dates(column) for column in columns)
    return rows_where(later < earlier)


def is_after_the_other(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    first, second = (values.dates(column) for column in columns)
    return rows_where(first > second)


def is_later_than(days: int) -> Check:
    """More days after the other date than the event can reasonably lie."""

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        later, earlier = (values.dates(column) for column in columns)
        apart = (later - earlier).dt.days
        return (Hit(row, detail=f"{apart[row]:.0f}") for row in apart.index[apart > days])

    return check


def outlasts_the_follow_up(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """More days in hospital for the infusion than days from apheresis to last contact."""
    stay = values.numbers(columns[0])
    last, infusion = (values.dates(column) for column in columns[1:3])
    start = values.dates(columns[3]).fillna(infusion - pd.Timedelta(days=30))
    return rows_where(stay > (last - start).dt.days + 1)


def is_alive_without_follow_up(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Last seen on the day of infusion, and no death."""
    last, infusion = (values.dates(column) for column in columns[:2])
    return rows_where((last == infusion) & ~values.given(columns[2]))
