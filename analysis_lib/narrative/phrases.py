"""What an estimate and its interval say, and what they do not.

A P value above .05 never becomes "no effect": the sentence names what the interval is
compatible with.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from analysis_lib.analyses import Key, Results
from analysis_lib.format import (
    MARK,
    format_confidence,
    format_interval,
    format_p_statement,
    format_points,
    format_ratio,
    is_suppressed,
)

DOUBLED, HALVED = 2.0, 0.5


@dataclass(frozen=True)
class Estimate:
    """A number with its interval, as a sentence reads them."""

    value: float
    low: float
    high: float
    confidence_level: float

    def interval(self, formatter: Callable[[float], str]) -> str:
        """`95% CI 0.71–2.03`."""
        level = format_confidence(self.confidence_level)
        return f"{level} {format_interval(self.low, self.high, formatter)}"


def unless_withheld(text: str, *values: float) -> str:
    """What to say where there is no number; no more than its mark where one is withheld."""
    return MARK if any(is_suppressed(x) for x in values) else text


def hazard_sentence(subject: str, reference: str, event: str, estimate: Estimate) -> str:
    """Reads a hazard ratio (estimate, low, high) of `subject` against `reference`."""
    ratio, low, high = estimate.value, estimate.low, estimate.high
    if not math.isfinite(ratio):
        return unless_withheld(
            f"The hazard ratio of {event} for {subject} against {reference} is not estimable.",
            ratio,
        )
    numbers = f"hazard ratio {format_ratio(ratio)}, {estimate.interval(format_ratio)}"
    if low > 1:
        return f"The hazard of {event} was higher in {subject} than in {reference} ({numbers})."
    if high < 1:
        return f"The hazard of {event} was lower in {subject} than in {reference} ({numbers})."
    return (
        f"The hazard of {event} did not differ clearly between {subject} and {reference} "
        f"({numbers}); {compatible(low, high)}."
    )


def compatible(low: float, high: float) -> str:
    """What an interval that contains 1 does not rule out."""
    doubled, halved = high >= DOUBLED, low <= HALVED
    if doubled and halved:
        return "the interval is compatible with a halved as well as with a doubled hazard"
    if doubled:
        return "the interval is compatible with a doubled hazard and does not show equality"
    if halved:
        return "the interval is compatible with a halved hazard and does not show equality"
    return "the interval excludes both a halved and a doubled hazard"


def difference_sentence(
    what: str, subject: str, reference: str, estimate: Estimate, p_value: float | None
) -> str:
    """Reads a risk difference of `subject` against `reference`, with P if the test is theirs."""
    difference, low, high = estimate.value, estimate.low, estimate.high
    if not math.isfinite(difference):
        return unless_withheld(
            f"The difference in {what} between {subject} and {reference} is not estimable.",
            difference,
        )
    numbers = (
        f"difference {format_points(difference, 1)} percentage points, {estimate.interval(_points)}"
    )
    if p_value is not None:
        numbers += f", {format_p_statement(p_value)}{_apart(estimate, p_value)}"
    if low > 0:
        return f"{capital(what)} was more frequent in {subject} than in {reference} ({numbers})."
    if high < 0:
        return f"{capital(what)} was less frequent in {subject} than in {reference} ({numbers})."
    return (
        f"The frequency of {what} did not differ clearly between {subject} and {reference} "
        f"({numbers})."
    )


def _apart(estimate: Estimate, p_value: float) -> str:
    """Interval and test are computed differently, and near the bound may disagree on zero."""
    excludes = estimate.low > 0 or estimate.high < 0
    below = p_value < 1 - estimate.confidence_level
    return "" if math.isnan(p_value) or excludes == below else "; interval and test disagree"


def _points(value: float) -> str:
    return format_points(value, 1)


def capital(text: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return text[0].upper() + text[1:]


def estimate_of(results: Results, key: Key, statistic: str) -> Estimate:
    """An estimate with both ends of its interval."""
    value, low, high = (
        results.value(key._replace(statistic=name))
        for name in (statistic, f"{statistic}_ci_low", f"{statistic}_ci_high")
    )
    return Estimate(value, low, high, results.confidence_level)
