"""A Cox model as the report uses it: specification, patients, fit, and diagnostics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis_lib.dictionary import Variable
from analysis_lib.results.disclosure.models import shown_fit, withheld_counts
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Results, Row, context
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit
from analysis_lib.stats.cox_tests import LikelihoodRatio, drop_one_tests, generalized_vif
from analysis_lib.stats.proportional_hazards import ProportionalHazards, proportional_hazards_test
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study

METHOD = "Cox model, Efron ties, Wald interval"


@dataclass(frozen=True)
class Specification:
    """What goes into a model: the exposure's grouping and the covariates beside it."""

    name: str
    label: str
    outcome: str
    exposure: Grouping
    terms: tuple[str, ...]
    population: str

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.exposure.variable, *self.terms)


@dataclass(frozen=True)
class Model:
    """A fitted model; `excluded` counts patients left out for a missing value, per variable.

    `event` is what ends the time, in words.
    """

    specification: Specification
    fit: CoxFit
    likelihood_ratios: dict[str, LikelihoodRatio]
    proportional_hazards: ProportionalHazards
    vif: dict[str, float]
    considered: int
    excluded: dict[str, int]
    missing_rule: str
    event: str
    results: Results

    @property
    def used(self) -> int:
        return self.fit.n

    @cached_property
    def shown(self) -> CoxFit:
        """The fit as it may be shown."""
        of = self.specification
        return shown_fit(self.fit, self.results, Key(f"cox_{of.name}", of.outcome, of.population))


def model_patients(study: Study, population: str) -> pd.DataFrame:
    """The patients in whom the models are fitted: the responders, or everyone infused."""
    patients = study.patients
    return patients[patients["cr_cri"] == "yes"] if population == "responders" else patients


