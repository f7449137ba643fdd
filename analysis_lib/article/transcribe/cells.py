"""What a cell of a printed table holds: `37 (43)`, `48 (18-79)`, `1.20 (0.71-2.03)`, `<.0001`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from analysis_lib.article.transcribe.forms import FORMS
from analysis_lib.article.transcribe.texts import plain

PERCENT, RATIO, P_VALUE, MEDIAN, MEAN, SURVIVAL, NUMBER = (
    *("percent", "ratio", "p", "median", "mean", "survival", "number"),
)
QUARTILES, INCIDENCE, ENDS, LOW, HIGH = "quartiles", "incidence", "ends", "low", "high"
MEDIAN_CI, PERCENT_CI = "median with its interval", "percent with its interval"
MEDIAN_ALONE = "median alone"  # with a range or quartiles: neither label nor note says it
PERCENT_COUNT = "percent with its count"
MEAN_ERROR = "mean with its standard error"
RANGE, MIDDLE_HALF = "range", "middle half"  # with a median before it, or in a row of its own
DEVIATION, MINIMUM, MAXIMUM = "standard_deviation", "minimum", "maximum"
MEASURED = (
    *(MEDIAN, MEAN, QUARTILES, MEDIAN_ALONE, MEAN_ERROR),
    *(RANGE, MIDDLE_HALF, DEVIATION, MINIMUM, MAXIMUM),
)  # what a label can say of a variable that is a number
UNTOLD = "a number of each patient"  # mean, median or count: neither label nor note says it
EMPTY = {"", "-", "\u2013", "\u2014", "\u2212", "...", "\u2026", "na", "n/a"}
EMPTY |= {"ref", "ref.", "reference", "referent"}
_SIGNS = {"\u2264": "<=", "\u2265": ">=", None: "=", "": "="}
_IN_A_ROW = (DEVIATION, MINIMUM, MAXIMUM)


@dataclass(frozen=True)
class Printed:
    """A number as a claims file holds it: digits and a point, its sign apart."""

    statistic: str
    value: str
    comparator: str = "="
    unit: str = ""

    @property
    def decimals(self) -> int:
        return len(self.value.partition(".")[2])


@dataclass(frozen=True)
class Cell:
    """The numbers of a cell, the denominator that it prints, and what is left out of it."""

    numbers: tuple[Printed, ...] = ()
    total: str = ""
    left: str = ""


def read_cell(text: str, kind: str) -> Cell:
    """The numbers of a cell that a row or column says to be of a kind.

    kind : `count` or one of the kinds above. What a NUMBER has before its brackets is a count with
        its percent; an interval is then left, since it may be of a median, a mean or an estimate.
    """
    content = plain(text)
    if content.casefold() in EMPTY:
        return Cell()
    readers: dict[str, Callable[[str], Cell | None]] = {
        P_VALUE: _p_value, RATIO: _ratio, MEAN: _mean, MEDIAN: _median, SURVIVAL: _survival,
        QUARTILES: _quartiles, ENDS: _ends, PERCENT: _percent, INCIDENCE: _incidence,
        MEDIAN_CI: _median_ci, PERCENT_CI: _percent_ci, UNTOLD: _untold, LOW: _low, HIGH: _high,
        PERCENT_COUNT: _percent_count, MEDIAN_ALONE: _median_alone, MEAN_ERROR: _mean_error,
        RANGE: _range, MIDDLE_HALF: _middle_half,
        **{name: partial(_one, name=name) for name in _IN_A_ROW},
    }  # fmt: skip
    if kind in MEASURED or kind == MEDIAN_CI:
        content = FORMS["unit"].sub("", content)
    found = readers.get(kind, _share)(content)
    return found if found is not None else Cell(left=text.strip())


def _value(text: str) -> str:
    return f"0{text}" if text.startswith(".") else text


def _p_value(text: str) -> Cell | None:
    alone = FORMS["after a test"].sub("", re.sub(r"^p\s*", "", text, flags=re.IGNORECASE))
    if tiny := FORMS["tiny"].fullmatch(alone.removeprefix("=").strip()):
        value = Decimal(tiny["digits"]).scaleb(-int(tiny["power"]))
        return Cell((Printed("p_value", f"{value:f}", tiny["sign"] or "="),))
    match = FORMS["number"].fullmatch(alone)
    if match is None or float(match["value"]) > 1:
        return None
    sign = _SIGNS.get(match["sign"], match["sign"] or "=")
    return Cell((Printed("p_value", _value(match["value"]), sign),))


def _share(text: str) -> Cell | None:
    forms = (FORMS[name] for name in ("share", "listed", "percent first", "percent of"))
    match = next(filter(None, (form.fullmatch(text) for form in forms)), None)
    if match is not None:
        sign = match.groupdict().get("under") or "="
        numbers = (
            Printed("count", match["count"], unit="patients"),
            Printed("proportion", _value(match["percent"]), sign, "%"),
        )
        return Cell(numbers, match.groupdict().get("total") or "")
    if FORMS["estimate"].fullmatch(text):
        return _three(text, ("proportion", "proportion_ci_low", "proportion_ci_high"), "%")
    match = FORMS["fraction"].fullmatch(text)
    if match is not None:
        return Cell((Printed("count", match["count"], unit="patients"),), match["total"])
    if FORMS["percent"].fullmatch(text):
        return _percent(text)
    alone = FORMS["without percent"].fullmatch(text) or re.fullmatch(r"(?P<count>\d+)", text)
    if alone is not None:
        return Cell((Printed("count", alone["count"], unit="patients"),))
    return _mean(text) if FORMS["mean"].fullmatch(text) else None


def _percent_count(text: str) -> Cell | None:
    """`45 (38)`, the percent first."""
    match = FORMS["pair"].fullmatch(text.replace("%", ""))
    if match is None or not match["spread"].isdigit():
        return _share(text)
    count = Printed("count", match["spread"], unit="patients")
    return Cell((count, Printed("proportion", _value(match["value"]), unit="%")))


def _untold(text: str) -> Cell | None:
    """Of a variable that is a number: a plus-minus tells the mean, and n/N (%) the count."""
    shown = FORMS["share"].fullmatch(text)
    told = FORMS["mean"].fullmatch(text) or (shown and (shown["total"] or "%" in text))
    return _share(text) if told else None


def _percent(text: str) -> Cell | None:
    match = FORMS["number"].fullmatch(text)
    if match is None:
        return None
    sign = _SIGNS.get(match["sign"], match["sign"] or "=")
    return Cell((Printed("proportion", _value(match["value"]), sign, "%"),))


def _three(text: str, names: tuple[str, str, str], unit: str = "") -> Cell | None:
    match = FORMS["interval"].fullmatch(text)
    if match is None:
        return None
    parts = zip(names, (match["value"], match["low"], match["high"]), strict=True)
    numbers = [(name, value) for name, value in parts if value[-1].isdigit()]
    left = ", ".join(x for x in (match["low"], match["high"]) if not x[-1].isdigit())
    return Cell(tuple(Printed(n, _value(v), unit=unit) for n, v in numbers), left=left)


def _ratio(text: str) -> Cell | None:
    three = _three(text, ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high"))
    alone = FORMS["number"].fullmatch(text)
    if three is None and alone is not None:
        return Cell((Printed("hazard_ratio", _value(alone["value"])),))
    return three


def _ends(text: str) -> Cell | None:
    return _two(text, ("hazard_ratio_ci_low", "hazard_ratio_ci_high"))


def _two(text: str, names: tuple[str, str], unit: str = "") -> Cell | None:
    match = FORMS["ends"].fullmatch(text)
    if match is None:
        return None
    parts = tuple(zip(names, (match["low"], match["high"]), strict=True))
    left = ", ".join(x for _, x in parts if not x[-1].isdigit())
    ends = (Printed(n, _value(x), unit=unit) for n, x in parts if x[-1].isdigit())
    return Cell(tuple(ends), left=left)


def _low(text: str) -> Cell | None:
    return _one(text, "hazard_ratio_ci_low")


def _high(text: str) -> Cell | None:
    return _one(text, "hazard_ratio_ci_high")


def _one(text: str, name: str) -> Cell | None:
    match = FORMS["number"].fullmatch(text)
    return Cell((Printed(name, _value(match["value"])),)) if match is not None else None


def _median(text: str) -> Cell | None:
    if FORMS["interval"].fullmatch(text):
        return _three(text, ("median", "minimum", "maximum"))
    match = FORMS["number"].fullmatch(text)
    if match is None:
        return None
    sign = _SIGNS.get(match["sign"], match["sign"] or "=")
    return Cell((Printed("median", _value(match["value"]), sign),))


def _median_alone(text: str) -> Cell | None:
    """The median; the two numbers behind it are left, unless the cell says what they are."""
    if re.search(r"\b(?:iqr|range)\b", text, re.IGNORECASE):
        return _quartiles(text) if "iqr" in text.casefold() else _median(text)
    found = _median(text)
    if found is None or len(found.numbers) < 2:
        return found
    return Cell(found.numbers[:1], left=text.partition(" ")[2])


def _quartiles(text: str) -> Cell | None:
    return _three(text, ("median", "quartile_1", "quartile_3"))


def _range(text: str) -> Cell | None:
    return _three(text, ("median", "minimum", "maximum")) or _two(text, ("minimum", "maximum"))


def _middle_half(text: str) -> Cell | None:
    return _quartiles(text) or _two(text, ("quartile_1", "quartile_3"))


def _mean(text: str) -> Cell | None:
    match = FORMS["mean"].fullmatch(text) or FORMS["pair"].fullmatch(text)
    alone = FORMS["number"].fullmatch(text)
    if match is None:
        return Cell((Printed("mean", _value(alone["value"])),)) if alone else None
    return Cell(
        (
            Printed("mean", _value(match["value"])),
            Printed("standard_deviation", _value(match["spread"])),
        )
    )


def _mean_error(text: str) -> Cell | None:
    """The mean; its standard error is left."""
    found = _mean(text)
    if found is None or len(found.numbers) < 2:
        return found
    return Cell(found.numbers[:1], left=text.partition(" ")[2])


def _survival(text: str) -> Cell | None:
    return _with_ends(text, "survival", "%")


def _incidence(text: str) -> Cell | None:
    return _with_ends(text, "incidence", "%")


def _median_ci(text: str) -> Cell | None:
    return _with_ends(text, "median", "months")


def _percent_ci(text: str) -> Cell | None:
    return _with_ends(text, "proportion", "%") or _share(text)


def _with_ends(text: str, name: str, unit: str) -> Cell | None:
    """An estimate with both ends of its interval, either of them alone."""
    ends = f"{name}_ci_low", f"{name}_ci_high"
    three = _three(text, (name, *ends), unit) or _two(text.replace("%", ""), ends, unit)
    alone = FORMS["number"].fullmatch(text)
    if three is None and alone is not None:
        sign = _SIGNS.get(alone["sign"], alone["sign"] or "=")
        return Cell((Printed(name, _value(alone["value"]), sign, unit),))
    return three
