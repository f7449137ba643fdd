"""The exposure beside every candidate, shrunk instead of screened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis_lib.estimates.effects import Effect, exposure_rows, fit_effect
from analysis_lib.estimates.specification import (
    CompleteCases,
    Specification,
    complete_cases,
    model_patients,
    varying_terms,
)
from analysis_lib.format import counted
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.firth_cox import fit_firth_cox
from analysis_lib.stats.ridge_cox import (
    PenalisedCox,
    RidgePenalty,
    choose_ridge_penalty,
    fit_ridge_cox,
)
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.regression.numbers import candidate_names, screened_models
from analysis_lib.topics.screening.bootstrap import LEAST_CANDIDATES

EVERY = "cox_every_candidate"
RIDGE = "cox_every_candidate_ridge"
FIRTH = "cox_every_candidate_firth"
LEAST_EVENTS = 10
LARGEST_SHARE = 0.5  # parameters per event beyond which Firth takes minutes and says little
LABELS = {EVERY: "All candidates", RIDGE: "The same, ridge", FIRTH: "The same, Firth"}


@dataclass(frozen=True)
class Penalised:
    """The screened model, then the model of all candidates: plain, ridge, Firth.

    `terms` are the covariates of the model of all, `penalty` the ridge that cross-validation
    chose; `results` hold all but the screened model. Firth's is None with too few events.
    """

    screened: Effect
    every: Effect
    ridge: Effect
    firth: Effect | None
    terms: tuple[str, ...]
    penalty: RidgePenalty
    results: Results

    @property
    def effects(self) -> tuple[Effect, ...]:
        own = (self.screened, self.every, self.ridge)
        return own if self.firth is None else (*own, self.firth)


@once
def penalised_models(study: Study) -> Penalised | Omitted:
    """All candidates at once by ridge and by Firth, beside the screened model.

    Ridge shrinks the covariates and leaves the exposure alone; its theta is the one with the best
    cross-validated partial likelihood. Firth's penalty takes all coefficients alike and is there
    for few events and separation.
    """
    if reason := study.only_from_start("a penalised model of all candidates"):
        return Omitted(reason)
    groups, population = study.groups, study.parameters.model_population
    patients = groups.among(model_patients(study, population))
    names = [x for x in candidate_names(study) if x != groups.variable]
    terms = varying_terms(patients, names)
    name = EVERY.removeprefix("cox_")
    specification = Specification(
        name, "All candidates", study.model_outcome, groups, terms, population
    )
    cases = complete_cases(study, specification, patients)
    events = int(cases.followed[1].sum())
    if len(terms) < LEAST_CANDIDATES or events < LEAST_EVENTS:
        return Omitted(
            f"No penalised model is fitted with "
            f"{counted(withheld_count(study, events), 'event')} and "
            f"{counted(len(terms), 'candidate')}; that takes {LEAST_EVENTS} events and "
            f"{LEAST_CANDIDATES} candidates to shrink."
        )
    plain = fit_effect(study, specification, among=patients)
    penalty = choose_ridge_penalty(
        *cases.followed,
        cases.covariates,
        seed=study.parameters.seed,
        unpenalised=[groups.variable],
    )
    key, parameters = specification.key, plain.fit.degrees_of_freedom
    rows = [
        *plain.results,
        context(key, n=plain.fit.n).at("parameters", parameters),
        *_ridge_rows(study, cases, key._replace(analysis=RIDGE), penalty),
    ]
    if parameters <= plain.fit.events * LARGEST_SHARE:
        rows += _firth_rows(study, cases, key._replace(analysis=FIRTH))
    results = study_results(study, rows)
    own = _estimated(key, groups, results)
    return Penalised(
        replace(screened_models(study).models[0], label="Screened"),
        own[EVERY],
        own[RIDGE],
        own.get(FIRTH),
        terms,
        penalty,
        results,
    )


def _estimated(key: Key, groups: Grouping, results: Results) -> dict[str, Effect]:
    """The models that were fitted, by the name of their analysis."""
    return {
        name: Effect(label, key._replace(analysis=name), groups, results)
        for name, label in LABELS.items()
        if results.has(key._replace(analysis=name, statistic="n"))
    }


def _ridge_rows(study: Study, cases: CompleteCases, key: Key, penalty: RidgePenalty) -> list[Row]:
    fit = fit_ridge_cox(
        *cases.followed,
        cases.covariates,
        theta=penalty.theta,
        unpenalised=[study.groups.variable],
        confidence_level=study.confidence_level,
    )
    here = context(key)
    return [
        *_rows(key, fit, study.groups),
        here.at("penalty", penalty.theta),
        here.at("folds", penalty.folds),
    ]


def _firth_rows(study: Study, cases: CompleteCases, key: Key) -> list[Row]:
    fit = fit_firth_cox(
        *cases.followed,
        cases.covariates,
        profiled=study.groups.variable,
        confidence_level=study.confidence_level,
    )
    return _rows(key, fit, study.groups)


def _rows(key: Key, fit: PenalisedCox, groups: Grouping) -> list[Row]:
    here = context(key, n=fit.n)
    return [
        *here.patients({"n": fit.n, "events": fit.events}),
        here.at("parameters", fit.effective_parameters),
        *exposure_rows(key, groups, fit, fit.method),
    ]


def parts(study: Study) -> Iterator[OfStudy]:
    """The models that do without a screen."""
    yield penalised_models(study)
