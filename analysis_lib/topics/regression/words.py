"""The screen and the multivariable models in sentences."""

from __future__ import annotations

import math

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.effects import FittedEffect
from analysis_lib.estimates.models import Model, ModelSet
from analysis_lib.format import counted, format_count, format_number, format_p_statement
from analysis_lib.labels import listed
from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.effects import events_of_each
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    compatible,
    considered,
    escape,
    estimate_of,
    group_phrase,
    hazard_sentence,
    in_paragraphs,
    paragraph,
    unless_withheld,
    versus,
    when_shown,
)
from analysis_lib.study.study import Study
from analysis_lib.topics.regression.numbers import Screen, Screened
from analysis_lib.topics.regression.response_contrast import (
    BASELINE,
    BEFORE,
    CRUDE,
    PUBLISHED,
    ResponseContrast,
)

BASES = {"responders": "responders to the infusion", "infused": "infused patients"}


def describe_screen(screen: Screen) -> Prose:
    """Which candidates enter below the entry P, and which only because they are forced."""
    by_p = [c for c in screen.candidates if c.p_value < screen.entry_p]
    forced = [c for c in screen.candidates if c.enters and c not in by_p]
    entry = f"P below {format_number(screen.entry_p, digits=3)}"
    enters = "enters" if len(by_p) == 1 else "enter"
    own_words = screen.results.dictionary.own_words
    entered = f"{listed([_with_p(c) for c in by_p])} {enters}" if by_p else "no candidate enters"
    among = when_shown(f"{format_count(screen.considered)} ")
    sentences = [
        f"Among {among}{escape(own_words(BASES[screen.population]))}, at {entry} {entered}."
    ]
    if forced:
        sentences.append(f"Forced whatever their P: {listed([_with_p(c) for c in forced])}.")
    sentences.append(f"The exposure itself has {format_p_statement(screen.exposure.p_value)}.")
    return paragraph(*sentences)


def _with_p(candidate: Screened) -> str:
    return f"{escape(lower_first(candidate.label))} ({format_p_statement(candidate.p_value)})"


def describe_terms(study: Study, published: ModelSet, screened: ModelSet) -> Prose:
    """Which terms the two specifications share, and which only one of them holds."""
    only_published = [x for x in published.terms if x not in screened.terms]
    only_screened = [x for x in screened.terms if x not in published.terms]
    names = [
        [escape(lower_first(study.dictionary[x].label)) for x in y]
        for y in (only_published, only_screened)
    ]
    fixed = study.fixed_model.named
    if not only_published and not only_screened:
        return Prose(f"The screen lets in exactly the terms of {fixed}.")
    return paragraph(
        f"Only {fixed} holds {listed(names[0])}." if names[0] else "",
        f"Only the screened model holds {listed(names[1])}." if names[1] else "",
        "The terms differ, so the two models answer different questions.",
    )


@unless_omitted
def describe_model(model: Model) -> Prose:
    """The adjusted hazard ratio of every exposure group, with n, events and exclusions."""
    specification, fit, event = model.specification, model.shown, escape(model.event)
    exposure = specification.exposure
    n, events, left = model.results.values(model.key, "n", "events", "excluded")
    whole = counted(considered(model.results, model.key, model.considered), "patient")
    in_model = (
        f"{format_count(n)} of {whole} ({counted(events, 'event')}) are in the model; "
        f"{format_count(left)} {'is' if left == 1 else 'are'} left out for a missing value."
    )
    sentences = [when_shown(in_model, "Patients with a missing value are left out of the model.")]
    for level in exposure.levels[1:]:
        term = fit.coefficient(exposure.variable, level)
        subject, reference = (
            group_phrase(exposure, level),
            group_phrase(exposure),
        )
        if term.estimable:
            estimate = Estimate(term.hazard_ratio, term.ci_low, term.ci_high, fit.confidence_level)
            sentences.append(hazard_sentence(subject, reference, event, estimate))
        else:
            why = escape(term.reason)
            sentences.append(f"For {subject} no hazard ratio can be estimated: {why}.")
    return paragraph(*sentences)


@unless_omitted
def describe_response_contrast(contrast: ResponseContrast) -> Prose:
    """A paragraph per endpoint: the ratio under each adjustment, then in model B."""
    return in_paragraphs(_endpoint(contrast, x, models) for x, models in contrast.families)


def _endpoint(contrast: ResponseContrast, label: str, models: tuple[FittedEffect, ...]) -> Prose:
    named = {model.specification.name: model for model in models}
    groups = versus(contrast.response, contrast.refractory)
    return paragraph(
        f"{escape(label)}: the hazard ratio of {groups} is {_ratio(contrast, named[CRUDE])} crude, "
        f"{_ratio(contrast, named[BEFORE])} adjusted for what the exposure cannot have changed, "
        f"and {_ratio(contrast, named[BASELINE])} adjusted for baseline covariates.",
        _published(contrast, named[PUBLISHED]) if PUBLISHED in named else "",
    )


def _published(contrast: ResponseContrast, model: FittedEffect) -> str:
    estimate = estimate_of(contrast.results, model.contrast(contrast.refractory), "hazard_ratio")
    if math.isnan(estimate.value):
        return unless_withheld("From model B it cannot be estimated.", estimate.value)
    events = [
        contrast.results.value(
            model.key._replace(variable=model.exposure.variable, level=level), "events_at_level"
        )
        for level in (contrast.refractory, contrast.responded)
    ]
    who = (
        f"in {escape(contrast.results.dictionary.own_words(BASES['responders']))} and beside "
        "consolidation after it"
        if model.specification.population == "responders"
        and "consolidation" in model.specification.terms
        else "as specified by the parameters"
    )
    start = (
        f"From model B, {who}, it is {_ratio(contrast, model)}, "
        f"with {events_of_each(contrast.response, contrast.refractory, *events)}"
    )
    if estimate.contains_one:
        return f"{start}: no clear difference; {compatible(estimate.low, estimate.high)}."
    return f"{start}."


def _ratio(contrast: ResponseContrast, model: FittedEffect) -> str:
    key = model.contrast(contrast.refractory)
    return estimate_of(contrast.results, key, "hazard_ratio").as_ratio
