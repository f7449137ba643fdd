"""The `units` part: what theirs is multiplied by, as a number, a fraction or a unit of time."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

from analysis_lib.dictionary import Dictionary, Variable, nearest
from analysis_lib.source.mapping.document import Node
from analysis_lib.source.mapping.names_parts import our_variable
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.mapping.shapes import pairs_of, text_of
from analysis_lib.source.mapping.values import NUMBER

# A year is 365.25 days and a month its twelfth part, as in every interval of the report.
_DAYS = {
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
    for name, value in pairs_of(node, "units", problems).items():
        part = f"units.{name}"
        variable = our_variable(name, part, dictionary, problems)
        if variable is None:
            continue
        if not variable.is_numeric:
            problems.add(part, f"is of type {variable.type}, not a number; take it out")
            continue
        factor = _factor(text_of(value, part, problems), variable, part, problems)
        if factor is not None:
            units[name] = factor
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
    if text in _DAYS or f"{text}s" in _DAYS:
        return _of_time(text, variable, part, problems)
    numbers = [number.strip() for number in text.split("/")]
    if len(numbers) <= 2 and all(map(_is_positive, numbers)):
        first, *rest = (Fraction(Decimal(number)) for number in numbers)
        return first / rest[0] if rest else _unrounded(text, first, variable)
    problems.add(
        part,
        f"must be a number above 0 to multiply by, a fraction like 1/12, or one of "
        f"{', '.join(_DAYS)}, but is {text!r}{nearest(text, _DAYS)}",
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
    return _DAYS.get(unit) or _DAYS.get(f"{unit}s")


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
        for ratio in (days / ours for days in _DAYS.values()):
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
