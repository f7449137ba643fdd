"""What a cell of a printed table holds: `37 (43)`, `48 (18-79)`, `1.20 (0.71-2.03)`, `<.0001`."""

from __future__ import annotations

import re
from dataclasses import dataclass

PERCENT, RATIO, P_VALUE, MEDIAN, MEAN, SURVIVAL, NUMBER = (
    *("percent", "ratio", "p", "median", "mean", "survival", "number"),
)
EMPTY = {"", "-", "\u2013", "\u2014", "\u2212", "...", "\u2026", "na", "n/a", "ref", "reference"}
_NUMBER = r"(?:\d+(?:[.]\d+)?|[.]\d+)"
_SIGN = r"(?P<sign>[<>~=]|<=|>=|\u2264|\u2265)?"
_SIGNS = {"\u2264": "<=", "\u2265": ">=", None: "=", "": "="}
_MARKS = re.compile(r"[*\u2020\u2021\u00a7\u00b6#]+$|(?<=\d)[a-h]$")
_BETWEEN = r"\s*(?:-|,|;|to)\s*"
_FORMS = {
    "share": re.compile(
        rf"(?P<count>\d+)(?:\s*(?:/|of)\s*(?P<total>\d+))?\s*[(\[]\s*(?P<under><)?"
        rf"\s*(?P<percent>{_NUMBER})\s*%?\s*[)\]]"
    ),
    "fraction": re.compile(r"(?P<count>\d+)\s*(?:/|of)\s*(?P<total>\d+)"),
    "percent": re.compile(rf"(?P<percent>{_NUMBER})\s*%"),
    "interval": re.compile(
        rf"(?P<value>-?{_NUMBER})\s*%?\s*[(\[]\s*(?:(?:95%\s*)?CI|IQR|range)?[,:;\s]*"
        rf"(?P<low>-?{_NUMBER}|NE|NR)\s*%?{_BETWEEN}(?P<high>-?{_NUMBER}|NE|NR|inf)\s*%?\s*[)\]]",
        re.IGNORECASE,
    ),
    "ends": re.compile(
        rf"[(\[]?\s*(?P<low>{_NUMBER}|NE|NR){_BETWEEN}(?P<high>{_NUMBER}|NE|NR)\s*[)\]]?",
        re.IGNORECASE,
    ),
    "mean": re.compile(rf"(?P<value>-?{_NUMBER})\s*(?:\u00b1|\+/-|\+-)\s*(?P<spread>{_NUMBER})"),
    "pair": re.compile(rf"(?P<value>-?{_NUMBER})\s*[(\[]\s*(?P<spread>{_NUMBER})\s*[)\]]"),
    "number": re.compile(rf"{_SIGN}\s*(?P<value>-?{_NUMBER})\s*%?"),
}


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


def plain(text: str) -> str:
    """One kind of dash, space, bracket and decimal point; no marks of footnotes."""
    for old, new in (("\u00a0", " "), ("\u2009", " "), ("\u00b7", "."), ("\u2013", "-")):
        text = text.replace(old, new)
    text = " ".join(text.replace("\u2212", "-").replace("\u2014", "-").split())
    if re.fullmatch(r"[<>]?\s*\d+,\d{1,2}", text):
        text = text.replace(",", ".")  # a decimal comma alone in its cell
    return _MARKS.sub("", re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)).strip()


def read_cell(text: str, kind: str) -> Cell:
    """The numbers of a cell that a row or column says to be of a kind.

    kind : `count` or one of PERCENT, RATIO, P_VALUE, MEDIAN, MEAN, SURVIVAL, NUMBER, or `quartiles`
        and `ends` of an interval.
    """
    content = plain(text)
    if content.casefold() in EMPTY:
        return Cell()
    readers = {
        P_VALUE: _p_value, RATIO: _ratio, MEAN: _mean, MEDIAN: _median, SURVIVAL: _survival,
        "quartiles": _quartiles, "ends": _ends, PERCENT: _percent,
    }  # fmt: skip
    found = readers.get(kind, _share)(content)
    return found if found is not None else Cell(left=text.strip())


