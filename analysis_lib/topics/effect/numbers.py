"""One hazard ratio, several questions: crude, adjusted, as published, and under other choices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis_lib.errors import CohortError, ParameterError
from analysis_lib.estimates.effects import Effect, FittedEffect, errors_by_centre, fit_effect
from analysis_lib.estimates.models import Model, fit_model
from analysis_lib.estimates.specification import (
    Specification,
    complete_cases,
    model_patients,
    varying_terms,
)
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.results.disclosure.release import combine
from analysis_lib.results.rows import OfStudy, Omitted, Results
from analysis_lib.results.store import once
from analysis_lib.stats.cox_robust import JackknifeErrors
from analysis_lib.study.eligibility import day
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics.effect.by_centre import centre_models, setting_models, with_errors

CRUDE = "ladder_crude"
CRUDE_AMONG_ADJUSTED = "ladder_crude_adjusted_population"
BASELINE = "ladder_baseline"
AS_PUBLISHED = "ladder_as_published"


@dataclass(frozen=True)
class Ladder:
    """The exposure's effect on one endpoint, from the crude one to the published model's.

    `baseline` is the primary adjusted model, `left_out` the terms that are the same in everyone,
    `errors` its errors by centre, `by_centre` the same model with a centre's own hazard, `setting`
    with calendar time and with the centre's volume.
    """

    outcome: str
    outcome_label: str
    exposure: Grouping
    crude: FittedEffect
    crude_among_adjusted: FittedEffect
    baseline: Model
    as_published: FittedEffect | None
    left_out: tuple[str, ...]
    errors: JackknifeErrors | Omitted
    by_centre: tuple[Effect, ...]
    setting: tuple[Effect, ...]
    results: Results

    @property
    def rungs(self) -> tuple[FittedEffect, ...]:
        own = (self.crude, self.crude_among_adjusted, self.baseline)
        return own if self.as_published is None else (*own, self.as_published)


@once
def exposure_ladder(study: Study, outcome: str) -> Ladder:
    """Crude in all infused and in the complete cases, baseline-adjusted, and as published.

    The adjusted rung is the primary model: baseline covariates alone, everyone infused, terms by
    parameter. The crude rung beside it has the same patients: what changes is the adjustment.
    """
    specification = baseline_specification(study, outcome)
    model = fit_model(study, specification)
    errors = errors_by_centre(study, model)
    adjusted = with_errors(study, model, errors)
    crude = _crude(study, outcome, CRUDE, "Crude, all infused", study.patients)
    among = complete_cases(study, specification).patients
    label = "Crude, patients of the adjusted model"
    crude_among = _crude(study, outcome, CRUDE_AMONG_ADJUSTED, label, among)
    published = None
    if outcome == study.model_outcome:
        name = f"{study.fixed_model.label}, model A"
        of_article = published_specification(study, name=AS_PUBLISHED, label=name)
        published = fit_effect(study, of_article)
    rungs = [x for x in (crude, crude_among, adjusted, published) if x is not None]
    by_centre = () if isinstance(errors, Omitted) else centre_models(study, model)
    setting = setting_models(study, model)
    return Ladder(
        outcome,
        study.dictionary[outcome].label,
        study.groups,
        crude,
        crude_among,
        adjusted,
        published,
        tuple(x for x in study.parameters.baseline_terms if x not in specification.terms),
        errors,
        by_centre,
        setting,
        combine(study, [x.results for x in (*rungs, *by_centre[:1], *setting)]),
    )


def baseline_specification(
    study: Study,
    outcome: str,
    *,
    name: str = BASELINE,
    label: str = "Adjusted for baseline covariates",
    population: str = "infused",
) -> Specification:
    """The primary adjusted model: the exposure and the baseline terms that vary."""
    patients = model_patients(study, population)
    terms = varying_terms(patients, study.parameters.baseline_terms)
    return Specification(name, label, outcome, study.groups, terms, population)


def published_specification(study: Study, *, name: str, label: str) -> Specification:
    """The article's terms and population, as the parameters have them."""
    population = study.parameters.model_population
    patients = model_patients(study, population)
    terms = varying_terms(patients, study.parameters.as_published_terms)
    return Specification(name, label, study.model_outcome, study.groups, terms, population)


def _crude(study: Study, outcome: str, name: str, label: str, among: pd.DataFrame) -> FittedEffect:
    said = study.dictionary.own_words(label)
    specification = Specification(name, said, outcome, study.groups, (), "infused")
    return fit_effect(study, specification, among=among)


@dataclass(frozen=True)
class Choice:
    """One other choice: its word, how a table calls it, and the study it makes."""

    name: str
    label: str
    study: Study


@dataclass(frozen=True)
class Choices:
    """Every other choice that can be made, and why the remaining ones cannot."""

    made: tuple[Choice, ...]
    left_out: tuple[str, ...]


def other_choices(study: Study) -> Choices:
    """Non-response, missing values, population, minimum follow-up and bridging, one at a time."""
    tries = (_nonresponse, _missing, _population, _restricted, _with_bridging)
    found = [attempt(study) for attempt in tries]
    return Choices(
        tuple(x for x in found if isinstance(x, Choice)),
        tuple(x for x in found if isinstance(x, str)),
    )


def _same_patients(study: Study, name: str, label: str, parameters: Parameters) -> Choice:
    """A choice that the models make, so that the patients stay as they are."""
    return Choice(name, label, replace(study, parameters=parameters))


