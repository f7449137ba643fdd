"""The exposure's hazard ratio over time, and mean survival times, in sentences."""

from __future__ import annotations

import math

from analysis_lib.dictionary import lower_first
from analysis_lib.format import NOTABLE_P, counted, format_fixed, format_number, format_p_statement
from analysis_lib.labels import listed
from analysis_lib.results.rows import unless_all_omitted
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    escape,
    estimate_of,
    group_phrase,
    in_paragraphs,
    paragraph,
    unless_withheld,
    versus,
    when_shown,
)
from analysis_lib.topics.over_time.numbers import (
    AFTER,
    BEFORE,
    CHANGE,
    HazardPeriods,
    Proportionality,
    RestrictedMeans,
)

CRUDE, ADJUSTED = "for the exposure alone", "beside the baseline covariates"


def describe_proportionality(*checks: Proportionality) -> Prose:
    """A paragraph per endpoint: the score test, crude and in the primary model."""
    return in_paragraphs(_tests(one) for one in checks)


@unless_all_omitted
def describe_hazard_periods(*periods: HazardPeriods) -> Prose:
    """A paragraph per endpoint: the ratio before and after the cut, and whether it changes."""
    return in_paragraphs(_periods(one) for one in periods)


@unless_all_omitted
def describe_restricted_means(*means: RestrictedMeans) -> Prose:
    """A paragraph per endpoint: the mean time in each group and its difference, time by time."""
    return in_paragraphs(_means(one) for one in means)


def _tests(checks: Proportionality) -> str:
    known = [
        (one.p_value, what)
        for one, what in zip(checks.checks, (CRUDE, ADJUSTED), strict=True)
        if not math.isnan(one.p_value)
    ]
    if not known:
        return f"{escape(checks.outcome_label)}: proportional hazards cannot be tested."
    results = listed(f"{format_p_statement(p)} {what}" for p, what in known)
    events = counted(checks.checks[0].effect.shown.events, "event")
    changing = [what for p, what in known if p < NOTABLE_P]
    others = [what for p, what in known if not p < NOTABLE_P]
    verdict = (
        f"The hazard ratio changes with time{f' {changing[0]}' if others else ''}, so that a "
        "single one is an average over the follow-up"
        f"{f'; {others[0]} no change is evident' if others else ''}"
        if changing
        else "No change of the hazard ratio with time is evident"
        f"{when_shown(f' over {events}')}, which is no proof that there is none"
    )
    return f"{escape(checks.outcome_label)}: the score test gives {results}. {verdict}."


def _periods(periods: HazardPeriods) -> Prose:
    sentences = [_period(periods, level) for level in periods.exposure.levels[1:]]
    p_value = periods.results.value(periods.key, "lr_p_value")
    whole = (
        f"The test of any change over all groups gives {format_p_statement(p_value)}."
        if len(periods.exposure.levels) > 2 and not math.isnan(p_value)
        else ""
    )
    return paragraph(
        f"{escape(periods.outcome_label)}: {lower_first(sentences[0])}", *sentences[1:], whole
    )


def _period(periods: HazardPeriods, level: str) -> str:
    exposure, cut = periods.exposure, format_number(periods.cut)
    groups = versus(exposure, level)
    results = periods.results
    parts = []
    for analysis, when in ((BEFORE, f"up to {cut} months"), (AFTER, f"after {cut} months")):
        events = results.value(
            periods.key._replace(analysis=analysis, variable="", statistic="events")
        )
        estimate = estimate_of(results, periods.contrast(analysis, level), "hazard_ratio")
        on = when_shown(f", on {counted(events, 'event')}")
        parts.append(f"{when_shown(estimate.as_ratio, 'suppressed')} {when}{on}")
    key = periods.contrast(CHANGE, level)
    change = estimate_of(results, key, "hazard_ratio_change")
    return (
        f"The hazard ratio of {groups} is {parts[0]}, and {parts[1]}. "
        f"{_changed(change, results.value(key, 'p_value'))}"
    )


def _changed(change: Estimate, p_value: float) -> str:
    if math.isnan(change.value):
        return unless_withheld(
            "By how much it changes at the cut cannot be estimated.", change.value
        )
    numbers = f"by a factor of {change.as_ratio}, {format_p_statement(p_value)}"
    if change.contains_one:
        return f"It changes {numbers}: no clear change, and no proof that there is none."
    return f"It {'rises' if change.low > 1 else 'falls'} after the cut {numbers}."


def _means(means: RestrictedMeans) -> Prose:
    sentences = [_time(means, time) for time in means.times]
    return paragraph(f"{escape(means.outcome_label)}: {lower_first(sentences[0])}", *sentences[1:])


def _time(means: RestrictedMeans, time: float) -> str:
    exposure, results = means.exposure, means.results
    known, unknown = [], []
    for level in exposure.levels:
        key = means.group_key(level, time)._replace(statistic="restricted_mean")
        phrase = group_phrase(exposure, level)
        if math.isnan(results.value(key)):
            unknown.append(phrase)
        else:
            known.append(f"{format_fixed(results.value(key), 1)} months in {phrase}")
    months = format_number(time)
    short = (
        f"In {listed(unknown)} follow-up ends before {months} months, so that the mean up to then "
        "is not estimable."
        if unknown
        else ""
    )
    if not known:
        return short
    differences = [
        _difference(means, level, time)
        for level in exposure.levels[1:]
        if not math.isnan(_estimate(means, level, time).value)
    ]
    free = "alive" if means.outcome == "os" else f"without {escape(means.event)}"
    mean = f"Up to {months} months, the mean time {free}"
    text = f"{mean} is {listed(known)}."
    return " ".join(part for part in (text, *differences, short) if part)


def _difference(means: RestrictedMeans, level: str, time: float) -> str:
    exposure, estimate = means.exposure, _estimate(means, level, time)
    subject = group_phrase(exposure, level)
    reference = group_phrase(exposure)
    if math.isnan(estimate.low):
        return unless_withheld(
            f"For {subject} and {reference} no interval of the difference is estimable.",
            estimate.low,
        )
    key = means.contrast_key(level, time)._replace(statistic="p_value")
    numbers = (
        f"difference {_months(estimate.value)} months, {estimate.interval(_months)}, "
        f"{format_p_statement(means.results.value(key))}"
    )
    if estimate.low <= 0 <= estimate.high:
        return f"It does not differ clearly between {subject} and {reference} ({numbers})."
    way = "longer" if estimate.low > 0 else "shorter"
    return f"It is {way} in {subject} than in {reference} ({numbers})."


def _estimate(means: RestrictedMeans, level: str, time: float) -> Estimate:
    return estimate_of(means.results, means.contrast_key(level, time), "restricted_mean_difference")


def _months(value: float) -> str:
    return format_fixed(value, 1)
