"""Printed numbers beside values: what a reader may take a text to mean."""

from __future__ import annotations

import re
from math import isinf, isnan

N = r"(?:<0\.01|−?∞|−?\d[\d\u00a0]*(?:\.\d+)?)"
P = r"P (?:= \.\d+|< \.001|> \.99|= 1|not estimable)"
CI = rf"\d+(?:\.\d+)?% CI (?:{N}(?:–| to ){N}|not estimable)"
RATIO = rf"(?:{N} \({CI}\)|not estimable)"
_INTERVAL = re.compile(rf"(?P<level>[\d.]+)% CI (?:(?P<low>{N})(?:–| to )(?P<high>{N})|not est.*)")
_LAST = 1e-9  # what binary arithmetic may lose of an exact half


def number(text: str) -> float:
    text = text.replace("<0.01", "0.005")
    return float(text.replace("\u00a0", "").replace("−", "-").replace("∞", "inf"))


def agrees(text: str, value: float, *, scale: float = 1, digits: int = 0) -> bool:
    """Whether a value, times `scale`, is written so; `digits` where trailing zeros are dropped."""
    if text in ("not estimable", "not reached") or isnan(value):
        return text in ("not estimable", "not reached") and isnan(value)
    if "∞" in text or isinf(value):
        return "∞" in text and value == number(text)
    if text == "<0.01":
        return 0 <= value * scale < 0.005
    decimals = max(len(text.partition(".")[2]), digits)
    off = abs(number(text) - value * scale)
    return off <= 0.5 * 10**-decimals + _LAST * max(1, abs(value * scale))


def agrees_p(text: str, value: float) -> bool:
    """Whether `P = .013`, `P < .001`, `P > .99` or `P not estimable` is this P value."""
    if text == "P not estimable" or isnan(value):
        return text == "P not estimable" and isnan(value)
    if text == "P < .001":
        return value < 0.001
    if text == "P > .99":
        return value >= 0.995 - _LAST
    return value >= 0.001 and agrees("0" + text.removeprefix("P = "), value)


def interval(text: str) -> tuple[float, str, str]:
    """The level of `95% CI 0.7–2.1` in percent, and both ends as printed."""
    match = _INTERVAL.fullmatch(text)
    assert match, text
    ends = [match[x] or "not estimable" for x in ("low", "high")]
    return float(match["level"]), ends[0], ends[1]
