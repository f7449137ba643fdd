"""The primary ratio where centres and years differ, in sentences."""

from __future__ import annotations

import math

from analysis_lib.format import format_fixed, format_ratio
from analysis_lib.labels import listed
from analysis_lib.marks import alike
from analysis_lib.results.rows import Omitted
from analysis_lib.show.prose import Prose, bullets, capital, escape, paragraph, ratio_of
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import Ladder


def describe_variants(ladder: Ladder, level: str) -> str:
    """Between what the primary ratio lies where centres and years are allowed for in turn."""
    known = [
        (model.label.removeprefix("the same "), ratio_of(model, level))
        for model in (*ladder.by_centre, *ladder.setting)
        if not math.isnan(ratio_of(model, level).value)
    ]
    if not known:
        return ""
    if len(known) == 1:
        return f"{capital(known[0][0])} it is {known[0][1].as_ratio}."
    named = f"In turn {listed(name for name, _ in known)}"
    values = [x.value for _, x in known]
    low, high = format_ratio(min(values)), format_ratio(max(values))
    lies = f"is {low}" if alike([low], [high]) else f"lies between {low} and {high}"
    inside = [x.contains_one for _, x in known]
    ones = "every interval contains" if all(inside) else "not every interval contains"
    return f"{named} it {lies}; {ones if any(inside) else 'no interval contains'} 1."


def frailty_variance(ladder: Ladder) -> str | None:
    """The variance of the frailty in words; None where there is no such model."""
    if not ladder.by_centre:
        return None
    effect = ladder.by_centre[0]
    variance = effect.results.value(effect.key, "frailty_variance")
    if math.isnan(variance):
        return None
    return f"{format_fixed(variance, 2)}" if variance else "zero"


def describe_errors(*ladders: Ladder) -> Prose:
    """What stands beside the model's own errors, as far as centres are recorded."""
    by_centre = any(not isinstance(x.errors, Omitted) for x in ladders)
    return paragraph(
        "Patients of one centre may resemble each other. A jackknife that leaves out one centre at "
        "a time gives errors that allow for it, with the interval of *t* [@lipsitz1994; "
        "@mackinnon2023]. Two further lines take the centres into the model: a gamma frailty lets "
        "their hazards differ at random [@therneau2003], strata let them differ in any way and "
        "compare patients of one centre only. Two more add calendar time and the volume of the "
        "centre to the terms, since who is given what changes over the years and from centre to "
        "centre."
        if by_centre
        else "",
        "The detectable hazard ratio [@schoenfeld1983] says what each comparison could have found.",
    )


def describe_limits(study: Study, *ladders: Ladder) -> Prose:
    """What the ladder and the gate cannot say, as far as it concerns this cohort."""
    zero = escape(study.dictionary.infusion)
    by_centre = any(not isinstance(x.errors, Omitted) for x in ladders)
    return bullets(
        ""
        if study.is_randomised
        else "Adjustment reaches what was recorded: why a patient is in one group and not in "
        "another is only in part in these covariates, and no row here removes the rest.",
        "Hazard ratios are not collapsible: adding a covariate that predicts the outcome moves "
        "them away from 1 even where it confounds nothing. A step between two rungs is not the "
        "amount of confounding.",
        f"Only patients who reached {zero} are compared. Whoever did not is in no row.",
        "Errors by centre rest on the number of centres, not of patients. The jackknife and its "
        "*t* allow for few of them, at the price of wide intervals. The frailty takes what centres "
        "do to the hazard to be independent of who was exposed there, and its variance as known; "
        "strata need neither, and learn nothing from a centre that gave one therapy only."
        if by_centre
        else "",
        "The detectable ratio takes the exposure to be independent of the covariates and the "
        "hazards to be proportional; where either fails, less could have been found.",
        ""
        if study.is_randomised
        else "The order in time behind each role rests on when a variable is known, not on when "
        "what it measures began.",
    )
