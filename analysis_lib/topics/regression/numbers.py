"""Cox regression for one endpoint: the screen, the article's models, and those it gives."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analysis_lib.estimates.effects import coefficient_rows, penalised
from analysis_lib.estimates.models import Model, ModelSet, fit_model
from analysis_lib.estimates.specification import Specification, complete_cases, model_patients
from analysis_lib.results.disclosure.models import shown_fit, withheld_count
from analysis_lib.results.disclosure.release import combine, study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.cox_intervals import fit_cox_entered
from analysis_lib.stats.cox_results import CoxFit
from analysis_lib.stats.cox_tests import global_test
from analysis_lib.study.exposure import Grouping, group_by
from analysis_lib.study.study import Study


@dataclass(frozen=True)
class Screened:
    """One candidate: its univariable model and whether it enters, and why."""

    variable: str
    label: str
    fit: CoxFit
    p_value: float
    forced: bool
    enters: bool


@dataclass(frozen=True)
class Screen:
    """The univariable screen of every candidate and of the exposure, in the candidates' order."""

    exposure: Screened
    candidates: tuple[Screened, ...]
    outcome: str
    population: str
    considered: float
    entry_p: float
    results: Results

    @property
    def key(self) -> Key:
        """What the keys of the univariable models have in common."""
        return Key("cox_univariable", self.outcome, self.population)

    @property
    def entered(self) -> tuple[str, ...]:
        return tuple(candidate.variable for candidate in self.candidates if candidate.enters)


@once
def screen_candidates(study: Study) -> Screen:
    """The univariable model of each candidate; it enters below the entry P, or because forced.

    The P value is the likelihood-ratio test of the whole factor on the patients known for it.
    """
    parameters = study.parameters
    patients = model_patients(study, parameters.model_population)
    known = [name for name in candidate_names(study) if study.patients[name].notna().any()]
    exposure = _screen_one(study, patients, study.groups.variable)
    candidates = tuple(_screen_one(study, patients, name) for name in known)
    common = Key("cox_univariable", study.model_outcome, parameters.model_population)
    rows: list[Row] = []
    for one in (exposure, *candidates):
        here = context(common._replace(variable=one.variable), n=one.fit.n)
        rows += [
            *here.patients({"n": one.fit.n, "events": one.fit.events}),
            here.at("lr_p_value", one.p_value, method="Likelihood ratio test"),
            here.at("enters", float(one.enters), method=f"P < {parameters.entry_p:g} or forced"),
            *coefficient_rows(common, one.fit),
        ]
    whole = len(patients) == len(study.patients)
    everyone = common._replace(statistic="n")
    count = len(patients) if whole else withheld_count(study, len(patients))
    results = study_results(study, [*rows, context(everyone).at("n", count, unit="patients")])
    return Screen(
        _shown(exposure, results, common),
        tuple(_shown(one, results, common) for one in candidates),
        study.model_outcome,
        parameters.model_population,
        results.value(everyone),
        parameters.entry_p,
        results,
    )


def _shown(one: Screened, results: Results, key: Key) -> Screened:
    """The candidate with its model as it may be shown."""
    fit = shown_fit(one.fit, results, key._replace(variable=one.variable), key)
    test = results.value(key._replace(variable=one.variable, statistic="lr_p_value"))
    return replace(one, fit=fit, p_value=test)


def candidate_names(study: Study) -> list[str]:
    """Candidates in their order, then forced terms that are not among them."""
    parameters = study.parameters
    extra = [name for name in parameters.forced_terms if name not in parameters.candidates]
    return [*parameters.candidates, *extra]


def _screen_one(study: Study, patients: pd.DataFrame, name: str) -> Screened:
    parameters = study.parameters
    terms = () if name == study.groups.variable else (name,)
    alone = Specification("univariable", "", study.model_outcome, study.groups, terms, "")
    cases = complete_cases(study, alone, patients)
    covariates = cases.covariates[[name]]
    fit = fit_cox_entered(
        cases.entry, *cases.followed, covariates, confidence_level=study.confidence_level
    )
    p_value = global_test(fit).p_value
    fit = penalised(fit, *cases.followed, covariates, name)
    forced = name in parameters.forced_terms
    return Screened(
        name,
        study.dictionary[name].label,
        fit,
        p_value,
        forced,
        forced or p_value < parameters.entry_p,
    )


@once
def as_published_models(study: Study) -> ModelSet:
    """The terms fixed by parameter, by default the article's, whatever the screen says."""
    terms = tuple(study.parameters.as_published_terms)
    return _model_set(study, "as_published", study.fixed_model.label, terms)


@once
def screened_models(study: Study) -> ModelSet:
    """The terms that this cohort's screen lets in, and the forced ones."""
    return _model_set(study, "screened", "Screened", screen_candidates(study).entered)


def _model_set(study: Study, name: str, label: str, terms: tuple[str, ...]) -> ModelSet:
    patients = model_patients(study, study.parameters.model_population)
    held = tuple(x for x in terms if patients[x].nunique() > 1)
    left_out = tuple(x for x in terms if x not in held)
    models = []
    for suffix, heading, grouping in _exposure_forms(study):
        specification = Specification(
            f"{name}_{suffix}",
            f"{label}, {heading}",
            study.model_outcome,
            grouping,
            held,
            study.parameters.model_population,
        )
        models.append(fit_model(study, specification))
    results = combine(study, (model.results for model in models))
    return ModelSet(name, label, tuple(models), held, left_out, results)


def distinct_models(fixed: ModelSet, screened: ModelSet) -> tuple[ModelSet, ...]:
    """Both, or the first alone where their terms, and so their models, are the same."""
    return (fixed,) if set(fixed.terms) == set(screened.terms) else (fixed, screened)


def _exposure_forms(study: Study) -> list[tuple[str, str, Grouping]]:
    """Model A by exposure; model B by response to it, unknown left out, then as a level."""
    forms = [("a", f"model A: {study.exposure.phrase}", study.groups)]
    combined = study.exposure.combined
    if combined is None:
        return forms
    forms.append(("b", f"model B: {combined.phrase}, unknown left out", combined))
    every = group_by(study.patients, combined.variable, study.dictionary)
    if len(every.levels) > len(combined.levels):
        forms.append(("b_unknown", f"model B: {combined.phrase}, unknown as a level", every))
    return forms


def model_b(models: ModelSet, *, unknown_as_level: bool = False) -> Model | Omitted:
    """The model by response to the exposure; an unknown response left out, or a level."""
    suffix = "b_unknown" if unknown_as_level else "b"
    for model in models.models:
        if model.specification.name == f"{models.name}_{suffix}":
            return model
    if unknown_as_level and len(models.models) > 1:
        return Omitted("No response to the exposure is unknown; model B stands as it is.")
    return Omitted("The extract records no response to the exposure; model B is left out.")