def _nonresponse(study: Study) -> Choice | str:
    if not (study.patients["response"] == "no_response").any():
        return "No assessed non-response is recorded, so it cannot be counted as an event."
    counted = study.parameters.nonresponse_is_pfs_event
    an, ends = ("no", "progression") if counted else ("an", "event")
    label = f"Assessed non-response is {an} event ({ends}-free survival)"
    parameters = replace(study.parameters, nonresponse_is_pfs_event=not counted)
    return Choice("nonresponse", label, make_study(parameters, root=study.root))


def _missing(study: Study) -> Choice | str:
    complete = study.parameters.missing_rule == "complete_cases"
    rule = "missing_as_level" if complete else "complete_cases"
    label = "A missing category is a level" if complete else "Complete cases only"
    return _same_patients(study, "missing", label, replace(study.parameters, missing_rule=rule))


def _population(study: Study) -> Choice | str:
    if not (study.patients["cr_cri"] == "yes").any():
        said = study.dictionary.own_words("No response to the infusion is recorded")
        return f"{said}, so no model can be fitted in responders."
    other = "infused" if study.parameters.model_population == "responders" else "responders"
    parameters = replace(study.parameters, model_population=other)
    return _same_patients(study, "population", "", parameters)


def _restricted(study: Study) -> Choice | str:
    """Follow-up long enough by the calendar, whoever died or was lost before."""
    given, done = study.parameters, study.dictionary.infused or "treated"
    if not given.minimum_followup_days:
        return "No minimum follow-up is asked for, so none can be asked for in another way."
    lock = dt.date.fromisoformat(study.data_lock)
    last = (lock - dt.timedelta(days=given.minimum_followup_days)).isoformat()
    end = min(given.infusion_end or last, last)
    if end < given.infusion_start:
        return f"Nobody was {done} {given.minimum_followup_days} days before the data lock."
    parameters = replace(given, infusion_end=end, minimum_followup_days=0)
    try:
        made = make_study(parameters, root=study.root)
    except (CohortError, ParameterError) as error:  # nobody left, or not followed long enough
        return f"Restricted to {study.dictionary.infusion}s by {day(end)}: {error}."
    return Choice("followup", f"{done.capitalize()} by {day(end)}, any follow-up", made)


def _with_bridging(study: Study) -> Choice | str:
    given, name = study.parameters, "bridging_therapy"
    if study.groups.variable == name or name in given.baseline_terms:
        return ""
    if study.patients[name].nunique() < 2:
        return "Bridging therapy is the same in all patients or not recorded."
    parameters = replace(given, baseline_terms=[*given.baseline_terms, name])
    return _same_patients(study, "bridging", "Bridging therapy among the terms", parameters)


POPULATION_LABELS = {"responders": "Responders only", "infused": "All infused"}
# Non-response is an event of PFS or of nothing; bridging therapy is among the article's terms.
ONLY_PFS = ("nonresponse",)
ONLY_BASELINE = ("bridging",)


@dataclass(frozen=True)
class Family:
    """One model of one endpoint: as it was chosen, then with one choice changed at a time."""

    outcome: str
    label: str
    chosen: FittedEffect
    others: tuple[FittedEffect, ...]

    @property
    def effects(self) -> tuple[FittedEffect, ...]:
        return (self.chosen, *self.others)


@dataclass(frozen=True)
class Sensitivity:
    """Families of models; `results` hold the other choices, the ladders hold the chosen."""

    families: tuple[Family, ...]
    left_out: tuple[str, ...]
    results: Results


@once
def sensitivity_to_choices(study: Study) -> Sensitivity:
    """The article's model (PFS) and the primary model (each endpoint) under every other choice."""
    choices = other_choices(study)
    families = []
    for outcome in study.parameters.endpoints:
        ladder = exposure_ladder(study, outcome)
        if ladder.as_published is not None:
            families.append(_published_family(ladder, ladder.as_published, choices.made))
        families.append(_baseline_family(ladder, choices.made))
    results = combine(study, (x.results for family in families for x in family.others))
    return Sensitivity(tuple(families), tuple(x for x in choices.left_out if x), results)


def _published_family(ladder: Ladder, chosen: FittedEffect, choices: Sequence[Choice]) -> Family:
    others, own_words = [], ladder.results.dictionary.own_words
    for choice in choices:
        if choice.name in ONLY_BASELINE:
            continue
        population = choice.study.parameters.model_population
        label = choice.label or own_words(POPULATION_LABELS[population])
        name = f"sensitivity_as_published_{choice.name}"
        specification = published_specification(choice.study, name=name, label=label)
        others.append(fit_effect(choice.study, specification))
    return _family(ladder, f"{ladder.outcome_label}, model A", chosen, others)


def _baseline_family(ladder: Ladder, choices: Sequence[Choice]) -> Family:
    others, own_words = [], ladder.results.dictionary.own_words
    for choice in choices:
        if choice.name in ONLY_PFS and ladder.outcome != "pfs":
            continue
        population = "responders" if choice.name == "population" else "infused"
        specification = baseline_specification(
            choice.study,
            ladder.outcome,
            name=f"sensitivity_baseline_{choice.name}",
            label=choice.label or own_words(POPULATION_LABELS[population]),
            population=population,
        )
        others.append(fit_effect(choice.study, specification))
    return _family(ladder, f"{ladder.outcome_label}, baseline-adjusted", ladder.baseline, others)


def _family(of: Ladder, label: str, chosen: FittedEffect, others: list[FittedEffect]) -> Family:
    return Family(of.outcome, label, replace(chosen, label="As specified"), tuple(others))


def parts(study: Study) -> Iterator[OfStudy]:
    """The ladder of every endpoint, and the other choices."""
    for outcome in study.parameters.endpoints:
        yield exposure_ladder(study, outcome)
    yield sensitivity_to_choices(study)
