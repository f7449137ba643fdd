"""Numbers in our units and dates in our form."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from functools import partial

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable, nearest
from analysis_lib.intake.mapping.document import NUMBER, Node, Problems, is_iso_date, text_of
from analysis_lib.intake.mapping.variables import by_our_names
from analysis_lib.intake.reading.distinct import each_distinct
from analysis_lib.intake.reading.rows import first_few

# A year is 365.25 days and a month its twelfth part, as in every interval of the report.
DAYS_IN = {
    "years": Fraction("365.25"),
    "months": Fraction("365.25") / 12,
    "weeks": Fraction(7),
    "days": Fraction(1),
}
_LARGEST_EXPONENT = 100
_DIGITS = 400  # more than any value within that exponent, times such a factor, is written with
_ROUNDINGS = (ROUND_HALF_UP, ROUND_DOWN)


def read_units(node: Node, dictionary: Dictionary, problems: Problems) -> dict[str, Fraction]:
    """Per numeric variable of ours, what theirs is multiplied by, exactly."""
    units = {}
    for part, variable, value in by_our_names(node, "units", dictionary, problems):
        if not variable.is_numeric:
            problems.add(part, f"is of type {variable.type}, not a number; take it out")
            continue
        factor = _factor(text_of(value, part, problems), variable, part, problems)
        if factor is not None:
            units[variable.name] = factor
    return units


def times(text: str, factor: Fraction) -> str:
    """A number multiplied exactly; what has no end in decimals is the nearest double."""
    if not NUMBER.fullmatch(text) or not _is_of_this_world(text):
        return text
    exact = Fraction(Decimal(text)) * factor
    with localcontext(Context(prec=_DIGITS)):
        value = Decimal(exact.numerator) / Decimal(exact.denominator)
    if Fraction(value) != exact:
        value = Decimal(repr(float(exact)))
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _factor(text: str, variable: Variable, part: str, problems: Problems) -> Fraction | None:
    if text in DAYS_IN or f"{text}s" in DAYS_IN:
        return _of_time(text, variable, part, problems)
    numbers = [number.strip() for number in text.split("/")]
    if len(numbers) <= 2 and all(map(_is_positive, numbers)):
        first, *rest = (Fraction(Decimal(number)) for number in numbers)
        return first / rest[0] if rest else _unrounded(text, first, variable)
    problems.add(
        part,
        f"must be a number above 0 to multiply by, a fraction like 1/12, or one of "
        f"{', '.join(DAYS_IN)}, but is {text!r}{nearest(text, DAYS_IN)}",
    )
    return None


def _of_time(text: str, variable: Variable, part: str, problems: Problems) -> Fraction | None:
    ours = _days(variable.unit)
    if ours is None:
        problems.add(
            part,
            f"is {text!r}, but {variable.name} is in {variable.unit or 'no unit'}, which is no "
            "unit of time; give the number to multiply by",
        )
        return None
    return (_days(text) or ours) / ours


def _days(unit: str) -> Fraction | None:
    return DAYS_IN.get(unit) or DAYS_IN.get(f"{unit}s")


def _unrounded(text: str, factor: Fraction, variable: Variable) -> Fraction:
    """The ratio of two units of time where a factor can only be that ratio, rounded.

    0.083333 of a year for a month would make 17.99993 years of 216 months.
    """
    ours = _days(variable.unit)
    number = Decimal(text)
    if ours is None or len(number.normalize().as_tuple().digits) < 2:
        return factor
    step = Decimal((0, (1,), int(number.as_tuple().exponent)))
    with localcontext(Context(prec=len(text) + _LARGEST_EXPONENT)):
        for ratio in (days / ours for days in DAYS_IN.values()):
            exact = Decimal(ratio.numerator) / Decimal(ratio.denominator)
            endless = Fraction(exact) != ratio
            if endless and any(exact.quantize(step, way) == number for way in _ROUNDINGS):
                return ratio
    return factor


def _is_positive(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None and _is_of_this_world(text) and Decimal(text) > 0


def _is_of_this_world(text: str) -> bool:
    """Whether a number can be written out in digits without filling the memory."""
    return abs(Decimal(text).adjusted()) <= _LARGEST_EXPONENT


_COMMA = re.compile(r"[+-]?\d+,\d+")
_COMMA_NO_THOUSANDS = re.compile(r"[+-]?(\d+,(\d{1,2}|\d{4,})|(0\d*|\d{4,}),\d{3})")
_POINT = re.compile(r"[+-]?\d[\d,]*\.\d[\d.,]*")
_PERCENT = re.compile(r"([+-]?[\d.,]+)\s*%")


def with_decimal_points(
    table: pd.DataFrame, numeric: Sequence[str], decimal: str, problems: Problems
) -> list[str]:
    """Turn decimal commas into points, in place; returns the columns in which there were any.

    A declared comma is taken at its word, and a point beside it is refused: 1.234 may be a
    thousand or a decimal. Without a declaration commas are decimal only where no number has a
    point, and only in columns where one of them cannot part thousands.
    """
    distinct = {name: pd.Series(table[name].unique(), dtype=object) for name in numeric}
    with_point = [name for name, texts in distinct.items() if _any(_POINT, texts)]
    if decimal == ".":
        return []
    if decimal == "," and with_point:
        _refuse_points(table, with_point, problems)
        return []
    if with_point:
        return []
    changed = []
    for name, texts in distinct.items():
        if not _any(_COMMA, texts):
            continue
        if decimal == "" and not _any(_COMMA_NO_THOUSANDS, texts):
            problems.add(
                "read.decimal",
                f"{name} holds {_first(_COMMA, texts)!r}, where the comma may part thousands or "
                "decimals; declare read.decimal ',' if it is decimal, or write thousands together",
            )
            continue
        table[name] = each_distinct(table[name], _point)
        changed.append(name)
    return changed


def without_percent_signs(
    table: pd.DataFrame, numeric: Iterable[str], dictionary: Dictionary
) -> list[str]:
    """Drop the sign from `45 %` where our unit is percent, in place; returns these columns."""
    changed = []
    for name in numeric:
        if dictionary[name].unit == "%" and any(x.endswith("%") for x in table[name].unique()):
            table[name] = each_distinct(
                table[name], lambda text: found[1] if (found := _PERCENT.fullmatch(text)) else text
            )
            changed.append(name)
    return changed


def in_our_units(table: pd.DataFrame, units: Mapping[str, Fraction]) -> list[str]:
    """Multiply exactly, in place; returns the columns changed, with a factor that is a fraction."""
    present = [name for name in units if name in table.columns]
    for name in present:
        table[name] = each_distinct(table[name], partial(times, factor=units[name]))
    return [
        f"{name} (by {units[name]})" if units[name].denominator > 1 else name for name in present
    ]


def _point(text: str) -> str:
    return text.replace(",", ".") if _COMMA.fullmatch(text) else text


def _any(pattern: re.Pattern[str], texts: pd.Series) -> bool:
    return any(pattern.fullmatch(text) for text in texts)


def _first(pattern: re.Pattern[str], texts: pd.Series) -> str:
    return next(text for text in texts if pattern.fullmatch(text))


def _refuse_points(table: pd.DataFrame, names: Iterable[str], problems: Problems) -> None:
    for name in names:
        held = table[name].map(lambda text: _POINT.fullmatch(text) is not None)
        rows = table.index[held].tolist()
        problems.add(
            "read.decimal",
            f"is a comma, but {name} holds numbers with a point, like "
            f"{table.at[rows[0], name]!r} (row {first_few(rows, ' rows')}); write "
            "decimals with a comma and no sign between thousands, or leave read.decimal out",
        )


_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?")


def iso_dates(column: pd.Series, formats: Sequence[str]) -> pd.Series:
    """ISO dates where a text is one, or is in a declared format; any other text as it is.

    A time of the day is dropped. A text that two of the formats read as different days stays as
    it is, for the rule about dates to report.
    """
    return each_distinct(column, lambda text: _iso(text, formats))


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
