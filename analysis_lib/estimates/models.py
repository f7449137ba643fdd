"""A Cox model as the report uses it: every coefficient, and the diagnostics beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis_lib.estimates.effects import METHOD, FittedEffect, coefficient_rows, penalised_if_few
from analysis_lib.estimates.few_events import plain_on_few
from analysis_lib.estimates.specification import (
    CompleteCases,
    Specification,
    complete_cases,
    model_patients,
)
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Results, Row, context
from analysis_lib.stats.cox_results import CoxFit
from analysis_lib.stats.cox_tests import drop_one_tests, generalized_vif
from analysis_lib.stats.fine_gray import FineGrayFit
from analysis_lib.stats.proportional_hazards import ProportionalHazards, proportional_hazards_test
from analysis_lib.study.study import Study


@dataclass(frozen=True)
class Model(FittedEffect):
    """A fitted model with all its rows; `event` is what ends the time, in words."""

    proportional_hazards: ProportionalHazards
    missing_rule: str
    event: str


def fit_model(study: Study, specification: Specification) -> Model:
    """Fit one specification on its complete cases, with every diagnostic the report shows."""
    patients = model_patients(study, specification.population)
    cases = complete_cases(study, specification, specification.exposure.among(patients))
    fit = cases.cox(study.confidence_level, of_record=True)
    if specification.exposure == study.groups:
        fit = penalised_if_few(cases, fit, study.groups)
    hazards = proportional_hazards_test(
        *cases.followed, cases.covariates, from_start=cases.entry is None
    )
    key = specification.key
    rows = [
        *_whole_rows(key, cases, fit, hazards),
        *coefficient_rows(key, fit),
        *([] if study.parameters.small_cell else _penalised_rows(key, cases, fit)),
        *_term_rows(key, cases, fit, hazards),
    ]
    return Model(
        specification.label,
        key,
        specification.exposure,
        study_results(study, rows),
        specification,
        fit,
        cases,
        hazards,
        study.parameters.missing_rule,
        study.event_phrase(specification.outcome),
    )


def parameter_rows(here: Row, fit: CoxFit | FineGrayFit) -> list[Row]:
    """How many parameters a model has, and events for each of them."""
    parameters = fit.degrees_of_freedom
    each = fit.events / parameters if parameters else None
    return [here.at("parameters", parameters), here.at("events_per_parameter", each)]


def _whole_rows(
    key: Key, cases: CompleteCases, fit: CoxFit, hazards: ProportionalHazards
) -> list[Row]:
    here, excluded = context(key, n=fit.n), cases.considered - fit.n
    return [
        *here.patients({"n": fit.n, "events": fit.events, "excluded": excluded}),
        *parameter_rows(here, fit),
        here.at("log_likelihood", fit.log_likelihood, method=METHOD),
        here.at("ph_p_value", hazards.global_.p_value, method=hazards.method),
    ]


def _penalised_rows(key: Key, cases: CompleteCases, fit: CoxFit) -> Iterator[Row]:
    """What Firth's penalty makes of each plain ratio that rests on few events.

    The plain one stays, as articles print it and other programs find it. Where small counts are
    suppressed there is none, since that there is one would tell of events.
    """
    for variable in fit.factors:
        few = plain_on_few(fit, variable)
        if not few:
            continue
        found = cases.penalised(variable, [term.level for term in few], fit.confidence_level)
        for term in few:
            own = found.coefficient(variable, term.level)
            method = found.method if own.estimable else f"not estimable: {own.reason}"
            here = context(key.of_level(variable, term.level, term.reference), n=fit.n)
            yield from here.interval(
                "penalised_hazard_ratio", own.hazard_ratio, own.ci_low, own.ci_high, method=method
            )
            yield here.at("penalised_p_value", own.p_value, method=method)


def _term_rows(
    key: Key, cases: CompleteCases, fit: CoxFit, hazards: ProportionalHazards
) -> Iterator[Row]:
    """The tests of each variable, and its variance inflation.

    Factors of several coefficients are tested as a whole; a single one has its own test.
    """
    names = [term.variable for term in fit.coefficients]
    several = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    given = (*cases.followed, cases.covariates)
    ratios = drop_one_tests(fit, *given, entry=cases.entry, of=several) if several else {}
    found = [
        *(("lr_p_value", x, test.p_value, "Likelihood ratio test") for x, test in ratios.items()),
        *(("ph_p_value", x.variable, x.p_value, hazards.method) for x in hazards.terms),
        *(
            ("gvif_per_parameter", x, vif.scaled, "Fox and Monette, GVIF^(1/(2 df))")
            for x, vif in generalized_vif(fit).items()
        ),
    ]
    for statistic, variable, value, method in found:
        yield context(key.of_level(variable), n=fit.n).at(statistic, value, method=method)


@dataclass(frozen=True)
class ModelSet:
    """One specification's models: by exposure (A), by response to it (B), unknown as a level."""

    name: str
    label: str
    models: tuple[Model, ...]
    terms: tuple[str, ...]
    left_out: tuple[str, ...]
    results: Results
