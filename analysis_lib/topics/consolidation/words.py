"""Consolidation without immortal time: the waiting, the three estimates, the strategies."""

from __future__ import annotations

import math

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.few_events import LEAST_EVENTS
from analysis_lib.estimates.random_part import origin_sentence
from analysis_lib.format import (
    agreeing,
    counted,
    format_count,
    format_number,
    format_points,
    format_ratio,
    number_of,
)
from analysis_lib.marks import alike
from analysis_lib.results.rows import unless_all_omitted, unless_omitted
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    compatible,
    escape,
    estimate_of,
    in_paragraphs,
    paragraph,
    unless_withheld,
)
from analysis_lib.topics.consolidation.cloned import ANALYSIS, STATES, Strategies
from analysis_lib.topics.consolidation.estimates import Contrast
from analysis_lib.topics.consolidation.follow_up import (
    CONSOLIDATED,
    RESPONDERS,
    SALVAGE,
    Estimator,
    LandmarkCounts,
)
from analysis_lib.topics.consolidation.numbers import ConsolidationEffects
from analysis_lib.topics.consolidation.receipt import Received


@unless_omitted
def describe_waiting(counts: LandmarkCounts) -> Prose:
    """How long consolidation took to begin, and what that makes of the time before."""
    results = counts.results
    n, median, first, last = results.values(
        CONSOLIDATED, "n_at_level", "median", "minimum", "maximum"
    )
    began = f"began on day {format_number(first)}"
    if n > 1:
        days = (format_number(x) for x in (first, last, median))
        began = "began between day {} and day {} (median {})".format(*days)
    at = RESPONDERS._replace(time_months=counts.landmarks[0].time_months)
    responders = results.value(at, "n")
    return paragraph(
        f"Of {counted(responders, 'responder')} {format_count(n)} {'was' if n == 1 else 'were'} "
        f"consolidated; it {began}.",
        _salvage(results.value(SALVAGE, "count")),
        _immortal(counts),
    )


def _salvage(n: float) -> str:
    """Treatment outside remission, where there was any."""
    if n == 0:
        return ""
    was, they = ("was", "this one counts") if n == 1 else ("were", "these count")
    return (
        f"Of the responders {format_count(n)} {was} treated outside remission: that is salvage, "
        f"and {they} as not consolidated."
    )


def _immortal(counts: LandmarkCounts) -> str:
    """What the waiting was free of by definition, as far as the extract can tell."""
    own_words = counts.results.dictionary.own_words
    if counts.knows_relapse:
        return own_words(
            "Whoever had a relapse or died before consolidation could no longer be consolidated in "
            "remission, so that the time until it is free of events by definition, and no merit of "
            "what follows."
        )
    return own_words(
        "Whoever died before consolidation could no longer receive it, so that the time until it "
        "is survived by definition, and no merit of what follows. No relapse is recorded, so that "
        "consolidation cannot be told from treatment after one."
    )


@unless_omitted
def describe_triptych(*effects: ConsolidationEffects) -> Prose:
    """A paragraph per endpoint: fixed against time-varying against landmark, and what is open."""
    paragraphs = []
    for one in effects:
        first, *others = one.contrasts
        said = [_contrast(one, first, in_full=True)]
        said += [_contrast(one, x, in_full=False) for x in others]
        paragraphs.append(f"{escape(one.outcome_label)}: {' '.join(said)}")
    return in_paragraphs(paragraphs)


def _contrast(one: ConsolidationEffects, contrast: Contrast, *, in_full: bool) -> str:
    name = escape(lower_first(contrast.label))
    fixed, varying = (_estimate(one, contrast, Estimator(x)) for x in ("fixed", "time_varying"))
    if not (math.isfinite(fixed.value) and math.isfinite(varying.value)):
        beginning = "for" if in_full else "For"
        return f"{beginning} {name} there is no estimate both fixed and time-varying."
    if not in_full:
        return (
            f"For {name}, it is {format_ratio(fixed.value)} fixed and {varying.as_ratio} "
            "time-varying."
        )
    return " ".join(
        sentence
        for sentence in (
            f"the hazard ratio of {name} against none is {fixed.as_ratio} as if known at "
            f"{escape(one.results.dictionary.infusion)} and {varying.as_ratio} from the day on "
            "which it begins.",
            _moves(fixed, varying),
            _at_landmarks(one, contrast),
            _adjusted(one, contrast),
            _open(varying),
        )
        if sentence
    )


def _moves(fixed: Estimate, varying: Estimate) -> str:
    """Where the waiting time goes, the estimate follows; said as it is printed."""
    if alike([format_ratio(fixed.value)], [format_ratio(varying.value)]):
        return "Counting the waiting where it belongs leaves the estimate where it is."
    start, end = math.log(fixed.value), math.log(varying.value)
    if start * end < 0:
        where = "to the other side of 1"
    else:
        where = "towards 1" if abs(end) < abs(start) else "away from 1"
    return f"Counting the waiting where it belongs moves the estimate {where}."


def _at_landmarks(one: ConsolidationEffects, contrast: Contrast) -> str:
    landmarks = [x for x in one.estimators if x.days is not None]
    estimates = [_estimate(one, contrast, x) for x in landmarks]
    known = [x.value for x in estimates if math.isfinite(x.value)]
    if not known:
        return "At no landmark is there an estimate."
    where = "At the landmarks"
    if len(known) < len(landmarks):
        asked = number_of([x.days for x in landmarks if x.days is not None])
        where = f"At {format_count(number_of(known))} of {format_count(asked)} landmarks"
    least, most = format_ratio(min(known)), format_ratio(max(known))
    return (
        f"{where} it is {least}."
        if alike([least], [most])
        else (f"{where} it lies between {least} and {most}.")
    )


def _adjusted(one: ConsolidationEffects, contrast: Contrast) -> str:
    adjusted = _estimate(one, contrast, Estimator("time_varying"), adjusted=True)
    if not math.isfinite(adjusted.value):
        return ""
    return f"Adjusted, the time-varying one is {adjusted.as_ratio}."


def _open(varying: Estimate) -> str:
    if varying.contains_one:
        return (
            f"The crude time-varying interval contains 1; {compatible(varying.low, varying.high)}."
        )
    return (
        f"The crude time-varying interval lies on the side of a {varying.side} hazard; those "
        "chosen for consolidation may differ in more than it."
    )


def _estimate(
    one: ConsolidationEffects, contrast: Contrast, estimator: Estimator, *, adjusted: bool = False
) -> Estimate:
    analysis = f"{estimator.analysis}_adjusted" if adjusted else estimator.analysis
    key = contrast.key(analysis, one.outcome, estimator.time_months)
    return estimate_of(one.results, key, "hazard_ratio")


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
        f"responders {agreeing(in_time, 'was', 'were')} consolidated; {format_count(out)} "
        f"{agreeing(out, 'was', 'were')} still in remission then and "
        f"{agreeing(out, 'was', 'were')} not."
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
        return ", which is unclear"
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
