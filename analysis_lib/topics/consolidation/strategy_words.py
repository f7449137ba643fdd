"""What a trial of consolidation against none would have shown, and at what price."""

from __future__ import annotations

import math

from analysis_lib.estimates.few_events import LEAST_EVENTS
from analysis_lib.estimates.random_part import origin_sentence
from analysis_lib.format import (
    counted,
    format_count,
    format_number,
    format_points,
)
from analysis_lib.results.rows import unless_all_omitted, unless_omitted
from analysis_lib.show.prose import (
    Prose,
    escape,
    estimate_of,
    in_paragraphs,
    paragraph,
    unless_withheld,
)
from analysis_lib.topics.consolidation.cloned import ANALYSIS, STATES, Strategies
from analysis_lib.topics.consolidation.receipt import Received


@unless_all_omitted
def describe_strategies(*several: Strategies) -> Prose:
    """Who keeps to which strategy, then a paragraph per endpoint."""
    return in_paragraphs([_who(several[0]), *(_described(one) for one in several)])


@unless_omitted
def describe_receipt(received: Received) -> Prose:
    """How many had been consolidated by each day, and how many could no longer be."""
    return paragraph(*(_by(received, days) for days in received.days))


def _by(received: Received, days: float) -> str:
    relapse = escape(received.results.dictionary.relapse)
    begun, failed = (
        estimate_of(received.results, received.key(days, level), "incidence")
        for level in STATES.levels[::-1]
    )
    if math.isnan(begun.value) or math.isnan(failed.value):
        text = f"By day {format_number(days)} after the response nobody can say how many had been."
        return unless_withheld(text, begun.value, failed.value)
    return (
        f"By day {format_number(days)} after the response {format_points(begun.value)}% "
        f"({begun.interval(format_points)}) of the responders had been consolidated, and "
        f"{format_points(failed.value)}% ({failed.interval(format_points)}) had "
        f"{relapse} or death before."
    )


def _who(one: Strategies) -> str:
    n, in_time, out = one.results.values(one.whole, "n", "in_time", "censored_at_grace")
    days = format_number(one.grace_days)
    who = (
        f"Within {days} days of the response {format_count(in_time)} of {format_count(n)} "
        f"responders were consolidated; {format_count(out)} were still in remission then and were "
        "not."
    )
    return f"{who} {origin_sentence(one.results, one.whole)}".rstrip()


def _described(one: Strategies) -> Prose:
    time, label = one.landmarks[-1], escape(one.outcome_label)
    found = estimate_of(one.results, one.contrast(time), "survival_difference")
    months = format_number(time)
    if not one.is_compared():
        return paragraph(f"{label}: {_too_few(one)}")
    if math.isnan(found.value):
        text = f"{label}: at {months} months the strategies cannot be compared."
        return Prose(unless_withheld(text, found.value))
    shares = [estimate_of(one.results, one.of_strategy(x, time), "survival") for x in STATES.levels]
    none, treat = (f"{format_points(x.value)}% ({x.interval(format_points)})" for x in shares)
    return paragraph(
        f"{label}: {months} months after the response {treat} would be free of the event had all "
        f"been consolidated in time, and {none} had nobody been.",
        f"The difference is {format_points(found.value)} percentage points "
        f"({found.interval(format_points)}){_verdict(found.low, found.high)}.",
        *(_cause(one, cause, time) for cause in one.causes),
    )


def _too_few(one: Strategies) -> str:
    """How many events each curve rests on, which are too few to compare the two."""
    none, treat = (counted(one.results.value(one.events("", x)), "event") for x in STATES.levels)
    return (
        f"{treat} while consolidation was followed and {none} while none was are too few to "
        f"compare the strategies; a comparison takes {LEAST_EVENTS} under each."
    )


def _verdict(low: float, high: float) -> str:
    if math.isnan(low) or math.isnan(high):
        return ""
    if low <= 0 <= high:
        return ", which is unclear: the interval contains 0"
    return f", {'more' if low > 0 else 'fewer'} with consolidation"


def _cause(one: Strategies, cause: str, time: float) -> str:
    key = one.contrast(time)._replace(analysis=f"{ANALYSIS}_{cause}")
    found = estimate_of(one.results, key, "incidence_difference")
    name = escape(one.results.dictionary.own_words(cause.replace("_", " ")))
    if math.isnan(found.value):
        few = f"For {name} there are too few events to compare the strategies."
        return unless_withheld("" if one.is_compared(cause) else few, found.value)
    return (
        f"For {name} the difference is {format_points(found.value)} percentage points "
        f"({found.interval(format_points)}){_verdict(found.low, found.high)}."
    )
