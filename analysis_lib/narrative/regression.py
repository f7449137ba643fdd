"""The screen and the multivariable models in sentences."""

from __future__ import annotations

import math

from analysis_lib.analyses import Model, ModelSet, Omitted, Screen, Screened
from analysis_lib.cohort import Study
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import (
    counted,
    format_count,
    format_fixed,
    format_number,
    format_p_statement,
)
from analysis_lib.labels import listed, readable
from analysis_lib.narrative.phrases import Estimate, capital, hazard_sentence
from analysis_lib.narrative.prose import Prose, escape, paragraph

BASES = {"responders": "responders to the infusion", "infused": "infused patients"}
NOTABLE_P = 0.05
FEW_EVENTS = 10


def describe_screen(screen: Screen) -> Prose:
    """Which candidates enter below the entry P, and which only because they are forced."""
    by_p = [c for c in screen.candidates if c.p_value < screen.entry_p]
    forced = [c for c in screen.candidates if c.enters and c not in by_p]
    entry = f"P below {format_number(screen.entry_p, digits=3)}"
    enters = "enters" if len(by_p) == 1 else "enter"
    entered = f"{listed([_with_p(c) for c in by_p])} {enters}" if by_p else "no candidate enters"
    sentences = [
        f"Among {format_count(screen.considered)} {BASES[screen.population]}, at {entry} {entered}."
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


def describe_model(model: Model | Omitted) -> Prose | Omitted:
    """The adjusted hazard ratio of every exposure group, with n, events and exclusions."""
    if isinstance(model, Omitted):
        return model
    specification, fit = model.specification, model.shown
    exposure, left = specification.exposure, model.considered - fit.n
    sentences = [
        f"{format_count(fit.n)} of {counted(model.considered, 'patient')} "
        f"({counted(fit.events, 'event')}) are in the model; "
        f"{format_count(left)} {'is' if left == 1 else 'are'} left out for a missing value."
    ]
    for level in exposure.levels[1:]:
        term = fit.coefficient(exposure.variable, level)
        subject, reference = (
            escape(exposure.phrase_of(level)),
            escape(exposure.phrase_of(exposure.reference)),
        )
        if term.estimable:
            estimate = Estimate(term.hazard_ratio, term.ci_low, term.ci_high, fit.confidence_level)
            sentences.append(hazard_sentence(subject, reference, model.event, estimate))
        else:
            sentences.append(f"For {subject} no hazard ratio can be estimated: {term.reason}.")
    return paragraph(*sentences)


def describe_diagnostics(model: Model | Omitted, dictionary: Dictionary) -> Prose | Omitted:
    """Proportional hazards, events per parameter, and terms without an estimate."""
    if isinstance(model, Omitted):
        return model
    return paragraph(
        _events_per_parameter(model),
        _proportional_hazards(model, dictionary),
        _notes(model, dictionary),
    )


def _events_per_parameter(model: Model) -> str:
    parameters = model.shown.degrees_of_freedom
    if not parameters:
        return ""
    events = model.shown.events
    ratio = events / parameters
    few = f", fewer than the {FEW_EVENTS} often asked for" if ratio < FEW_EVENTS else ""
    return (
        f"The model spends {counted(parameters, 'parameter')} on "
        f"{counted(events, 'event')}, {format_fixed(ratio, 1)} events each{few}."
    )


def _proportional_hazards(model: Model, dictionary: Dictionary) -> str:
    hazards = model.proportional_hazards
    if math.isnan(hazards.global_.p_value):
        return "Proportional hazards cannot be tested."
    broken = [t for t in hazards.terms if t.p_value < NOTABLE_P]
    overall = (
        "The global test of proportional hazards gives "
        f"{format_p_statement(hazards.global_.p_value)}"
    )
    if not broken:
        return f"{overall}; no single term falls below P = .05."
    names = [
        f"{escape(lower_first(dictionary[t.variable].label))} ({format_p_statement(t.p_value)})"
        for t in broken
    ]
    return (
        f"{overall}; the hazard of {listed(names)} departs from proportionality, so its hazard "
        "ratio is an average over the time observed."
    )


def _notes(model: Model, dictionary: Dictionary) -> str:
    notes = (readable(note, dictionary) for note in model.shown.notes)
    return " ".join(f"{escape(capital(note))}." for note in notes)
