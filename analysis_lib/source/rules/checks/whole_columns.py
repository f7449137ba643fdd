"""Checks that judge a column as a whole: there or not, readable, in the unit it should have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from analysis_lib.dictionary import nearest
from analysis_lib.source.rules.rule import Check, Hit
from analysis_lib.source.rules.values import Values

# Fewer values are judged one by one: they need not stand for how the column is written.
ENOUGH = 3
SMALL_LEVEL = 5
_LISTED = 6


def is_absent(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """The extract lacks the column; the hint never names a direct identifier."""
    if not values.has(columns[0]):
        left = [c for c in values.table if c not in values.known | values.identifying]
        yield Hit(0, detail=nearest(columns[0], left))


def is_empty_throughout(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    if values.has(columns[0]) and not values.given(columns[0]).any():
        yield Hit(0)


def is_not_known(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Neither a variable of an extract, nor one that the report derives, nor an identifier."""
    name = columns[0]
    if name not in values.identifying and name not in values.dictionary:
        absent = [known for known in values.known if not values.has(known)]
        yield Hit(0, detail=nearest(name, sorted(absent)))


def is_derived(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    if columns[0] not in values.identifying and columns[0] in values.dictionary:
        yield Hit(0)


def looks_identifying(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """A direct identifier; the finding names the column's position alone."""
    if columns[0] in values.identifying:
        yield Hit(0)


def holds_no_number(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    return _unreadable(values, columns[0], read=values.numbers(columns[0]).notna().any())


def holds_no_iso_date(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    return _unreadable(values, columns[0], read=values.dates(columns[0]).notna().any())


def holds_no_level(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    levels = values.dictionary[columns[0]].levels
    return _unreadable(values, columns[0], read=not set(levels).isdisjoint(values.text(columns[0])))


def _unreadable(values: Values, column: str, *, read: bool) -> Iterator[Hit]:
    """Enough values, and none of them could be read."""
    if not read:
        given = [text for text in values.text(column) if text]
        if len(given) >= ENOUGH:
            yield Hit(0, value=given[0])


def has_median_between(low: float, high: float) -> Check:
    """The median of what is above zero lies inside: the sign of another unit."""

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        numbers = values.numbers(columns[0])
        above_zero = numbers[numbers > 0]
        if len(above_zero) >= ENOUGH and low < above_zero.median() < high:
            yield Hit(0, detail=f"{above_zero.median():g}")

    return check


def holds_proportions(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Nothing above 1, and parts of 1 among the values of a percentage."""
    numbers = values.numbers(columns[0]).dropna()
    parts = numbers[numbers % 1 > 0]
    if len(numbers) >= ENOUGH and len(parts) > 1 and (numbers <= 1).all():
        yield Hit(0, value=f"{parts.iloc[0]:g}")


def is_always_the_first_of_a_month(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Months written as dates; one and the same date for everyone is a nominal one."""
    dates = values.dates(columns[0]).dropna()
    if len(dates) >= ENOUGH and dates.nunique() > 1 and (dates.dt.day == 1).all():
        yield Hit(0)


def has_small_levels(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Levels of some patients, but too few to estimate anything in."""
    variable = values.dictionary[columns[0]]
    counts = Counter(values.text(columns[0]))
    small = [x for x in variable.levels if 0 < counts[x] < SMALL_LEVEL]
    if small:
        listed = ", ".join(f"{level} ({counts[level]})" for level in small[:_LISTED])
        more = f" and {len(small) - _LISTED} more" if len(small) > _LISTED else ""
        yield Hit(0, value=listed + more)


def is_mixed(first: str) -> Check:
    """A level that stands for all patients or for none, in some of them only."""

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        is_first = values.text(columns[0]) == first
        if is_first.any() and not is_first.all():
            yield Hit(0, detail=f"{int(is_first.sum())} of {len(is_first)}")

    return check
