"""Refractory against responsive to the exposure, under three adjustments and as published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis_lib.estimates.effects import analysis_key, fit_effect, varying_terms
from analysis_lib.estimates.models import Specification, level_rows, ratio_rows
from analysis_lib.results.disclosure.models import shown_fit
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.once import once
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.stats.cox_results import CoxFit, contrast
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import baseline_specification
from analysis_lib.topics.regression.numbers import (
    OUTCOME,
    as_published_models,
    model_b,
    screen_candidates,
    screened_models,
)

CRUDE, BEFORE, BASELINE, PUBLISHED = (
    "response_crude",
    "response_before_exposure",
    "response_baseline",
    "response_as_published",
)


@dataclass(frozen=True)
class ContrastModel:
    """One model of exposure and response, read for the refractory against the responsive."""

    specification: Specification
    fit: CoxFit
    key: Key


@dataclass(frozen=True)
class ResponseContrast:
    """The models of each endpoint, crude first; `response` holds responsive and refractory."""

    response: Grouping
    families: tuple[tuple[str, tuple[ContrastModel, ...]], ...]
    results: Results

    @property
    def responded(self) -> str:
        return self.response.levels[0]

    @property
    def refractory(self) -> str:
        return self.response.levels[1]


@once
def response_contrast(study: Study) -> ResponseContrast | Omitted:
    """Hazard ratio of the refractory against the responsive, in models that hold everyone.

    Each model has the groups of model B (never exposed, responsive, refractory), so that the
    never exposed help to estimate the covariates. The response is later than the exposure:
    covariates that the exposure cannot have changed, and those measured before infusion but
    perhaps after the exposure, are two different adjustments.
    """
    combined, response = study.exposure.combined, study.exposure.response
    model = model_b(as_published_models(study))
    if combined is None or response is None or isinstance(model, Omitted):
        return Omitted(
            f"The extract records no response to the exposure, {study.exposure.phrase}; "
            "refractory and responsive patients cannot be compared."
        )
    families: list[tuple[str, tuple[ContrastModel, ...]]] = []
    for outcome in study.parameters.endpoints:
        models = [
            _fitted(study, response, one) for one in _specifications(study, outcome, combined)
        ]
        if outcome == OUTCOME:
            named = replace(
                model.specification, name=PUBLISHED, label=f"{study.fixed_model.label}, model B"
            )
            models.append(_read(named, model.fit, response))
        families.append((study.dictionary[outcome].label, tuple(models)))
    rows = [row for _, models in families for one in models for row in _rows(one, response)]
    results = study_results(study, rows)
    shown = tuple(
        (label, tuple(_shown(one, results) for one in models)) for label, models in families
    )
    return ResponseContrast(response, shown, results)


def _shown(model: ContrastModel, results: Results) -> ContrastModel:
    """The model with its fit as it may be shown."""
    terms = model.key._replace(variable="", level="", contrast="")
    return replace(model, fit=shown_fit(model.fit, results, terms))


def _specifications(study: Study, outcome: str, combined: Grouping) -> list[Specification]:
    terms = varying_terms(study.patients, study.parameters.before_exposure_terms)
    baseline = baseline_specification(
        study, outcome, name=BASELINE, label="Adjusted for baseline covariates"
    )
    return [
        Specification(CRUDE, "Crude", outcome, combined, (), "infused"),
        Specification(
            BEFORE,
            "Adjusted for what the exposure cannot have changed",
            outcome,
            combined,
            terms,
            "infused",
        ),
        replace(baseline, exposure=combined),
    ]


def _fitted(study: Study, response: Grouping, specification: Specification) -> ContrastModel:
    among = specification.exposure.among(study.patients)
    return _read(specification, fit_effect(study, specification, among=among).fit, response)


def _read(specification: Specification, fit: CoxFit, response: Grouping) -> ContrastModel:
    responded, refractory = response.levels
    key = analysis_key(specification)
    variable = specification.exposure.variable
    return ContrastModel(specification, fit, key.of_level(variable, refractory, responded))


def _rows(model: ContrastModel, response: Grouping) -> list[Row]:
    key, fit = model.key, model.fit
    whole = context(key._replace(variable="", level="", contrast=""), n=fit.n)
    rows = [
        whole.at("n", fit.n, unit="patients"),
        whole.at("events", fit.events, unit="patients"),
    ]
    term = contrast(fit, key.variable, *reversed(response.levels))
    rows += ratio_rows(context(key, n=fit.n), term)
    for level, (n, events) in fit.factors[key.variable].counts.items():
        if level in response.levels:
            here = context(key._replace(level=level, contrast=""), n=fit.n)
            rows += level_rows(here, n, events)
    return rows


def parts(study: Study) -> Iterator[OfStudy]:
    """The screen, both sets of models, and the response to the exposure."""
    yield screen_candidates(study)
    yield as_published_models(study)
    yield screened_models(study)
    yield response_contrast(study)
