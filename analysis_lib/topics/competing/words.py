"""Relapse, death without relapse and the onset of toxicity in sentences."""

from __future__ import annotations

import math

from analysis_lib.dictionary import lower_first
from analysis_lib.format import (
    MARK,
    counted,
    format_count,
    format_fixed,
    format_number,
    format_p_statement,
    format_percent,
    format_points,
    format_ratio,
    is_suppressed,
    quotient,
    total,
)
from analysis_lib.labels import listed
from analysis_lib.marks import alike
from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.prose import (
    FEW_EVENTS,
    Estimate,
    Prose,
    by_group,
    compatible,
    escape,
    estimate_of,
    group_phrase,
    in_paragraphs,
    paragraph,
    ratio_of,
    unless_withheld,
    versus,
    when_shown,
)
from analysis_lib.topics.competing.incidence import CauseModel, Incidence, IncidenceCurve
from analysis_lib.topics.competing.numbers import (
    NEITHER,
    Cause,
    RelapseAndDeath,
    ToxicityOnset,
    first_event_key,
)


def ratio_sentences(own: Cause, other: Cause) -> list[str]:
    """Both scales of every group, why they differ, and what the adjusted ones rest on."""
    levels = own.incidence.grouping.levels[1:]
    unknown = [
        x
        for x in levels
        if all(
            math.isnan(value) and not is_suppressed(value)
            for value in (ratio_of(y, x).value for y in own.models)
        )
    ]
    ratios = [
        text
        for level in levels
        if level not in unknown
        for text in (_ratios(own, level), _apart(own, other, level))
    ]
    return [*ratios, _without_ratio(own, unknown), _events_per_parameter(own)]


def event_name(cause: Cause) -> str:
    """The event inside a sentence."""
    return escape(lower_first(cause.incidence.question.label))


def _ratios(cause: Cause, level: str) -> str:
    """Both adjusted ratios, and what the interval of the first says."""
    compared = versus(cause.incidence.grouping, level)
    rate, risk = (
        ratio_of(_model(cause, scale, "baseline"), level)
        for scale in ("cause_specific", "subdistribution")
    )
    return (
        f"Adjusted, the hazard ratio of {event_name(cause)} for {compared} is {rate.as_ratio} "
        f"cause-specific and {risk.as_ratio} by subdistribution{_verdict(rate)}."
    )


def _without_ratio(cause: Cause, levels: list[str]) -> str:
    """The groups of which no model has an estimate, named together."""
    if not levels:
        return ""
    grouping = cause.incidence.grouping
    return (
        f"Against {group_phrase(grouping)} no hazard ratio of "
        f"{event_name(cause)} can be estimated for "
        f"{listed(group_phrase(grouping, x) for x in levels)}."
    )


def _verdict(adjusted: Estimate) -> str:
    if math.isnan(adjusted.value):
        return ""
    if adjusted.low > 1 or adjusted.high < 1:
        return f"; the first excludes 1 on the side of a {adjusted.side} hazard"
    return f"; the first shows no clear difference: {compatible(adjusted.low, adjusted.high)}"


def _apart(own: Cause, other: Cause, level: str) -> str:
    """Why the two scales differ, where the hazard of the other event accounts for it."""
    rate = ratio_of(_model(own, "cause_specific", "baseline"), level).value
    risk = ratio_of(_model(own, "subdistribution", "baseline"), level).value
    rival = ratio_of(_model(other, "cause_specific", "baseline"), level).value
    if any(math.isnan(x) for x in (rate, risk, rival)) or alike(
        [format_ratio(rate)], [format_ratio(risk)]
    ):
        return ""
    fewer = risk < rate and rival > 1
    if not fewer and not (risk > rate and rival < 1):
        return ""
    side, more, left = ("below", "higher", "fewer") if fewer else ("above", "lower", "more")
    return (
        f"The second lies {side} the first: the hazard of {event_name(other)} is estimated {more} "
        f"in this group, so that {left} of its patients are left for {event_name(own)}."
    )


def _events_per_parameter(cause: Cause) -> str:
    model = _model(cause, "cause_specific", "baseline")
    events, spent = model.results.values(model.key, "events", "parameters")
    if not spent:
        return ""
    each = quotient(events, spent)
    few = f" instead of the usual {FEW_EVENTS}, and are unstable" if each < FEW_EVENTS else ""
    said = f" on {counted(events, 'event')}, {format_fixed(each, 1)} each{few}"
    return f"The adjusted models spend {counted(spent, 'parameter')}{when_shown(said)}."


def _model(cause: Cause, scale: str, adjustment: str) -> CauseModel:
    return next(x for x in cause.models if (x.scale, x.adjustment) == (scale, adjustment))


@unless_omitted
def describe_first_events(found: RelapseAndDeath) -> Prose:
    """How many had which event first, and what is counted as which."""
    outcomes = [cause.incidence.question.outcome for cause in found.causes]
    rows = [found.results.row(first_event_key(x)) for x in (*outcomes, NEITHER)]
    failed, deaths, neither = (row.value for row in rows)
    return paragraph(
        f"The first event of {format_count(rows[0].denominator or 0)} "
        f"{escape(found.results.dictionary.own_words('infused patients'))} was "
        f"{event_name(found.relapse)} in {format_count(failed)} and {event_name(found.death)} in "
        f"{format_count(deaths)}; "
        f"{format_count(neither)} had neither by last contact.",
        _not_other_causes(found),
        _nonresponse(found, failed),
    )