def design(
    patients: pd.DataFrame, specification: Specification, study: Study
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Covariates of the complete cases, and the patients each variable leaves out.

    With `missing_as_level` a missing category is a level of its own; a missing number still
    leaves its patient out.
    """
    frame = typed_covariates(patients, specification, study)
    missing = frame.isna()
    excluded = {str(name): int(count) for name, count in missing.sum().items() if count}
    return frame[~missing.any(axis=1)], withheld_counts(study, excluded)


def typed_covariates(
    patients: pd.DataFrame, specification: Specification, study: Study
) -> pd.DataFrame:
    """The exposure and the terms, typed for a model, with what is missing still in place."""
    columns = {
        name: _covariate(patients[name], study.dictionary[name], study.parameters.missing_rule)
        for name in specification.terms
    }
    exposure = patients[specification.exposure.variable]
    exposure = exposure.cat.set_categories(specification.exposure.levels)
    return pd.DataFrame({specification.exposure.variable: exposure, **columns})


def _covariate(values: pd.Series, variable: Variable, missing_rule: str) -> pd.Series:
    if variable.is_numeric:
        return values.astype("Float64").astype(float)
    levels = variable.ordered_levels or tuple(values.cat.categories)
    factor = values.cat.set_categories(levels)
    if missing_rule == "missing_as_level" and factor.isna().any():
        factor = factor.cat.add_categories(["missing"]).fillna("missing")
    return factor


def fit_model(study: Study, specification: Specification) -> Model:
    """Fit one specification on its complete cases, with every diagnostic the report shows."""
    patients = model_patients(study, specification.population)
    patients = patients[
        patients[specification.exposure.variable].isin(specification.exposure.levels)
    ]
    covariates, excluded = design(patients, specification, study)
    used = patients.loc[covariates.index]
    time = used[f"{specification.outcome}_months"]
    event = used[f"{specification.outcome}_event"]
    level = study.parameters.confidence_level
    fit = fit_cox(time, event, covariates, confidence_level=level, of_record=True)
    ratios = _factor_tests(fit, time, event, covariates)
    hazards = proportional_hazards_test(time, event, covariates)
    vif = {name: value.scaled for name, value in generalized_vif(fit).items()}
    rows = _model_rows(specification, fit, ratios, hazards, vif, len(patients))
    return Model(
        specification,
        fit,
        ratios,
        hazards,
        vif,
        len(patients),
        excluded,
        study.parameters.missing_rule,
        study.event_phrase(specification.outcome),
        study_results(study, rows),
    )


def _factor_tests(
    fit: CoxFit, time: pd.Series, event: pd.Series, covariates: pd.DataFrame
) -> dict[str, LikelihoodRatio]:
    """The factors of several coefficients as a whole; a single coefficient has its own test."""
    names = [term.variable for term in fit.coefficients]
    several = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    return drop_one_tests(fit, time, event, covariates, of=several) if several else {}


def _model_rows(
    specification: Specification,
    fit: CoxFit,
    ratios: dict[str, LikelihoodRatio],
    hazards: ProportionalHazards,
    vif: dict[str, float],
    considered: int,
) -> list[Row]:
    key = Key(f"cox_{specification.name}", specification.outcome, specification.population)
    here = context(key, n=fit.n)
    parameters = fit.degrees_of_freedom
    rows = [
        here.at("n", fit.n, unit="patients"),
        here.at("events", fit.events, unit="patients"),
        here.at("excluded", considered - fit.n, unit="patients"),
        here.at("parameters", parameters),
        here.at("events_per_parameter", fit.events / parameters if parameters else None),
        here.at("log_likelihood", fit.log_likelihood, method=METHOD),
        here.at("ph_p_value", hazards.global_.p_value, method=hazards.method),
        *coefficient_rows(key, fit),
    ]
    for name, ratio in ratios.items():
        row = context(key._replace(variable=name), n=fit.n)
        rows.append(row.at("lr_p_value", ratio.p_value, method="Likelihood ratio test"))
    for term in hazards.terms:
        row = context(key._replace(variable=term.variable), n=fit.n)
        rows.append(row.at("ph_p_value", term.p_value, method=hazards.method))
    for name, value in vif.items():
        row = context(key._replace(variable=name), n=fit.n)
        rows.append(row.at("gvif_per_parameter", value, method="Fox and Monette, GVIF^(1/(2 df))"))
    return rows


def coefficient_rows(key: Key, fit: CoxFit) -> list[Row]:
    """Every coefficient: ratio, interval, P, standard error, and the patients behind it."""
    rows = []
    for term in fit.coefficients:
        contrast = f"{term.level}_vs_{term.reference}" if term.level else ""
        at = key._replace(variable=term.variable, level=term.level, contrast=contrast)
        here = context(at, n=fit.n)
        rows += [*ratio_rows(here, term), *level_rows(here, term.n, term.events)]
    for variable, factor in fit.factors.items():
        here = context(key._replace(variable=variable, level=factor.reference), n=fit.n)
        rows += level_rows(here, *factor.counts[factor.reference])
    return rows


def ratio_rows(here: Row, term: CoxCoefficient, method: str = METHOD) -> list[Row]:
    """One hazard ratio with interval, P and standard error, or why there is none."""
    method = method if term.estimable else f"not estimable: {term.reason}"
    return [
        here.at("hazard_ratio", term.hazard_ratio, method=method),
        here.at("hazard_ratio_ci_low", term.ci_low, method=method),
        here.at("hazard_ratio_ci_high", term.ci_high, method=method),
        here.at("coefficient", term.coefficient, method=method),
        here.at("std_error", term.std_error, method=method),
        here.at("p_value", term.p_value, method=method),
    ]


def level_rows(here: Row, n: int, events: int) -> list[Row]:
    """The patients at a level of a factor and their events."""
    return [
        here.at("n_at_level", n, unit="patients"),
        here.at("events_at_level", events, unit="patients"),
    ]


@dataclass(frozen=True)
class ModelSet:
    """One specification's models: by exposure (A), by response to it (B), unknown as a level."""

    name: str
    label: str
    models: tuple[Model, ...]
    terms: tuple[str, ...]
    left_out: tuple[str, ...]
    results: Results
