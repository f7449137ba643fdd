"""The primary model where patients of one centre resemble each other: errors, frailty, strata."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analysis_lib.estimates.effects import (
    CENTRE,
    Effect,
    Estimated,
    FittedEffect,
    detectable_rows,
    level_rows,
    ratio_rows,
    robust_rows,
)
from analysis_lib.estimates.effects import METHOD as COX
from analysis_lib.estimates.models import Model
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Row, context
from analysis_lib.stats.cluster_jackknife import JackknifeErrors
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.frailty_cox import FrailtyCox, fit_frailty_cox
from analysis_lib.study.study import Study

FRAILTY, STRATIFIED = "cox_ladder_frailty", "cox_ladder_stratified"
LABELS = {
    FRAILTY: "the same with a frailty of each centre",
    STRATIFIED: "the same stratified by centre",
}
STRATIFIED_METHOD = f"{COX}, stratified by centre"


def with_errors(study: Study, model: Model, errors: JackknifeErrors | Omitted) -> Model:
    """The primary model with the ratios that it could have detected, and its errors by centre."""
    rows = [*model.results, *detectable_rows(model.key, model.fit, model.exposure)]
    if not isinstance(errors, Omitted):
        rows += robust_rows(model, errors)
    return replace(model, results=study_results(study, rows))


def centre_models(study: Study, effect: FittedEffect) -> tuple[Effect, ...]:
    """The effect's model with a gamma frailty of each centre, and with a baseline hazard of each.

    The first says by how much centres differ (its variance); the second compares patients of one
    centre only, whatever the centres' hazards are.
    """
    cases, level = effect.cases, study.confidence_level
    given = (*cases.followed, cases.covariates)
    centres = cases.patients[CENTRE]
    shared = fit_frailty_cox(*given, centres, confidence_level=level)
    within = fit_cox(*given, strata=centres, confidence_level=level)
    frailty, stratified = (effect.key._replace(analysis=x) for x in LABELS)
    rows = [
        *_rows(effect, frailty, shared, shared.method),
        *_variance(frailty, shared),
        *_rows(effect, stratified, within, STRATIFIED_METHOD),
    ]
    results = study_results(study, rows)
    return tuple(
        Effect(LABELS[key.analysis], key, effect.exposure, results) for key in (frailty, stratified)
    )


def _rows(effect: FittedEffect, key: Key, found: Estimated, method: str) -> Iterator[Row]:
    """The ratio of every group against the reference, with the patients behind it."""
    exposure, fit = effect.exposure, effect.fit
    yield from context(key, n=fit.n).patients({"n": fit.n, "events": fit.events})
    for level in exposure.levels:
        here = context(key.of_level(exposure.variable, level, exposure.reference), n=fit.n)
        if level != exposure.reference:
            yield from ratio_rows(here, found.coefficient(exposure.variable, level), method)
        yield from level_rows(here, *fit.factors[exposure.variable].counts[level])


def _variance(key: Key, found: FrailtyCox) -> Iterator[Row]:
    here = context(key, n=found.n)
    yield here.at("frailty_variance", found.variance, method=found.method)
    yield here.at("clusters", found.clusters, method="centres")
