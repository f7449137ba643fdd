"""Refractory against responsive to the exposure, under three adjustments and as published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis_lib.estimates.effects import FittedEffect, fit_effect, level_rows, ratio_rows
from analysis_lib.estimates.specification import Specification, varying_terms
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.cox_results import contrast
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import baseline_specification
from analysis_lib.topics.regression.numbers import (
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
class ResponseContrast:
    """The models of each endpoint, crude first, each read for the refractory against the
    responsive; `response` holds these two.
    """

    response: Grouping
    families: tuple[tuple[str, tuple[FittedEffect, ...]], ...]
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
    pair = replace(response, variable=combined.variable)
    families: list[tuple[str, list[FittedEffect]]] = []
    for outcome in study.parameters.endpoints:
        models: list[FittedEffect] = [
            fit_effect(study, one, among=one.exposure.among(study.patients))
            for one in _specifications(study, outcome, combined)
        ]
        if outcome == study.model_outcome:
            label = f"{study.fixed_model.label}, model B"
            named = replace(model.specification, name=PUBLISHED, label=label)
            models.append(replace(model, label=label, key=named.key, specification=named))
        read = [replace(one, exposure=pair) for one in models]
        families.append((study.dictionary[outcome].label, read))
    rows = [row for _, read in families for one in read for row in _rows(one)]
    results = study_results(study, rows)
    return ResponseContrast(
        response,
        tuple((x, tuple(replace(one, results=results) for one in read)) for x, read in families),
        results,
    )


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


def _rows(effect: FittedEffect) -> list[Row]:
    fit, (responded, refractory) = effect.fit, effect.exposure.levels
    name = effect.exposure.variable
    rows = [
        *context(effect.key, n=fit.n).patients({"n": fit.n, "events": fit.events}),
        *ratio_rows(
            context(effect.contrast(refractory), n=fit.n),
            contrast(fit, name, refractory, responded),
        ),
    ]
    for level, (n, events) in fit.factors[name].counts.items():
        if level in effect.exposure.levels:
            at = effect.key._replace(variable=name, level=level)
            rows += level_rows(context(at, n=fit.n), n, events)
    return rows


def parts(study: Study) -> Iterator[OfStudy]:
    """The screen, both sets of models, and the response to the exposure."""
    yield screen_candidates(study)
    yield as_published_models(study)
    yield screened_models(study)
    yield response_contrast(study)
