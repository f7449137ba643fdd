"""How far the exposure's hazard ratio moves with choices that could have gone the other way."""

from __future__ import annotations

from collections.abc import Iterable

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.random_part import origin_sentence
from analysis_lib.format import agreeing, counted, format_count, format_interval, format_ratio
from analysis_lib.labels import listed
from analysis_lib.marks import alike
from analysis_lib.results.rows import Key, Results, unless_omitted
from analysis_lib.show.prose import Prose, escape, group_phrase, paragraph
from analysis_lib.topics.specifications.choices import DIMENSIONS, option_analysis
from analysis_lib.topics.specifications.numbers import SpecificationCurve, summary_key


@unless_omitted
def describe_specification_curve(curve: SpecificationCurve) -> Prose:
    """Number, middle and range of the estimates; where the chosen ones stand; what moves them."""
    origin = summary_key(curve.exposure, curve.endpoints[0], curve.exposure.levels[1])
    return paragraph(
        *(
            _of_contrast(curve, outcome, level)
            for outcome in curve.endpoints
            for level in curve.exposure.levels[1:]
        ),
        origin_sentence(curve.results, origin),
    )


def _of_contrast(curve: SpecificationCurve, outcome: str, level: str) -> str:
    results, key = curve.results, summary_key(curve.exposure, outcome, level)
    who = group_phrase(curve.exposure, level)
    name = escape(results.dictionary[outcome].label)
    if not results.has(key, "specifications"):
        return f"{name}, {who}: no specification gives an estimate."
    count, clear, lowest, highest, middle = results.values(
        key,
        "specifications",
        "excluding_one",
        "lowest_hazard_ratio",
        "highest_hazard_ratio",
        "median_hazard_ratio",
    )
    sentences = [
        f"{name}, {who}: {counted(count, 'specification')} "
        f"{agreeing(count, 'gives', 'give')} hazard ratios of "
        f"{format_interval(lowest, highest, format_ratio)}, in the middle {format_ratio(middle)}; "
        f"{format_count(clear)} of their intervals {agreeing(clear, 'excludes', 'exclude')} 1.",
        _ranks(curve, outcome, level),
        _widest(results, key),
    ]
    return " ".join(x for x in sentences if x)


def _ranks(curve: SpecificationCurve, outcome: str, level: str) -> str:
    named: list[str] = []
    reported = curve.reported[outcome, level]
    for choices, words in zip(reported, ("the primary model", "model A"), strict=True):
        point = curve.point(choices, outcome, level)
        if point is not None:
            rank = curve.results.value(point.key, "rank")
            is_the = "the" if named else "is the"
            named.append(f"{words} {is_the} {_ordinal(rank)}")
    return f"Counted from the smallest, {listed(named)}." if named else ""


def _widest(results: Results, key: Key) -> str:
    """The choice whose options are farthest apart, each by the median of its estimates."""
    spreads = []
    for dimension, (heading, labels) in DIMENSIONS.items():
        medians = _medians(results, key, dimension, labels)
        if len(medians) > 1:
            low, high = (pick(medians, key=lambda x: medians[x]) for pick in (min, max))
            spreads.append((medians[high] / medians[low], heading, labels, low, high, medians))
    if not spreads:
        return ""
    own_words = results.dictionary.own_words
    _, heading, labels, low, high, medians = max(spreads, key=lambda x: x[0])
    least, most = format_ratio(medians[low]), format_ratio(medians[high])
    if alike([least], [most]):
        return f"No choice moves their median, {least}, by a digit that is shown."
    return (
        f"The choice that moves them most is {_quoted(heading)}: the median is "
        f"{least} with {_quoted(own_words(labels[low]))} and "
        f"{most} with {_quoted(own_words(labels[high]))}."
    )


def _medians(
    results: Results, key: Key, dimension: str, options: Iterable[str]
) -> dict[str, float]:
    of = {x: key._replace(analysis=option_analysis(dimension, x)) for x in options}
    medians = {x: at._replace(statistic="median_hazard_ratio") for x, at in of.items()}
    return {x: results.value(at) for x, at in medians.items() if results.has(at)}


def _quoted(text: str) -> str:
    return f"“{escape(lower_first(text))}”"


def _ordinal(number: float) -> str:
    last = int(number) % 10 if int(number) % 100 not in (11, 12, 13) else 0
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
    return f"{format_count(number)}{suffix}"
