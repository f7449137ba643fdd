"""How numbers are written: the only place that rounds, and the trace of what it wrote."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from decimal import ROUND_HALF_UP, Decimal
from math import isinf, isnan
from typing import Any

from analysis_lib.marks import Notes, Place, Placed, PlacedCount, Suppressed, edit_number, marked

_notes: dict[tuple[str, float, Place | None], None] = {}

# The first word of a place that is no row: a parameter, a constant of the method, and what is
# made of rows by sum, difference, quotient or number of them.
OF_NO_ROW = PARAMETER, CONSTANT, DERIVED = "parameter", "constant", "derived"
NOTED_DIGITS = 8
_ALL_DIGITS = 10.0 ** (NOTED_DIGITS - 1)  # from here on counts would lose some of theirs


def of_parameter(name: str, value: Any) -> Any:
    """A number of the parameters, or each of a list, that knows which parameter it is."""
    if isinstance(value, list):
        return [of_parameter(name, x) for x in value]
    return _with_place(value, (PARAMETER, name))


def constant(value: Any, meaning: str) -> Any:
    """A number that the method sets, and no data: a bound, a rule of thumb."""
    return _with_place(value, (CONSTANT, meaning, value))


def _with_place(value: Any, place: Place) -> Any:
    if isinstance(value, bool | Suppressed) or not isinstance(value, int | float):
        return value
    return PlacedCount(value, place) if isinstance(value, int) else Placed(value, place)


def at_row(value: Any, key: tuple[object, ...], column: str = "value") -> Any:
    """A number that a row of another analysis holds, which `verify` compares with it."""
    return _with_place(value, (*key, column))


def total(*numbers: float) -> Any:
    """A sum of numbers, which leads to the rows of all of them."""
    return _derived("sum", sum(numbers), numbers)


def remainder(whole: float, *parts: float) -> Any:
    """What some parts leave of a whole."""
    return _derived("difference", whole - sum(parts), (whole, *parts))


def quotient(number: float, of: float) -> Any:
    """One number over another."""
    return _derived("quotient", number / of, (number, of))


def number_of(numbers: Collection[float]) -> Any:
    """How many rows there are, of which one number each is given; some may be withheld."""
    if any(isinstance(x, Suppressed) for x in numbers):
        return constant(len(numbers), "rows of which some are withheld")
    return _derived("number", len(numbers), numbers)


def _derived(operation: str, value: Any, numbers: Collection[float]) -> Any:
    """Numbers that a row withholds, or that have none, make no place."""
    places = [getattr(x, "place", None) for x in numbers]
    if isinstance(value, Suppressed) or None in places:
        return value
    return _with_place(value, (DERIVED, operation, *places))


def unplaced(value: Any) -> Any:
    """Numbers without their place, for what writes parameters down."""
    if isinstance(value, list):
        return [unplaced(x) for x in value]
    plain = {PlacedCount: int, Placed: float}.get(type(value))
    return plain(value) if plain else value


def noted(value: float) -> float:
    """A value as outputs hold it: without the digits in which processors differ."""
    return float(f"{value:.{NOTED_DIGITS}g}") if abs(value) < _ALL_DIGITS else float(value)


def note(text: str, value: float) -> str:
    """Note that a value was written as this text, and return the text with its mark."""
    place = getattr(value, "place", None)
    held = noted(value)
    _notes[text, held, place] = None
    return marked(text, held, place)


def take_notes() -> Notes:
    """What was written since it was last asked for."""
    taken: Notes = [
        [text, value] if place is None else [text, value, json.dumps(place)]
        for text, value, place in _notes
    ]
    _notes.clear()
    return taken


NOT_ESTIMABLE = "not estimable"
NOT_REACHED = "not reached"
MINUS = "\u2212"
EN_DASH = "\u2013"
INFINITY = "\u221e"
NO_BREAK_SPACE = "\u00a0"
# The mark of a suppressed number: an s, followed by a sign without width by which it is known.
MARK = "s\u2060"


def is_suppressed(x: object) -> bool:
    """Whether a number is withheld, or a text says so of one."""
    return MARK in x if isinstance(x, str) else isinstance(x, Suppressed)


def format_p(p: float) -> str:
    """A P value in journal style: `<.001`, `.013`, `.47`, `>.99`."""
    if isinstance(p, Suppressed):
        return MARK
    if isnan(p):
        return NOT_ESTIMABLE
    exact = Decimal(repr(float(p)))
    return note(_p_text(exact), p)


# What a sentence calls a difference: a P below it is written with the digits that show it below.
NOTABLE_P = 0.05
_MOST_DIGITS = 6


def _p_text(exact: Decimal) -> str:
    if exact < Decimal("0.001"):
        return "<.001"
    thousandths = _round(exact, 3)
    if exact < Decimal(repr(NOTABLE_P)) <= thousandths:
        return _below_notable(exact)
    if thousandths < Decimal("0.1"):
        return f"{thousandths:f}"[1:]
    hundredths = _round(exact, 2)
    return ">.99" if hundredths >= 1 else f"{hundredths:f}"[1:]


def _below_notable(exact: Decimal) -> str:
    """As many digits as show it below, or that it is: `.0496`, `<.05`."""
    for digits in range(4, _MOST_DIGITS + 1):
        rounded = _round(exact, digits)
        if rounded < Decimal(repr(NOTABLE_P)):
            return f"{rounded:f}"[1:]
    return f"<{NOTABLE_P:g}".replace("0.", ".")


# A number for a text that names a bound alone.
_BOUNDS = {"<.001": 0.0, "<.05": 0.04999999, ">.99": 1.0}


def round_p(p: float) -> float:
    """The number that `format_p` writes, of which it writes the same again."""
    if isnan(p):
        return p
    text = _p_text(Decimal(repr(float(p))))
    return _BOUNDS[text] if text in _BOUNDS else float(text)


def format_p_statement(p: float) -> str:
    """A P value as a statement: `P = .013`, `P < .001`."""
    text = format_p(p)
    if text == NOT_ESTIMABLE:
        return f"P {text}"
    return f"P {text[0]} {text[1:]}" if text[0] in "<>" else f"P = {text}"


def format_fixed(x: float, digits: int, *, missing: str = NOT_ESTIMABLE) -> str:
    """A number with exactly `digits` decimals; `missing` where it is nan."""
    if isinstance(x, Suppressed):
        return MARK
    if isnan(x):
        return missing
    if isinf(x):
        return INFINITY if x > 0 else MINUS + INFINITY
    return note(_signed(_round(Decimal(repr(float(x))), digits)), x)


def round_half_up(x: float, digits: int) -> float:
    """The number that `format_fixed` writes."""
    return x if isnan(x) or isinf(x) else float(_round(Decimal(repr(float(x))), digits))


def digits_beside(x: float, digits: int, *bounds: float) -> int:
    """Decimals with which a rounded number lies on the side of each bound on which it is."""

    def sides(value: float) -> list[int]:
        return [(value > bound) - (value < bound) for bound in bounds]

    enough = (d for d in range(digits, _MOST_DIGITS) if sides(round_half_up(x, d)) == sides(x))
    return digits if isnan(x) else next(enough, _MOST_DIGITS)


def format_number(x: float, *, digits: int = 1, missing: str = NOT_ESTIMABLE) -> str:
    """A median, quartile or bound of a range: at most `digits` decimals, no trailing zeros."""
    text = format_fixed(x, digits, missing=missing)
    return edit_number(text, _without_zeros) if "." in text else text


def _without_zeros(number: str) -> str:
    return number.rstrip("0").rstrip(".")


def format_count(n: float) -> str:
    """A number of patients."""
    if isinstance(n, Suppressed):
        return MARK
    return note(in_thousands(int(n)).replace("-", MINUS), n)


def in_thousands(n: int) -> str:
    """A whole number, from five digits on with a space between the thousands."""
    return f"{n:,}".replace(",", NO_BREAK_SPACE) if abs(n) >= 10_000 else str(n)


def counted(n: float, noun: str) -> str:
    """A number with what it counts: `1 event`, `2 events`, `0 events`."""
    return f"{format_count(n)} {noun}" if n == 1 else f"{format_count(n)} {noun}s"


def agreeing(n: float, one: str, several: str) -> str:
    """The form of a verb or pronoun that goes with a number: `lacks` of 1, `lack` of any other."""
    return one if n == 1 else several


def format_points(x: float, digits: int = 0) -> str:
    """A proportion in percent without the sign, for axes and for intervals after `95% CI`."""
    return format_fixed(percent(x), digits)


def format_percent(x: float, digits: int = 0) -> str:
    """A proportion in percent: `83%`."""
    text = format_points(x, digits)
    return text if text in (NOT_ESTIMABLE, MARK) else f"{text}%"


def format_count_percent(n: float, proportion: float, digits: int = 0) -> str:
    """A count with its share: `71 (83%)`; a dash where nobody could be counted."""
    if isinstance(n, Suppressed):
        return MARK
    unknown = isnan(proportion) and not is_suppressed(proportion)
    share = EN_DASH if unknown else format_percent(proportion, digits)
    return f"{format_count(n)} ({share})"


def format_ratio(ratio: float) -> str:
    """A hazard ratio or a limit of its interval, two decimals: `1.20`, `<0.01`."""
    if 0 < ratio < 0.005:
        return note("<0.01", ratio)
    return format_fixed(ratio, 2)


def format_months(x: float, *, missing: str = NOT_REACHED) -> str:
    """A time in months, one decimal: `11.4`."""
    return format_fixed(x, 1, missing=missing)


def format_interval(low: float, high: float, formatter: Callable[[float], str]) -> str:
    """The limits of an interval or a range: `0.71–2.03`, with `to` beside a minus sign."""
    if isnan(low) and isnan(high):
        return formatter(low)
    first, last = formatter(low), formatter(high)
    wordy = any(text.startswith(MINUS) or text[-1].isalpha() for text in (first, last))
    return f"{first} to {last}" if wordy else f"{first}{EN_DASH}{last}"


def format_confidence(level: float) -> str:
    """The name of an interval: `95% CI`, `99.9% CI`."""
    named = of_parameter("confidence_level", float(level))
    return f"{format_number(percent(named), digits=2)}% CI"


def percent(x: float) -> float:
    """Times 100 in decimal, so that 0.285 becomes 28.5 and not 28.499999999999996."""
    if isnan(x) or isinf(x):
        return x
    percent = float(Decimal(repr(float(x))).scaleb(2))
    return Placed(percent, x.place) if isinstance(x, Placed) else percent


def _round(exact: Decimal, digits: int) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _signed(rounded: Decimal) -> str:
    """The digits with a true minus sign; zero has none."""
    if rounded == 0:
        return f"{abs(rounded):f}"
    return f"{rounded:f}".replace("-", MINUS)
