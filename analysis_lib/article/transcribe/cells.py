"""What a cell of a printed table holds: `37 (43)`, `48 (18-79)`, `1.20 (0.71-2.03)`, `<.0001`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

PERCENT, RATIO, P_VALUE, MEDIAN, MEAN, SURVIVAL, NUMBER = (
    *("percent", "ratio", "p", "median", "mean", "survival", "number"),
)
QUARTILES, INCIDENCE, ENDS, LOW, HIGH = "quartiles", "incidence", "ends", "low", "high"
MEDIAN_CI, PERCENT_CI = "median with its interval", "percent with its interval"
MEDIAN_ALONE = "median alone"  # with a range or quartiles: neither label nor note says it
MEAN_ERROR = "mean with its standard error"
UNTOLD = "a number of each patient"  # mean, median or count: neither label nor note says it
EMPTY = {"", "-", "\u2013", "\u2014", "\u2212", "...", "\u2026", "na", "n/a", "ref", "reference"}
_NUMBER = r"(?:\d+(?:[.]\d+)?|[.]\d+)"
_SIGN = r"(?P<sign>[<>~=]|<=|>=|\u2264|\u2265)?"
_SIGNS = {"\u2264": "<=", "\u2265": ">=", None: "=", "": "="}
# Signs and letters of footnotes, also raised ones, and a letter that has come down from there.
_MARKS = re.compile(
    "[*\u2020\u2021\u00a7\u00b6\u2016\u00b9\u00b2\u00b3\u2070-\u207f\u1d43-\u1d6a]|#+$"
    r"|(?<=[\d)%\]])[a-h](?=$|\s*[(\[])"
)
_KINDS: dict[str, str] = {
    **dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f", " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u00b7\u2219\u22c5", "."),
}
_ONE_KIND = {ord(sign): plain for sign, plain in _KINDS.items()}
_BETWEEN = r"\s*(?:-|;|to|,)\s*"
_FORMS = {
    "share": re.compile(
        rf"(?P<count>\d+)(?:\s*(?:/|of)\s*(?P<total>\d+))?\s*[(\[]\s*(?P<under><)?"
        rf"\s*(?P<percent>{_NUMBER})\s*%?\s*[)\]]"
    ),
    "percent first": re.compile(
        rf"(?P<percent>{_NUMBER})\s*%\s*[(\[]\s*(?:n\s*=\s*)?(?P<count>\d+)"
        r"(?:\s*/\s*(?P<total>\d+))?\s*[)\]]"
    ),
    "percent of": re.compile(
        rf"(?P<percent>{_NUMBER})\s*%?\s*[(\[]\s*(?P<count>\d+)\s*/\s*(?P<total>\d+)\s*[)\]]"
    ),
    "estimate": re.compile(rf"{_NUMBER}\s*%\s*[(\[].*"),
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
    """One kind of dash, space and decimal point; no marks of footnotes, no commas of thousands."""
    text = " ".join(text.translate(_ONE_KIND).split())
    if re.fullmatch(r"[<>]?\s*\d+,\d{1,2}", text):
        text = text.replace(",", ".")  # a decimal comma alone in its cell
    text = re.sub(r"(\d*\.\d+),(?=-?\d*\.\d)", r"\1, ", text)  # (0.80,1.05)
    return _MARKS.sub("", re.sub(r"(?<=\d)[, ](?=\d{3}(?!\d))", "", text)).strip()


def has_decimal_commas(texts: Iterable[str]) -> bool:
    """Whether the numbers of a table have commas, and none of them a point.

    `(39,60)` alone in its brackets may be a range, `(60,5)` none.
    """
    known = [text.translate(_ONE_KIND) for text in texts]
    if any(re.search(r"\d\.\d|(?<![\w.])\.\d", text) for text in known):
        return False
    number = re.compile(r"(?P<open>[(\[]?)(?<![\d,.])(\d+),(\d{1,2}|(?<=\b0,)\d+)(?![\d,])")
    return any(
        not match["open"] or match[2] == "0" or int(match[2]) > int(match[3])
        for text in known
        for match in number.finditer(text)
    )


def with_points(text: str) -> str:
    """A cell of a table with decimal commas."""
    return re.sub(r"(?<=\d),(?=\d)", ".", text)


def read_cell(text: str, kind: str) -> Cell:
    """The numbers of a cell that a row or column says to be of a kind.

    kind : `count` or one of the kinds above. What a NUMBER has before its brackets is a count with
        its percent; an interval is then left, since it may be of a median, a mean or an estimate.
    """
    content = plain(text)
    if content.casefold() in EMPTY:
        return Cell()
    readers = {
        P_VALUE: _p_value, RATIO: _ratio, MEAN: _mean, MEDIAN: _median, SURVIVAL: _survival,
        QUARTILES: _quartiles, ENDS: _ends, PERCENT: _percent, INCIDENCE: _incidence,
        MEDIAN_CI: _median_ci, PERCENT_CI: _percent_ci, UNTOLD: _untold, LOW: _low, HIGH: _high,
        MEDIAN_ALONE: _median_alone, MEAN_ERROR: _mean_error,
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
    forms = (_FORMS[name] for name in ("share", "percent first", "percent of"))
    match = next(filter(None, (form.fullmatch(text) for form in forms)), None)
    if match is not None:
        sign = match.groupdict().get("under") or "="
        numbers = (
            Printed("count", match["count"], unit="patients"),
            Printed("proportion", _value(match["percent"]), sign, "%"),
        )
        return Cell(numbers, match["total"] or "")
    if _FORMS["estimate"].fullmatch(text):
        return _three(text, ("proportion", "proportion_ci_low", "proportion_ci_high"), "%")
    match = _FORMS["fraction"].fullmatch(text)
    if match is not None:
        return Cell((Printed("count", match["count"], unit="patients"),), match["total"])
    if _FORMS["percent"].fullmatch(text):
        return _percent(text)
    if re.fullmatch(r"\d+", text):
        return Cell((Printed("count", text, unit="patients"),))
    return _mean(text) if _FORMS["mean"].fullmatch(text) else None


def _untold(text: str) -> Cell | None:
    """Of a variable that is a number: a plus-minus tells the mean, and n/N (%) the count."""
    shown = _FORMS["share"].fullmatch(text)
    told = _FORMS["mean"].fullmatch(text) or (shown and (shown["total"] or "%" in text))
    return _share(text) if told else None


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


def _low(text: str) -> Cell | None:
    return _end(text, "hazard_ratio_ci_low")


def _high(text: str) -> Cell | None:
    return _end(text, "hazard_ratio_ci_high")


def _end(text: str, name: str) -> Cell | None:
    match = _FORMS["number"].fullmatch(text)
    return Cell((Printed(name, _value(match["value"])),)) if match is not None else None


def _median(text: str) -> Cell | None:
    if _FORMS["interval"].fullmatch(text):
        return _three(text, ("median", "minimum", "maximum"))
    match = _FORMS["number"].fullmatch(text)
    if match is None:
        return None
    sign = _SIGNS.get(match["sign"], match["sign"] or "=")
    return Cell((Printed("median", _value(match["value"]), sign),))


def _median_alone(text: str) -> Cell | None:
    """The median; the two numbers behind it are left."""
    found = _median(text)
    if found is None or len(found.numbers) < 2:
        return found
    return Cell(found.numbers[:1], left=text.partition(" ")[2])


def _quartiles(text: str) -> Cell | None:
    return _three(text, ("median", "quartile_1", "quartile_3"))


def _mean(text: str) -> Cell | None:
    match = _FORMS["mean"].fullmatch(text) or _FORMS["pair"].fullmatch(text)
    alone = _FORMS["number"].fullmatch(text)
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
    """An estimate, with both ends of its interval or alone."""
    three = _three(text, (name, f"{name}_ci_low", f"{name}_ci_high"), unit)
    alone = _FORMS["number"].fullmatch(text)
    if three is None and alone is not None:
        sign = _SIGNS.get(alone["sign"], alone["sign"] or "=")
        return Cell((Printed(name, _value(alone["value"]), sign, unit),))
    return three
