"""How far the exposure's hazard ratio moves with choices that could have gone the other way."""

from __future__ import annotations

import statistics

from analysis_lib.analyses.curve import (
    DIMENSIONS,
    PRIMARY,
    PUBLISHED_AS,
    Point,
    SpecificationCurve,
)
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import format_count, format_interval, format_ratio
from analysis_lib.labels import listed
from analysis_lib.narrative.prose import Prose, escape, paragraph

NAMED = ((PRIMARY, "the primary model is the"), (PUBLISHED_AS, "the article's model the"))


def describe_specification_curve(curve: SpecificationCurve, dictionary: Dictionary) -> Prose:
    """Number, middle and range of the estimates; where the chosen ones stand; what moves them."""
    return paragraph(
        *(
            _of_contrast(curve, outcome, level, dictionary)
            for outcome in curve.endpoints
            for level in curve.exposure.levels[1:]
        )
    )


def _of_contrast(
    curve: SpecificationCurve, outcome: str, level: str, dictionary: Dictionary
) -> str:
    points = curve.of(outcome, level)
    who = escape(curve.exposure.phrase_of(level))
    name = escape(dictionary[outcome].label)
    if not points:
        return f"{name}, {who}: no specification gives an estimate."
    ratios = [x.hazard_ratio for x in points]
    clear = sum(x.excludes_one for x in points)
    ends = format_interval(ratios[0], ratios[-1], format_ratio)
    sentences = [
        f"{name}, {who}: {format_count(len(points))} specifications give hazard ratios of {ends}, "
        f"in the middle {format_ratio(statistics.median(ratios))}; "
        f"{format_count(clear)} of their intervals exclude 1.",
        _ranks(points),
        _widest(points),
    ]
    return " ".join(x for x in sentences if x)


def _ranks(points: list[Point]) -> str:
    named = [
        f"{words} {_ordinal(rank)}"
        for choices, words in NAMED
        for rank, point in enumerate(points, start=1)
        if point.choices == choices
    ]
    return f"Counted from the smallest, {listed(named)}." if named else ""


def _widest(points: list[Point]) -> str:
    """The choice whose options are farthest apart, each by the median of its estimates."""
    spreads = []
    for dimension, (heading, labels) in DIMENSIONS.items():
        medians = _medians(points, dimension)
        if len(medians) > 1:
            low, high = (pick(medians, key=lambda x: medians[x]) for pick in (min, max))
            spreads.append((medians[high] / medians[low], heading, labels, low, high, medians))
    if not spreads:
        return ""
    _, heading, labels, low, high, medians = max(spreads, key=lambda x: x[0])
    return (
        f"The choice that moves them most is {_quoted(heading)}: the median is "
        f"{format_ratio(medians[low])} with {_quoted(labels[low])} and "
        f"{format_ratio(medians[high])} with {_quoted(labels[high])}."
    )


def _medians(points: list[Point], dimension: str) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for point in points:
        found.setdefault(getattr(point.choices, dimension), []).append(point.hazard_ratio)
    return {option: statistics.median(values) for option, values in found.items()}


def _quoted(text: str) -> str:
    return f"“{lower_first(text)}”"


def _ordinal(number: int) -> str:
    suffix = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{suffix}"
