"""Which measured covariate moves the ratio most, and what a supposed one would have to be."""

from __future__ import annotations

import math

from analysis_lib.format import format_ratio
from analysis_lib.results.rows import unless_all_omitted
from analysis_lib.show.prose import (
    Prose,
    escape,
    estimate_of,
    in_paragraphs,
    of_several,
    paragraph,
    unless_withheld,
)
from analysis_lib.topics.unmeasured import COMPARED, RATIOS, REFERENCE
from analysis_lib.topics.unmeasured.numbers import Yardstick


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
    primary = one.results.value(one.of_primary(level), "hazard_ratio")

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
