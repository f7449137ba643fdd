"""Which measured covariate moves the ratio most, and what a supposed one would have to be."""

from __future__ import annotations

import math

from analysis_lib.dictionary import Variable
from analysis_lib.format import format_count, format_ratio
from analysis_lib.labels import level_label
from analysis_lib.results.rows import unless_all_omitted, unless_omitted
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    capital,
    escape,
    estimate_of,
    group_phrase,
    in_paragraphs,
    of_several,
    paragraph,
    unless_withheld,
)
from analysis_lib.topics.unmeasured import COMPARED, RATIOS, REFERENCE
from analysis_lib.topics.unmeasured.controls import Controls
from analysis_lib.topics.unmeasured.numbers import Yardstick

# Why a control may be none, of those of whom the field knows it.
_OWN_EFFECT = {
    "prior_blinatumomab": (
        "Blinatumomab can leave cells behind that have lost its target, CD19, on which most CAR T "
        "cells depend: it may bear on relapse itself, and then is no negative control."
    ),
    **dict.fromkeys(
        ("crs", "icans"),
        "Toxicity follows the burden of disease, on which the exposure may bear: then it is an "
        "effect of the exposure, and no negative control.",
    ),
}


@unless_all_omitted
def describe_yardstick(*several: Yardstick) -> Prose:
    """A paragraph per endpoint and group."""
    return in_paragraphs(
        _described(one, level) for one in several for level in one.exposure.levels[1:]
    )


def _described(one: Yardstick, level: str) -> Prose:
    whom = f"{escape(one.outcome_label)}{of_several(one.exposure, level)}"
    primary = estimate_of(one.results, one.of_primary(level), "hazard_ratio")
    if math.isnan(primary.value) or not one.terms:
        text = f"{whom}: no adjusted hazard ratio could be explained."
        return Prose(unless_withheld(text, primary.value))
    return paragraph(f"{whom}: {_strongest(one, level)}", _supposed(one, level))


def _strongest(one: Yardstick, level: str) -> str:
    """The covariate without which the ratio is farthest from that of the model."""
    primary = one.results.value(one.of_primary(level), "hazard_ratio")

    def moves(term: str) -> float:
        other = one.results.value(one.without(term, level), "hazard_ratio")
        return abs(math.log(other / primary)) if other > 0 else 0.0

    term = max(one.terms, key=moves)
    key = one.without(term, level)
    without = one.results.value(key, "hazard_ratio")
    moved = estimate_of(one.results, key, "hazard_ratio_beside_another")
    name = escape(one.results.dictionary[term].phrase)
    return (
        f"of the measured covariates {name} moves the adjusted hazard ratio most, from "
        f"{format_ratio(without)} without it to {format_ratio(primary)}; beside another as strong "
        f"it would be {format_ratio(moved.value)} ({moved.interval(format_ratio)})."
    )


def _supposed(one: Yardstick, level: str) -> str:
    """The weakest supposed confounder that would leave nothing of the ratio."""
    whole = estimate_of(one.results, one.of_primary(level), "hazard_ratio")
    if whole.contains_one:
        return "Its interval contains 1 without any such confounder, so that none is needed."
    primary = whole.value

    def explained(ratio: float, prevalence: float) -> bool:
        left = one.results.value(one.supposed(ratio, prevalence, level), "hazard_ratio")
        return left <= 1 if primary >= 1 else left >= 1

    found = [(x, p) for x in RATIOS for p in COMPARED if explained(x, p)]
    if not found:
        return "None of the supposed confounders would leave nothing of it."
    ratio, prevalence = found[0]
    groups = ("compared", "reference") if primary >= 1 else ("reference", "compared")
    return (
        f"A confounder of hazard ratio {ratio:g} would leave nothing of it, were it "
        f"in {prevalence:.0%} of the {groups[0]} and {REFERENCE:.0%} of "
        f"the {groups[1]} group."
    )


@unless_omitted
def describe_controls(controls: Controls) -> Prose:
    """A paragraph of the control exposure and one of the control outcome; why one is not there."""
    return in_paragraphs(
        x
        for x in (
            paragraph(*_of_exposure(controls), *_own_effect(controls.exposure)),
            paragraph(*_of_outcome(controls), *_own_effect(controls.outcome)),
            paragraph(*map(escape, controls.left_out)),
        )
        if str(x)
    )


def _own_effect(control: Variable | None) -> tuple[str, ...]:
    return (_OWN_EFFECT[control.name],) if control and control.name in _OWN_EFFECT else ()


def _of_exposure(controls: Controls) -> list[str]:
    control, said = controls.exposure, []
    if control is None:
        return []
    again = False
    for outcome in controls.endpoints:
        for level in controls.levels[1:]:
            found = estimate_of(
                controls.results, controls.of_exposure(outcome, level), "hazard_ratio"
            )
            which = "" if len(controls.levels) == 2 else f" ({escape(level_label(control, level))})"
            whose = f"{escape(control.phrase)}{which}"
            name = escape(controls.results.dictionary[outcome].label)
            said.append(
                f"{name}: beside the exposure and all covariates the hazard ratio of {whose} "
                f"{_found(found, 'it bears on the endpoint itself', again=again)}."
            )
            again = again or found.contains_one
    return said


def _of_outcome(controls: Controls) -> list[str]:
    control, groups, said = controls.outcome, controls.groups, []
    if control is None:
        return []
    for level in groups.levels[1:]:
        counts = [
            " of ".join(
                format_count(controls.results.value(controls.of_outcome(x), name))
                for name in ("events_at_level", "n_at_level")
            )
            for x in (level, groups.reference)
        ]
        found = estimate_of(controls.results, controls.of_outcome(level), "odds_ratio")
        said.append(
            f"{capital(escape(control.phrase))}: {counts[0]} in {group_phrase(groups, level)} and "
            f"{counts[1]} in {group_phrase(groups)}; adjusted, the odds ratio "
            f"{_found(found, 'the exposure bears on it')}."
        )
    return said


def _found(found: Estimate, itself: str, *, again: bool = False) -> str:
    """The ratio, and what it can and cannot show, unless that was said just before."""
    if math.isnan(found.value):
        return unless_withheld("is not estimable", found.value)
    if found.contains_one:
        shows = " as well" if again else ", which shows neither confounding nor its absence"
        return f"is {found.as_ratio}; the interval contains 1{shows}"
    return (
        f"is {found.as_ratio}; the interval excludes 1: {itself}, or something that is not "
        "recorded goes with both"
    )
