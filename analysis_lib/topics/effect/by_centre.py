"""The primary model where patients of one centre, or of one year, resemble each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

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
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_intervals import fit_cox_entered
from analysis_lib.stats.cox_robust import JackknifeErrors
from analysis_lib.stats.design import natural_spline
from analysis_lib.stats.frailty_cox import FrailtyCox, fit_frailty_cox
from analysis_lib.stats.inputs import FloatArray
from analysis_lib.study.study import Study

DAYS_PER_YEAR = 365.25
FRAILTY, STRATIFIED = "cox_ladder_frailty", "cox_ladder_stratified"
LABELS = {
    FRAILTY: "the same with a frailty of each centre",
    STRATIFIED: "the same stratified by centre",
}
CALENDAR, VOLUME = "cox_ladder_calendar", "cox_ladder_volume"
SETTINGS = {
    CALENDAR: "the same with calendar time",
    VOLUME: "the same with the volume of the centre",
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


def setting_models(study: Study, effect: FittedEffect) -> tuple[Effect, ...]:
    """The effect's model with calendar time, and with the volume of the centre, where recorded.

    Time is years since the first infusion, as a natural cubic spline of two degrees of freedom;
    volume is the logarithm of the eligible patients of the centre.
    """
    cases, made = effect.cases, []
    for analysis, columns in settings_of(study, cases.patients).items():
        covariates = cases.covariates.assign(**columns)
        fit = fit_cox_entered(
            cases.entry, *cases.followed, covariates, confidence_level=study.confidence_level
        )
        key = effect.key._replace(analysis=analysis)
        results = study_results(study, list(_rows(effect, key, fit, COX)))
        made.append(Effect(SETTINGS[analysis], key, effect.exposure, results))
    return tuple(made)


def settings_of(study: Study, patients: pd.DataFrame) -> dict[str, dict[str, FloatArray]]:
    """The columns of when and where a patient was treated, by analysis."""
    found: dict[str, dict[str, FloatArray]] = {}
    first = study.patients["infusion_date"].min()
    years = (patients["infusion_date"] - first).dt.days.to_numpy(dtype=float) / DAYS_PER_YEAR
    knots = np.quantile(years, (0.0, 0.5, 1.0)) if len(years) else years
    if len(knots) and (np.diff(knots) > 0).all():  # else a nominal day, the same in all
        basis = natural_spline(years, knots)[:, 1:].T
        found[CALENDAR] = {f"calendar: {i}": column for i, column in enumerate(basis)}
    centres, variable = patients[CENTRE], study.groups.variable
    if variable != CENTRE and centres.notna().all() and centres.nunique() > 1:
        volume = centres.map(study.patients[CENTRE].value_counts()).astype(float)
        if volume.nunique() > 1:
            found[VOLUME] = {"volume: log2": np.log2(volume.to_numpy())}
    return found


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
