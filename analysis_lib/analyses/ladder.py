"""One hazard ratio, several questions: crude, crude in fewer patients, adjusted, as published."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analysis_lib.analyses.effects import Effect, effect_of_model, fit_effect, varying_terms
from analysis_lib.analyses.models import Model, Specification, design, fit_model, model_patients
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Results, combine, study_results
from analysis_lib.analyses.robust import errors_by_centre, robust_rows
from analysis_lib.cohort import Grouping, Study
from analysis_lib.stats import ClusteredErrors

CRUDE = "ladder_crude"
CRUDE_AMONG_ADJUSTED = "ladder_crude_adjusted_population"
BASELINE = "ladder_baseline"
AS_PUBLISHED = "ladder_as_published"
PUBLISHED_OUTCOME = "pfs"


@dataclass(frozen=True)
class Ladder:
    """The exposure's effect on one endpoint, from the crude one to the published model's.

    `model` is the primary adjusted model with its covariates and diagnostics, `left_out` the
    baseline terms that are the same in everyone, `errors` its errors by centre. `as_published` is
    None for an endpoint that the article does not model.
    """

    outcome: str
    outcome_label: str
    exposure: Grouping
    crude: Effect
    crude_among_adjusted: Effect
    baseline: Effect
    as_published: Effect | None
    model: Model
    left_out: tuple[str, ...]
    errors: ClusteredErrors | Omitted
    results: Results

    @property
    def rungs(self) -> tuple[Effect, ...]:
        own = (self.crude, self.crude_among_adjusted, self.baseline)
        return own if self.as_published is None else (*own, self.as_published)


def exposure_ladder(study: Study, outcome: str) -> Ladder:
    """Crude in all infused and in the complete cases, baseline-adjusted, and as published.

    The adjusted rung is the primary model: baseline covariates alone, everyone infused, terms
    fixed by parameter. The crude rung beside it holds the same patients, so that what changes
    between the two is the adjustment and nothing else.
    """
    specification = baseline_specification(study, outcome)
    model = fit_model(study, specification)
    adjusted = effect_of_model(study, model)
    errors = errors_by_centre(study, adjusted)
    if not isinstance(errors, Omitted):
        rows = (*adjusted.results, *robust_rows(adjusted, errors))
        adjusted = replace(adjusted, results=study_results(study, rows))
    crude = _crude(study, outcome, CRUDE, "Crude, all infused", study.patients)
    covariates, _ = design(study.patients, specification, study)
    among = study.patients.loc[covariates.index]
    label = "Crude, patients of the adjusted model"
    crude_among = _crude(study, outcome, CRUDE_AMONG_ADJUSTED, label, among)
    published = _as_published(study) if outcome == PUBLISHED_OUTCOME else None
    rungs = [x for x in (crude, crude_among, adjusted, published) if x is not None]
    return Ladder(
        outcome,
        study.dictionary[outcome].label,
        study.groups,
        crude,
        crude_among,
        adjusted,
        published,
        model,
        tuple(x for x in study.parameters.baseline_terms if x not in specification.terms),
        errors,
        combine(study, (rung.results for rung in rungs)),
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
    return Specification(name, label, PUBLISHED_OUTCOME, study.groups, terms, population)


def _crude(study: Study, outcome: str, name: str, label: str, among: pd.DataFrame) -> Effect:
    specification = Specification(name, label, outcome, study.groups, (), "infused")
    return fit_effect(study, specification, among=among)


def _as_published(study: Study) -> Effect:
    label = f"{study.fixed_model.label}, model A"
    return fit_effect(study, published_specification(study, name=AS_PUBLISHED, label=label))
