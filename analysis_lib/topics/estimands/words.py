"""What is asked and what the selection of the infused leaves out, in sentences."""

from __future__ import annotations

from math import isnan

from analysis_lib.format import constant, format_count, format_number, of_parameter
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, population
from analysis_lib.show.prose import Prose, escape, group_phrase, paragraph
from analysis_lib.study.eligibility import day
from analysis_lib.study.known import known_by_zero
from analysis_lib.study.study import Study
from analysis_lib.topics.estimands.numbers import (
    ANALYSIS,
    COMPONENT,
    CONFOUNDER,
    EITHER,
    MEDIATOR,
    UNORDERED,
    UNSTATED,
    WAITING,
    CovariateRole,
    Estimands,
)


def describe_roles(estimands: Estimands) -> Prose:
    """Which terms of the primary model can only confound, and which may be consequences."""
    terms = [x for x in estimands.covariates if x.in_primary]
    certain = _names([x for x in terms if x.role == CONFOUNDER])
    unordered = _names([x for x in terms if x.role == UNORDERED])
    either = _names([x for x in terms if x.role == EITHER])
    component = _names([x for x in terms if x.role == COMPONENT])
    exposure = escape(estimands.exposure.phrase)
    unstated = _names([x for x in terms if x.role == UNSTATED])
    not_stated = f"When these are known is not stated: {unstated}." if unstated else ""
    if estimands.randomised:
        return paragraph(
            f"The groups by {exposure} were assigned at random, so that no covariate confounds "
            "their comparison; adjusting for one takes away chance imbalance and makes the "
            "estimate conditional on it.",
            not_stated,
            _published(estimands),
        )
    return paragraph(
        f"Of the terms of the primary model these are known before {exposure} and can confound "
        f"but not mediate: {certain}."
        if certain
        else f"No term of the primary model is sure to be known before {exposure}.",
        f"Whether these came before it is not recorded: {unordered}." if unordered else "",
        not_stated,
        f"These are known after it may have begun: {either}. Adjusting for what it changed takes "
        "away a part of its own association, adjusting for what it did not change takes away "
        "confounding, and the records do not tell the two apart."
        if either
        else "",
        f"Fixed by the exposure itself: {component}." if component else "",
        _published(estimands),
    )


def describe_later(study: Study) -> Prose:
    """What is never a term of the primary model, and bridging therapy as far as it is recorded."""
    zero = escape(study.dictionary.infusion)
    bridging = (
        "Bridging therapy comes before it and is still left out by default: it is chosen after "
        "apheresis for the course that the disease has taken by then, so that it may be a "
        "consequence of earlier therapy or, where the exposure is itself given as bridging, a part "
        "of it. Adjusting for it would take away a part of what is asked for; it is tried as a "
        "variant in @sec-choices."
    )
    return paragraph(
        f"What is known only after {zero}, such as what is given or measured then, is never a term "
        "of the primary model.",
        bridging if study.patients["bridging_therapy"].notna().any() else "",
    )


def stated_terms(study: Study) -> str:
    """What may be said of when the terms of the primary model are known, after `covariates`."""
    zero, terms = escape(study.dictionary.infusion), study.parameters.baseline_terms
    stated = [study.dictionary[x] for x in terms if study.dictionary[x].known]
    known = known_by_zero(stated, zero)
    if len(stated) == len(terms):
        return known
    if not stated:
        return f"of which it is not stated whether they were {known}"
    whole = of_parameter("baseline_terms", len(terms))
    said = constant(len(stated), "terms of which mapping or dictionary state when they are known")
    n = f"{format_count(said)} of {format_count(whole)}"
    return f"of which {n} are stated to be {known}"


def planned(study: Study) -> str:
    """Where the choices of the analysis were laid down, and whether before the data were locked."""
    plan = study.plan
    if plan is None:
        return ""
    before = " before the outcome was looked at" if plan.date <= study.data_lock else ""
    return f"laid down in the analysis plan of {day(plan.date)} ({escape(plan.where)}){before}"


def declared_primary(study: Study) -> str:
    """The one primary estimand, and what that makes of everything else."""
    primary = study.primary
    if primary is None:
        return "No primary estimand was declared, so that every comparison is exploratory."
    outcome = escape(study.dictionary[primary.outcome].phrase)
    return (
        f"The primary estimand is the {primary.kind} hazard ratio of {outcome}; all else is "
        "exploratory."
    )


def describe_selection(estimands: Estimands) -> Prose:
    """What the extract cannot show of those who were never infused."""
    waits = _waits(estimands)
    n = estimands.results.value(Key(ANALYSIS, population="infused", statistic="n"))
    infusion = estimands.results.dictionary.infusion
    if not estimands.results.dictionary.infused:
        return _selection_of_others(estimands, n, infusion)
    return paragraph(
        f"All {format_count(n)} patients were infused. Whoever was referred or had apheresis and "
        "was not infused, after progression, death, toxicity or failed manufacturing, is in no "
        "row of the extract, and how many they are by group is not known.",
        f"Among the infused the median time from apheresis to infusion was {waits}; a longer "
        "wait leaves more time to be lost in it."
        if waits
        else "",
        "If the exposure, or the reason for it, changed the chance to reach infusion, the groups "
        "differ by that selection as well, and no covariate here removes it.",
    )


def _selection_of_others(estimands: Estimands, n: float, zero: str) -> Prose:
    """The same where nothing is known of how patients came to their day zero."""
    chosen = (
        "What happened between the assignment and that day is not seen."
        if estimands.randomised and estimands.time_zero != zero
        else "If the exposure, or the reason for it, changed the chance to reach it, the groups "
        "differ by that selection as well, and no covariate here removes it."
    )
    return paragraph(
        f"All {format_count(n)} patients reached {escape(zero)}: whoever did not is in no row "
        "of the extract.",
        "" if estimands.randomised and estimands.time_zero == zero else chosen,
    )


def _published(estimands: Estimands) -> str:
    after = [x for x in estimands.covariates if x.as_published and x.role == MEDIATOR]
    if not after:
        return ""
    return (
        "Model A answers another question, for it holds what is known only after "
        f"{escape(estimands.results.dictionary.infusion)}: {_names(after)}."
    )


def _names(covariates: list[CovariateRole]) -> str:
    """Separated by semicolons: a label may hold a comma."""
    return "; ".join(escape(x.variable.phrase) for x in covariates)


def _waits(estimands: Estimands) -> str:
    exposure, parts = estimands.exposure, []
    for level in exposure.levels:
        key = Key(ANALYSIS, "", population("infused", exposure, level), WAITING)
        median = estimands.results.value(key, "median")
        if not isnan(median):
            who = group_phrase(exposure, level)
            parts.append(f"{format_number(median)} days in {who}")
    return listed(parts)
