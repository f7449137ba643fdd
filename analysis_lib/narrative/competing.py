"""Relapse and death without relapse in sentences."""

from __future__ import annotations

import math

from analysis_lib.analyses import (
    Cause,
    Incidence,
    IncidenceCurve,
    Omitted,
    RelapseAndDeath,
)
from analysis_lib.dictionary import lower_first
from analysis_lib.format import (
    format_count,
    format_number,
    format_p_statement,
    format_percent,
    format_points,
)
from analysis_lib.labels import listed
from analysis_lib.narrative.cause_ratios import event_name, ratio_sentences
from analysis_lib.narrative.phrases import estimate_of, unless_withheld
from analysis_lib.narrative.prose import Prose, escape, paragraph


def describe_first_events(found: RelapseAndDeath | Omitted) -> Prose | Omitted:
    """How many had which event first, and what is counted as which."""
    if isinstance(found, Omitted):
        return found
    relapses = found.relapse.incidence
    failed = sum(relapses.count(curve, "events") for curve in relapses.curves)
    neither = found.n - failed - found.deaths
    return paragraph(
        f"The first event of {format_count(found.n)} infused patients was "
        f"{event_name(found.relapse)} in {format_count(failed)} and {event_name(found.death)} in "
        f"{format_count(found.deaths)}; "
        f"{format_count(neither)} had neither by last contact.",
        _not_other_causes(found),
        _nonresponse(found, failed),
    )


def describe_causes(found: RelapseAndDeath | Omitted) -> Prose | Omitted:
    """A paragraph per event: incidence at the landmarks, Gray's test, and both hazard ratios."""
    if isinstance(found, Omitted):
        return found
    pairs = ((found.relapse, found.death), (found.death, found.relapse))
    return Prose("\n\n".join(_cause(own, other).text for own, other in pairs))


def incidence_at(shown: Incidence, curve: IncidenceCurve, time: float) -> str:
    """`20% (95% CI 12–29)`; empty where follow-up ends before."""
    estimate = estimate_of(shown.results, shown.at(curve, time), "incidence")
    if math.isnan(estimate.value):
        return unless_withheld("", estimate.value)
    interval = "" if math.isnan(estimate.low) else f" ({estimate.interval(format_points)})"
    return f"{format_percent(estimate.value)}{interval}"


def gray_sentence(shown: Incidence) -> str:
    """Gray's test of all groups."""
    p_value = shown.results.value(shown.test_key._replace(statistic="p_value"))
    if math.isnan(p_value):
        return unless_withheld("Gray's test cannot be made.", p_value)
    return f"Gray's test gives {format_p_statement(p_value)}."


def _nonresponse(found: RelapseAndDeath, failed: float) -> str:
    if found.nonresponses is None:
        return "An assessed non-response is no event here: who never responded can only die."
    return (
        "An assessed non-response counts with relapse, at its assessment: it was the first event "
        f"in {format_count(found.nonresponses)} of the {format_count(failed)}."
    )


def _not_other_causes(found: RelapseAndDeath) -> str:
    """Deaths without relapse that the disease may have caused all the same."""
    leukemia, unresponsive = found.leukemia_deaths or 0, found.deaths_after_nonresponse
    if not leukemia and not unresponsive:
        return ""
    recorded = f"{escape(found.disease)} is the recorded cause of {format_count(leukemia)}"
    before = f"an assessed non-response came before {format_count(unresponsive)}"
    known = f"{recorded}, and {before}" if found.leukemia_deaths is not None else before
    return (
        f"Of the {format_count(found.deaths)}, {known}: {event_name(found.death)} is more than "
        "death from other causes."
    )


def _cause(own: Cause, other: Cause) -> Prose:
    shown = own.incidence
    landmarks = (_landmark(shown, x) for x in shown.question.landmarks)
    return paragraph(*landmarks, gray_sentence(shown), *ratio_sentences(own, other))


def _landmark(shown: Incidence, time: float) -> str:
    parts = []
    for curve in shown.curves:
        phrase = escape(shown.grouping.phrase_of(curve.level))
        known = incidence_at(shown, curve, time)
        late = f"not estimable in {phrase} (follow-up ends before)"
        parts.append(f"{known} in {phrase}" if known else late)
    event = escape(lower_first(shown.question.label))
    return (
        f"At {format_number(time)} months, the cumulative incidence of {event} was {listed(parts)}."
    )
