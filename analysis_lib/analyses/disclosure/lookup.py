"""Whether the count of a row is shown, by the patients that it counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis_lib.analyses.disclosure import sets
from analysis_lib.analyses.disclosure.families import RESPONSE, steps
from analysis_lib.analyses.disclosure.plan import Plan
from analysis_lib.analyses.disclosure.protect import Family, Members
from analysis_lib.cohort import Study
from analysis_lib.parameters.timing import AFTER_INFUSION

if TYPE_CHECKING:
    from analysis_lib.analyses.results import Key

# Whether a set's count is shown; and the set itself, with the set that a share is taken of.
Place = tuple[Callable[[Members], bool], Members, Members | None]
ATTRITION, MISSING = "attrition", "missing_values"
BASELINE = {
    "baseline_by_exposure": None,
    "baseline_by_response": "response",
    "baseline_by_timing": "timing",
}


def attrition_shown(study: Study) -> dict[tuple[str, str], bool]:
    """Each rule's `excluded` and `remaining`: shown or not; the eligible always are."""
    applied = study.attrition.steps
    out, left = steps(applied[0].entered, [step.excluded for step in applied])
    given = {left[-1].tobytes(): True}
    everyone = left[0] | out[0]
    family = Family([everyone, *out, *left], study.parameters.small_cell, given)
    shown = {("entered", ""): family.published(everyone)}
    for step, gone, rest in zip(applied, out, left, strict=True):
        shown[step.name, "excluded"] = family.published(gone)
        shown[step.name, "remaining"] = family.published(rest)
    return shown


def place(study: Study, plan: Plan, key: Key) -> Place | None:
    """The patients a row counts; None where nobody can say, so that nothing is shown."""
    within = _population(study, key)
    if within is None:
        return None
    if key.statistic == "n" and (not key.variable or key.analysis == "followup"):
        return (lambda _: plan.of_population(key)), within, within
    if key.analysis == "flow":
        counted = sets.everyone(study)
        if key.variable != "infused":
            counted = within & sets.of_level(study, key.variable, key.level)
        return plan.sizes, counted, within
    if key.analysis in BASELINE:
        return _of_variable(study, plan, key, within)
    if key.analysis in ("toxicity", RESPONSE):
        return _of_outcome(study, plan, key, within)
    if key.analysis == MISSING:
        return _of_missing(study, plan, key, within)
    return _of_endpoint(study, plan, key, within)


def _population(study: Study, key: Key) -> Members | None:
    """The population of a row; a table by response or timing is of those in its groups."""
    split = BASELINE.get(key.analysis)
    grouping = getattr(study.exposure, split) if split else None
    if grouping is not None and key.population == "infused":
        return sets.among(study, grouping)
    return sets.population(study, key.population)


def _of_variable(study: Study, plan: Plan, key: Key, within: Members) -> Place:
    if not key.variable:
        return plan.sizes, within, within
    counted = (
        sets.known(study, key.variable)
        if key.statistic == "n_evaluable"
        else sets.of_level(study, key.variable, key.level)
    )
    return plan.variable(key.variable).published, within & counted, within


def _of_outcome(study: Study, plan: Plan, key: Key, within: Members) -> Place | None:
    family = plan.response() if key.analysis == RESPONSE else None
    if key.statistic == "n_evaluable":
        column = key.outcome
        if column not in study.patients:
            return None
        outcome = column.removesuffix("_onset_days")
        family = plan.outcome(outcome)
        return family.published, within & sets.known(study, column), within
    found = sets.happened(study, key)
    if found is None:
        return None
    family = plan.outcome(key.outcome) if family is None else family
    return family.published, within & found[0] & found[1], within & found[1]


def _of_missing(study: Study, plan: Plan, key: Key, within: Members) -> Place | None:
    """Patients without a value of what is known before infusion, if it concerns everyone."""
    splits = (study.groups, study.exposure.response, study.exposure.timing)
    apart = {*AFTER_INFUSION, *(x.variable for x in splits if x is not None)}
    if key.variable not in study.patients or key.variable in apart:
        return None
    family = plan.variable(key.variable)
    return family.published, within & ~sets.known(study, key.variable), within


def _of_endpoint(study: Study, plan: Plan, key: Key, within: Members) -> Place | None:
    """Events, and events and patients at risk by a time, of survival by exposure alone."""
    if key.outcome not in study.parameters.endpoints or key.variable:
        return None
    event = study.patients[f"{key.outcome}_event"].to_numpy(dtype=bool)
    months = study.patients[f"{key.outcome}_months"].to_numpy(dtype=float)
    if key.statistic == "events":
        return plan.endpoints().published, within & event, within
    if key.analysis != "survival_by_exposure" or key.time_months is None:
        return None
    family = plan.endpoints()
    if key.statistic == "at_risk":
        return family.published, within & (months >= key.time_months), within
    if key.statistic == "events_to_date":
        return family.published, within & event & (months <= key.time_months), within
    return None
