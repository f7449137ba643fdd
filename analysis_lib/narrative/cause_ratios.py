"""The hazard ratios of one of two competing events, in sentences."""

from __future__ import annotations

import math

from analysis_lib.analyses import Cause, CauseModel
from analysis_lib.dictionary import lower_first
from analysis_lib.format import counted, format_fixed, format_ratio, is_suppressed
from analysis_lib.labels import listed
from analysis_lib.narrative.phrases import Estimate, compatible, estimate_of, unless_withheld
from analysis_lib.narrative.prose import escape
from analysis_lib.narrative.regression import FEW_EVENTS


def ratio_sentences(own: Cause, other: Cause) -> list[str]:
    """Both scales of every group, why they differ, and what the adjusted ones rest on."""
    levels = own.incidence.grouping.levels[1:]
    unknown = [
        x
        for x in levels
        if all(
            math.isnan(value) and not is_suppressed(value)
            for value in (_estimate(y, x).value for y in own.models)
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
        f"For {compared}, the cause-specific hazard ratio of {event_name(cause)} is {rate}, the "
        f"subdistribution hazard ratio {risk}{verdict}."
    )


def _without_ratio(cause: Cause, levels: list[str]) -> str:
    """The groups of which no model has an estimate, named together."""
    if not levels:
        return ""
    grouping = cause.incidence.grouping
    return (
        f"Against {escape(grouping.phrase_of(grouping.reference))} no hazard ratio of "
        f"{event_name(cause)} can be estimated for "
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
        f"The second lies {side} the first: the hazard of {event_name(other)} is estimated {more} "
        f"in this group, so that {left} of its patients are left for {event_name(own)}."
    )


def _events_per_parameter(cause: Cause) -> str:
    model = _model(cause, "cause_specific", "baseline")
    fit, results = model.fit, model.results
    if not fit.degrees_of_freedom:
        return ""
    events = results.value(model.key._replace(statistic="events"))
    each = events / fit.degrees_of_freedom
    few = (
        f", fewer than the {FEW_EVENTS} often asked for: the adjusted ratios are unstable"
        if each < FEW_EVENTS
        else ""
    )
    return (
        f"The adjusted models spend {counted(fit.degrees_of_freedom, 'parameter')} on "
        f"{counted(events, 'event')}, {format_fixed(each, 1)} events each{few}."
    )


def _model(cause: Cause, scale: str, adjustment: str) -> CauseModel:
    return next(x for x in cause.models if (x.scale, x.adjustment) == (scale, adjustment))


def _estimate(model: CauseModel, level: str) -> Estimate:
    return estimate_of(model.results, model.contrast(level), "hazard_ratio")


def _written(model: CauseModel, level: str) -> str:
    estimate = _estimate(model, level)
    if math.isnan(estimate.value):
        return unless_withheld("not estimable", estimate.value)
    return f"{format_ratio(estimate.value)} ({estimate.interval(format_ratio)})"