@unless_omitted
def describe_causes(found: RelapseAndDeath) -> Prose:
    """A paragraph per event: incidence at the last landmark, Gray's test, both hazard ratios."""
    pairs = ((found.relapse, found.death), (found.death, found.relapse))
    return in_paragraphs(_cause(own, other) for own, other in pairs)


def incidence_at(shown: Incidence, curve: IncidenceCurve, time: float) -> str:
    """`20% (95% CI 12–29)`; empty where follow-up ends before."""
    estimate = estimate_of(shown.results, shown.at(curve, time), "incidence")
    if math.isnan(estimate.value):
        return unless_withheld("", estimate.value)
    interval = "" if math.isnan(estimate.low) else f" ({estimate.interval(format_points)})"
    return f"{format_percent(estimate.value)}{interval}"


def gray_sentence(shown: Incidence) -> str:
    """Gray's test of all groups."""
    p_value = shown.results.value(shown.test_key, "p_value")
    if math.isnan(p_value):
        return unless_withheld("Gray's test cannot be made.", p_value)
    return f"Gray's test gives {format_p_statement(p_value)}."


def _nonresponse(found: RelapseAndDeath, failed: float) -> str:
    if found.nonresponses is None:
        known = found.deaths_after_nonresponse or is_suppressed(found.deaths_after_nonresponse)
        said = "An assessed non-response is no event here: who never responded can only die."
        return said if known else ""
    relapse = escape(found.results.dictionary.relapse)
    return (
        f"An assessed non-response counts with {relapse}, at its assessment: it was the first "
        f"event in {format_count(found.nonresponses)} of the {format_count(failed)}."
    )


def _not_other_causes(found: RelapseAndDeath) -> str:
    """Deaths without relapse that the disease may have caused all the same."""
    leukemia, unresponsive = found.leukemia_deaths or 0, found.deaths_after_nonresponse
    if not leukemia and not unresponsive:
        return ""
    recorded = f"{escape(found.disease)} is the recorded cause of {format_count(leukemia)}"
    before = f"an assessed non-response came before {format_count(unresponsive)}"
    known = f"{recorded}, and {before}" if found.leukemia_deaths is not None else before
    died = found.results.value(first_event_key(found.death.incidence.question.outcome))
    return (
        f"Of the {format_count(died)}, {known}: {event_name(found.death)} is more "
        "than death from other causes."
    )


def _cause(own: Cause, other: Cause) -> Prose:
    shown = own.incidence
    last = landmark_sentence(shown, shown.question.landmarks[-1])
    return paragraph(last, gray_sentence(shown), *ratio_sentences(own, other))


def landmark_sentence(shown: Incidence, time: float) -> str:
    """The incidence of every group at one time."""
    parts = []
    for curve in shown.curves:
        phrase = group_phrase(shown.grouping, curve.level)
        late = "not estimable", f"{phrase} (follow-up ends before)"
        known = incidence_at(shown, curve, time)
        parts.append((known, phrase) if known else late)
    event, said = escape(lower_first(shown.question.label)), by_group(parts)
    return f"At {format_number(time)} months, the cumulative incidence of {event} was {said}."


@unless_omitted
def describe_onset(found: ToxicityOnset) -> Prose:
    """A paragraph per syndrome: incidence by day, Gray's test, who died first, who has no date."""
    paragraphs = [_paragraph(found, shown).text for shown in found.incidences]
    return in_paragraphs((*paragraphs, *found.left_out))


def _paragraph(found: ToxicityOnset, shown: Incidence) -> Prose:
    every = [_group(shown, curve) for curve in shown.curves]
    said = [x for x in every if not is_suppressed(x)]
    groups, label = "; ".join(said or every), escape(shown.question.label)
    return paragraph(
        f"{label} had begun {groups}.",
        MARK + "." if said and len(said) < len(every) else "",
        gray_sentence(shown) if said else f"For {label} {gray_sentence(shown)}",
        _deaths(shown),
        _undated(found, shown),
    )


def _group(shown: Incidence, curve: IncidenceCurve) -> str:
    """`in the InO-exposed group in 84% (95% CI 75-90) by day 7, ...`."""
    by_day = [
        f"{incidence_at(shown, curve, x) or 'an unknown share'} by day {format_number(x)}"
        for x in shown.question.landmarks
    ]
    return f"in {group_phrase(shown.grouping, curve.level)} in {listed(by_day)}"


def _deaths(shown: Incidence) -> str:
    """The competing events of each group."""
    counts = {
        group_phrase(shown.grouping, curve.level): shown.count(curve, "competing_events")
        for curve in shown.curves
    }
    died = total(*counts.values())
    name = shown.question.outcome.upper()
    day = format_number(shown.question.landmarks[-1])
    if not died:
        return f"Before {name} began, nobody died by day {day}."
    parts = by_group((format_count(n), phrase) for phrase, n in counts.items())
    return f"Before {name} began, {format_count(died)} died by day {day}: {parts}."


def _undated(found: ToxicityOnset, shown: Incidence) -> str:
    count = found.undated[shown.question.outcome]
    if not count:
        return ""
    have = "patients with it have" if count > 1 else "patient with it has"
    return (
        f"{format_count(count)} {have} no date of onset and are left out, which makes the curves "
        "too low."
    )
