"""What can be wrong with a single value, and with a whole column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pandas as pd

from analysis_lib.dictionary import nearest
from analysis_lib.intake.likeness import may_be_alike
from analysis_lib.intake.reading.distinct import each_distinct
from analysis_lib.intake.rules.rule import Check, Hit, Values

DECIMAL_COMMA = r"[+-]?\d+,\d{1,2}"
THOUSANDS = r"[+-]?\d{1,3}(?:[,. '\u00a0\u202f\u2019]\d{3})+(?:[.,]\d+)?"
SERIAL_DATE = r"[1-6]\d{4}(?:\.\d+)?"
SHORT_YEAR = r"\d{1,2}[./-]\d{1,2}[./-]\d{2}"
FORMULA = r"[=@].*|[+-][A-Za-z(].*"
SPREADSHEET_ERROR = r"#(?:REF|VALUE|DIV/0|NAME|NULL|NUM|N/A|SPILL|CALC)[!?]?"
_BETWEEN = re.compile(r"[\s_-]")
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_NEAR = 0.6  # difflib's own cut for a close match
_NOT_A_NUMBER_AS_WRITTEN = f"{DECIMAL_COMMA}|{THOUSANDS}|{SPREADSHEET_ERROR}"
_NOT_A_DATE_AS_WRITTEN = f"{SERIAL_DATE}|{SHORT_YEAR}|{SPREADSHEET_ERROR}"


def rows_where(broken: pd.Series) -> Iterator[Hit]:
    """One hit for every row that is True."""
    return (Hit(row) for row in broken.index[broken.to_numpy(dtype=bool)])


def is_empty(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    if values.has(columns[0]):
        yield from rows_where(~values.given(columns[0]))


def is_repeated(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """The same text as in an earlier row."""
    text = values.text(columns[0])
    return rows_where(text.duplicated(keep="first") & (text != ""))


def is_almost_repeated(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """An earlier row's text apart from case, spaces, hyphens and leading zeros of its number."""
    text = values.text(columns[0])
    plain = each_distinct(text, _plain)
    again = plain.duplicated(keep="first") & ~text.duplicated(keep="first") & (text != "")
    return rows_where(again)


def _plain(text: str) -> str:
    return _LEADING_ZEROS.sub("", _BETWEEN.sub("", text.casefold()))


def is_written_as(pattern: str) -> Check:
    """The text follows a pattern that cannot be read as it stands."""

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        return rows_where(values.written_as(columns[0], pattern))

    return check


def contains(pattern: str) -> Check:
    """The text holds what a code does not hold."""

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        return rows_where(values.where(columns[0], re.compile(pattern).search))

    return check


def is_no_number(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    return _unread(values, columns[0], values.numbers(columns[0]), _NOT_A_NUMBER_AS_WRITTEN)


def is_no_iso_date(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    return _unread(values, columns[0], values.dates(columns[0]), _NOT_A_DATE_AS_WRITTEN)


def _unread(values: Values, column: str, read: pd.Series, named: str) -> Iterator[Hit]:
    """Text that no reading fits and no other rule explains."""
    unread = values.given(column) & read.isna()
    return rows_where(unread & ~values.written_as(column, named))


def is_no_whole_number(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    numbers = values.numbers(columns[0])
    return rows_where(numbers.notna() & (numbers % 1 != 0))


def is_no_level(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """None of the dictionary's levels; the hint is the one that is spelt most like it."""
    text, levels = values.text(columns[0]), values.dictionary[columns[0]].levels
    lower = {level.casefold(): level for level in levels}
    strange = values.where(columns[0], lambda x: x and x not in levels)
    for row in strange.index[strange]:
        same = lower.get(text[row].casefold().replace(" ", "_"))
        yield Hit(row, detail=nearest(same or text[row], levels))


def is_out_of_range(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Outside the dictionary's plausible range, both ends allowed; not of nominal dates."""
    variable = values.dictionary[columns[0]]
    low, high = variable.plausible_min, variable.plausible_max
    if variable.type == "date":
        dates = values.dates(columns[0])
        if not values.has_calendar:
            return iter(())
        earliest, latest = pd.Timestamp(low or dates.min()), pd.Timestamp(high or dates.max())
        return rows_where((dates < earliest) | (dates > latest))
    numbers = values.numbers(columns[0])
    return rows_where((numbers < float(low or "-inf")) | (numbers > float(high or "inf")))


def is_in_the_future(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """After the day on which the extract is read; not of nominal dates."""
    later = values.dates(columns[0]) > pd.Timestamp(values.today)
    return rows_where(later) if values.has_calendar else iter(())


def is_between_zero_and(step: float) -> Check:
    """Above zero, but smaller than the step in which the measurement is reported."""

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        numbers = values.numbers(columns[0])
        return rows_where((numbers > 0) & (numbers < step))

    return check


# Fewer values are judged one by one: they need not stand for how the column is written.
ENOUGH = 3
SMALL_LEVEL = 5
_LISTED = 6


def is_absent(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """The extract lacks the column; the hint never names a direct identifier."""
    if not values.has(columns[0]):
        left = [c for c in values.table if c not in values.known | values.identifying]
        yield Hit(0, detail=_nearest(columns[0], left))


def is_empty_throughout(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    if values.has(columns[0]) and not values.given(columns[0]).any():
        yield Hit(0)


def tells_no_level(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """A date is given of what the other column would name, and the extract lacks that column."""
    if values.given(columns[0]).any() and not values.has(columns[1]):
        yield Hit(0)


def is_not_known(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Neither a variable of an extract, nor one that the report derives, nor an identifier."""
    name = columns[0]
    if name not in values.identifying and name not in values.dictionary:
        absent = [known for known in values.known if not values.has(known)]
        yield Hit(0, detail=_nearest(name, sorted(absent)))


def _nearest(name: str, known: Iterable[str]) -> str:
    return nearest(name, [one for one in known if may_be_alike(name, one, _NEAR)])


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
    serial = values.written_as(columns[0], SERIAL_DATE).equals(values.given(columns[0]))
    hint = " (day numbers of a spreadsheet: format its cells as dates first)" if serial else ""
    read = values.dates(columns[0]).notna().any()
    return _unreadable(values, columns[0], read=read, hint=hint)


def holds_no_level(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    levels = values.dictionary[columns[0]].levels
    texts, _ = values.coded(columns[0])
    return _unreadable(values, columns[0], read=not set(levels).isdisjoint(texts))


def _unreadable(values: Values, column: str, *, read: bool, hint: str = "") -> Iterator[Hit]:
    """Enough values, and none of them could be read."""
    if not read and values.given(column).sum() >= ENOUGH:
        texts, _ = values.coded(column)
        yield Hit(0, value=next(filter(None, texts)), detail=hint)


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
    counts = values.counts(columns[0])
    small = [x for x in variable.levels if 0 < counts.get(x, 0) < SMALL_LEVEL]
    if small:
        listed = ", ".join(f"{level} ({counts[level]})" for level in small[:_LISTED])
        more = f" and {len(small) - _LISTED} more" if len(small) > _LISTED else ""
        yield Hit(0, value=listed + more)


def is_mixed(first: str) -> Check:
    """A level that stands for all patients or for none, in some of them only."""

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        is_first = values.where(columns[0], first.__eq__)
        if is_first.any() and not is_first.all():
            yield Hit(0, detail=f"{int(is_first.sum())} of {len(is_first)}")

    return check
