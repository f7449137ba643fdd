"""Checks of one value at a time: is it there, readable, inside its range, and unique?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis_lib.dictionary import nearest
from analysis_lib.source.rules.rule import Check, Hit
from analysis_lib.source.rules.values import Values

DECIMAL_COMMA = r"[+-]?\d+,\d{1,2}"
THOUSANDS = r"[+-]?\d{1,3}(?:[,. '\u00a0\u202f\u2019]\d{3})+(?:[.,]\d+)?"
SERIAL_DATE = r"[1-6]\d{4}(?:\.\d+)?"
SHORT_YEAR = r"\d{1,2}[./-]\d{1,2}[./-]\d{2}"
FORMULA = r"[=@].*|[+-][A-Za-z(].*"
SPREADSHEET_ERROR = r"#(?:REF|VALUE|DIV/0|NAME|NULL|NUM|N/A|SPILL|CALC)[!?]?"
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
    plain = text.str.casefold().str.replace(r"[\s_-]", "", regex=True)
    plain = plain.str.replace(r"(?<!\d)0+(?=\d)", "", regex=True)
    again = plain.duplicated(keep="first") & ~text.duplicated(keep="first") & (text != "")
    return rows_where(again)


def is_written_as(pattern: str) -> Check:
    """The text follows a pattern that cannot be read as it stands."""

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        return rows_where(values.written_as(columns[0], pattern))

    return check


def contains(pattern: str) -> Check:
    """The text holds what a code does not hold."""

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        return rows_where(values.text(columns[0]).str.contains(pattern, regex=True))

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
    for row in text.index[(text != "") & ~text.isin(levels)]:
        same = lower.get(text[row].casefold().replace(" ", "_"))
        yield Hit(row, detail=nearest(same or text[row], levels))


def is_out_of_range(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Outside the dictionary's plausible range, both ends allowed."""
    variable = values.dictionary[columns[0]]
    low, high = variable.plausible_min, variable.plausible_max
    if variable.type == "date":
        dates = values.dates(columns[0])
        earliest, latest = pd.Timestamp(low or dates.min()), pd.Timestamp(high or dates.max())
        return rows_where((dates < earliest) | (dates > latest))
    numbers = values.numbers(columns[0])
    return rows_where((numbers < float(low or "-inf")) | (numbers > float(high or "inf")))


def is_in_the_future(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """After the day on which the extract is read."""
    return rows_where(values.dates(columns[0]) > pd.Timestamp(values.today))


def is_between_zero_and(step: float) -> Check:
    """Above zero, but smaller than the step in which the measurement is reported."""

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        numbers = values.numbers(columns[0])
        return rows_where((numbers > 0) & (numbers < step))

    return check
