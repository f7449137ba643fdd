"""Relapse and death without relapse in sentences."""

from __future__ import annotations

import math

from analysis_lib.analyses import (
    Cause,
    CauseModel,
    Incidence,
    IncidenceCurve,
    Omitted,
    RelapseAndDeath,
)
from analysis_lib.dictionary import lower_first
from analysis_lib.format import (
    format_count,
    format_fixed,
    format_number,
    format_p_statement,
    format_percent,
    format_points,
    format_ratio,
)
from analysis_lib.labels import listed
from analysis_lib.narrative.phrases import Estimate, compatible, estimate_of
from analysis_lib.narrative.prose import Prose, escape, paragraph
from analysis_lib.narrative.regression import FEW_EVENTS


def describe_first_events(found: RelapseAndDeath | Omitted) -> Prose | Omitted:
    """How many had which event first, and what is counted as which."""
    if isinstance(found, Omitted):
        return found
    failed = sum(curve.estimate.n_events for curve in found.relapse.incidence.curves)
    neither = found.n - failed - found.deaths
    return paragraph(
        f"The first event of {format_count(found.n)} infused patients was {_event(found.relapse)} "
        f"in {format_count(failed)} and {_event(found.death)} in {format_count(found.deaths)}; "
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
        return ""
    interval = "" if math.isnan(estimate.low) else f" ({estimate.interval(format_points)})"
    return f"{format_percent(estimate.value)}{interval}"


def gray_sentence(shown: Incidence) -> str:
    """Gray's test of all groups."""
    p_value = shown.results.value(shown.test_key._replace(statistic="p_value"))
    if math.isnan(p_value):
        return "Gray's test cannot be made."
    return f"Gray's test gives {format_p_statement(p_value)}."


def _nonresponse(found: RelapseAndDeath, failed: int) -> str:
    if found.nonresponses is None:
        return "An assessed non-response is no event here: who never responded can only die."
    return (
        "An assessed non-response counts with relapse, at its assessment: it was the first event "
        f"in {format_count(found.nonresponses)} of the {format_count(failed)}."
    )


def _not_other_causes(found: RelapseAndDeath) -> str:
    """Deaths without relapse that the leukaemia may have caused all the same."""
    leukemia, unresponsive = found.leukemia_deaths or 0, found.deaths_after_nonresponse
    if not leukemia and not unresponsive:
        return ""
    recorded = f"leukaemia is the recorded cause of {format_count(leukemia)}"
    before = f"an assessed non-response came before {format_count(unresponsive)}"
    known = f"{recorded}, and {before}" if found.leukemia_deaths is not None else before
    return (
        f"Of the {format_count(found.deaths)}, {known}: {_event(found.death)} is more than death "
        "from other causes."
    )


def _cause(own: Cause, other: Cause) -> Prose:
    shown = own.incidence
    landmarks = (_landmark(shown, x) for x in shown.question.landmarks)
    levels = shown.grouping.levels[1:]
    unknown = [x for x in levels if all(math.isnan(_estimate(y, x).value) for y in own.models)]
    ratios = [
        text
        for level in levels
        if level not in unknown
        for text in (_ratios(own, level), _apart(own, other, level))
    ]
    return paragraph(
        *landmarks,
        gray_sentence(shown),
        *ratios,
        _without_ratio(own, unknown),
        _events_per_parameter(own),
    )


def _landmark(shown: Incidence, time: float) -> str:
    parts = []
    for curve in shown.curves:
        phrase = escape(shown.grouping.phrase_of(curve.level))
        known = incidence_at(shown, curve, time)
        late = f"not estimable in {phrase} (follow-up ends before)"
        parts.append(f"{known} in {phrase}" if known else late)
    when = f"At {format_number(time)} months"
    return f"{when}, the cumulative incidence of {_named(shown)} was {listed(parts)}."


def _ratios(cause: Cause, level: str) -> str:
    """Both adjusted ratios with their crude ones, and what the first does not rule out."""
    grouping = cause.incidence.grouping
    compared = (
        f"{escape(grouping.phrase_of(level))} against "
        f"{escape(grouping.phrase_of(grouping.reference))}"
    )
    rate, risk = (_pair(cause, scale, level) for scale in ("cause_specific", "subdistribution"))
    adjusted = _estimate(_model(cause, "cause_specific", "baseline"), level)
    verdict = _verdict(adjusted)
    return (
        f"For {compared}, the cause-specific hazard ratio of {_event(cause)} is {rate}, the "
        f"subdistribution hazard ratio {risk}{verdict}."
    )


def _without_ratio(cause: Cause, levels: list[str]) -> str:
    """The groups of which no model has an estimate, named together."""
    if not levels:
        return ""
    grouping = cause.incidence.grouping
    return (
        f"Against {escape(grouping.phrase_of(grouping.reference))} no hazard ratio of "
        f"{_event(cause)} can be estimated for "
        f"{listed(escape(grouping.phrase_of(x)) for x in levels)}."
    )


def _pair(cause: Cause, scale: str, level: str) -> str:
    crude, adjusted = (_written(_model(cause, scale, x), level) for x in ("crude", "baseline"))
    return f"{adjusted} adjusted and {crude} crude"


def _verdict(adjusted: Estimate) -> str:
    if math.isnan(adjusted.value):
        return ""
    if adjusted.low > 1 or adjusted.high < 1:
        side = "higher" if adjusted.low > 1 else "lower"
        return f"; the adjusted cause-specific interval excludes 1, on the side of a {side} hazard"
    return (
        "; the adjusted cause-specific interval contains 1, which shows no clear difference: "
        f"{compatible(adjusted.low, adjusted.high)}"
    )


def _apart(own: Cause, other: Cause, level: str) -> str:
    """Why the two scales differ, where the hazard of the other event accounts for it."""
    rate = _estimate(_model(own, "cause_specific", "baseline"), level).value
    risk = _estimate(_model(own, "subdistribution", "baseline"), level).value
    rival = _estimate(_model(other, "cause_specific", "baseline"), level).value
    if any(math.isnan(x) for x in (rate, risk, rival)) or format_ratio(rate) == format_ratio(risk):
        return ""
    fewer = risk < rate and rival > 1
    if not fewer and not (risk > rate and rival < 1):
        return ""
    side, more, left = ("below", "higher", "fewer") if fewer else ("above", "lower", "more")
    return (
        f"The second lies {side} the first: the hazard of {_event(other)} is estimated {more} in "
        f"this group, so that {left} of its patients are left for {_event(own)}."
    )


def _events_per_parameter(cause: Cause) -> str:
    fit = _model(cause, "cause_specific", "baseline").fit
    if not fit.degrees_of_freedom:
        return ""
    each = fit.events / fit.degrees_of_freedom
    few = (
        f", fewer than the {FEW_EVENTS} often asked for: the adjusted ratios are unstable"
        if each < FEW_EVENTS
        else ""
    )
    return (
        f"The adjusted models spend {format_count(fit.degrees_of_freedom)} parameters on "
        f"{format_count(fit.events)} events, {format_fixed(each, 1)} events each{few}."
    )


def _model(cause: Cause, scale: str, adjustment: str) -> CauseModel:
    return next(x for x in cause.models if (x.scale, x.adjustment) == (scale, adjustment))


def _estimate(model: CauseModel, level: str) -> Estimate:
    return estimate_of(model.results, model.contrast(level), "hazard_ratio")


def _written(model: CauseModel, level: str) -> str:
    estimate = _estimate(model, level)
    if math.isnan(estimate.value):
        return "not estimable"
    return f"{format_ratio(estimate.value)} ({estimate.interval(format_ratio)})"


def _event(cause: Cause) -> str:
    return _named(cause.incidence)


def _named(shown: Incidence) -> str:
    """The event inside a sentence."""
    return lower_first(shown.question.label)
