"""What is asked and what the selection of the infused leaves out, in sentences."""

from __future__ import annotations

from math import isnan

from analysis_lib.format import format_count, format_number
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, population
from analysis_lib.show.prose import Prose, escape, group_phrase, paragraph
from analysis_lib.topics.estimands.numbers import (
    ANALYSIS,
    COMPONENT,
    CONFOUNDER,
    EITHER,
    MEDIATOR,
    UNORDERED,
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
    return paragraph(
        f"Of the terms of the primary model these are known before {exposure} and can confound "
        f"but not mediate: {certain}."
        if certain
        else f"No term of the primary model is sure to be known before {exposure}.",
        f"Whether these came before it is not recorded: {unordered}." if unordered else "",
        f"These are known after it may have begun: {either}. Adjusting for what it changed takes "
        "away a part of its own association, adjusting for what it did not change takes away "
        "confounding, and the records do not tell the two apart."
        if either
        else "",
        f"Fixed by the exposure itself: {component}." if component else "",
        _published(estimands),
    )


def describe_selection(estimands: Estimands) -> Prose:
    """What the extract cannot show of those who were never infused."""
    waits = _waits(estimands)
    n = estimands.results.value(Key(ANALYSIS, population="infused", statistic="n"))
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


def _published(estimands: Estimands) -> str:
    after = [x for x in estimands.covariates if x.as_published and x.role == MEDIATOR]
    if not after or estimands.fixed is None:
        return ""
    return (
        "Model A answers another question, for it holds what is known only after "
        f"infusion: {_names(after)}."
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