def _value(text: str) -> str:
    return f"0{text}" if text.startswith(".") else text


def _p_value(text: str) -> Cell | None:
    match = _FORMS["number"].fullmatch(re.sub(r"^p\s*", "", text, flags=re.IGNORECASE))
    if match is None or float(match["value"]) > 1:
        return None
    sign = _SIGNS.get(match["sign"], match["sign"] or "=")
    return Cell((Printed("p_value", _value(match["value"]), sign),))


def _share(text: str) -> Cell | None:
    match = _FORMS["share"].fullmatch(text)
    if match is not None:
        numbers = (
            Printed("count", match["count"], unit="patients"),
            Printed("proportion", _value(match["percent"]), match["under"] or "=", "%"),
        )
        return Cell(numbers, match["total"] or "")
    match = _FORMS["fraction"].fullmatch(text)
    if match is not None:
        return Cell((Printed("count", match["count"], unit="patients"),), match["total"])
    if _FORMS["percent"].fullmatch(text):
        return _percent(text)
    if re.fullmatch(r"\d+", text):
        return Cell((Printed("count", text, unit="patients"),))
    if _FORMS["interval"].fullmatch(text):
        return _median(text)
    return _mean(text) if _FORMS["mean"].fullmatch(text) else None


def _percent(text: str) -> Cell | None:
    match = _FORMS["number"].fullmatch(text)
    if match is None:
        return None
    sign = _SIGNS.get(match["sign"], match["sign"] or "=")
    return Cell((Printed("proportion", _value(match["value"]), sign, "%"),))


def _three(text: str, names: tuple[str, str, str], unit: str = "") -> Cell | None:
    match = _FORMS["interval"].fullmatch(text)
    if match is None:
        return None
    parts = zip(names, (match["value"], match["low"], match["high"]), strict=True)
    numbers = [(name, value) for name, value in parts if value[-1].isdigit()]
    left = ", ".join(x for x in (match["low"], match["high"]) if not x[-1].isdigit())
    return Cell(tuple(Printed(n, _value(v), unit=unit) for n, v in numbers), left=left)


def _ratio(text: str) -> Cell | None:
    three = _three(text, ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high"))
    alone = _FORMS["number"].fullmatch(text)
    if three is None and alone is not None:
        return Cell((Printed("hazard_ratio", _value(alone["value"])),))
    return three


def _ends(text: str) -> Cell | None:
    match = _FORMS["ends"].fullmatch(text)
    if match is None:
        return None
    names = (("hazard_ratio_ci_low", match["low"]), ("hazard_ratio_ci_high", match["high"]))
    left = ", ".join(x for _, x in names if not x[-1].isdigit())
    return Cell(tuple(Printed(n, _value(x)) for n, x in names if x[-1].isdigit()), left=left)


def _median(text: str) -> Cell | None:
    if _FORMS["interval"].fullmatch(text):
        return _three(text, ("median", "minimum", "maximum"))
    match = _FORMS["number"].fullmatch(text)
    if match is None:
        return None
    sign = _SIGNS.get(match["sign"], match["sign"] or "=")
    return Cell((Printed("median", _value(match["value"]), sign),))


def _quartiles(text: str) -> Cell | None:
    return _three(text, ("median", "quartile_1", "quartile_3"))


def _mean(text: str) -> Cell | None:
    match = _FORMS["mean"].fullmatch(text) or _FORMS["pair"].fullmatch(text)
    if match is None:
        return None
    return Cell(
        (
            Printed("mean", _value(match["value"])),
            Printed("standard_deviation", _value(match["spread"])),
        )
    )


def _survival(text: str) -> Cell | None:
    three = _three(text, ("survival", "survival_ci_low", "survival_ci_high"), "%")
    alone = _FORMS["number"].fullmatch(text)
    if three is None and alone is not None:
        sign = _SIGNS.get(alone["sign"], alone["sign"] or "=")
        return Cell((Printed("survival", _value(alone["value"]), sign, "%"),))
    return three
