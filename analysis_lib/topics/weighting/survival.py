"""Survival and hazard ratios of the weighted groups."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis_lib.estimates.curves import (
    Curve,
    SurvivalComparison,
    compare_curves,
    round_times_of,
    rows_of_curves,
)
from analysis_lib.estimates.effects import Effect, exposure_rows
from analysis_lib.estimates.few_events import events_by_level, without_few
from analysis_lib.results.disclosure.release import combine
from analysis_lib.results.rows import Key, Omitted, Results, context, population
from analysis_lib.results.store import once
from analysis_lib.stats.cox_robust import WeightedCox, fit_weighted_cox
from analysis_lib.stats.weighted_kaplan_meier import weighted_kaplan_meier
from analysis_lib.study.endpoints import time_and_event
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.weighting.numbers import Scheme, Weighting, weigh_groups


@dataclass(frozen=True)
class WeightedEffect(Effect):
    """One endpoint under one scheme: curves, and the marginal hazard ratio of each group."""

    scheme: Scheme
    fit: WeightedCox
    curves: SurvivalComparison


@dataclass(frozen=True)
class WeightedSurvival:
    """One endpoint under every scheme, unweighted first; `assigned` where groups are by chance."""

    outcome: str
    outcome_label: str
    exposure: Grouping
    effects: tuple[WeightedEffect, ...]
    assigned: bool
    results: Results


@once
def weighted_survival(study: Study, outcome: str) -> WeightedSurvival | Omitted:
    """Weighted Kaplan-Meier curves at the landmarks and weighted hazard ratios of the exposure.

    Unweighted stands for the same patients without weights, with the same robust errors.
    """
    if reason := study.only_from_start("weighted survival"):
        return Omitted(reason)
    weighting = weigh_groups(study)
    if isinstance(weighting, Omitted):
        return weighting
    effects = tuple(_effect(study, weighting, scheme, outcome) for scheme in weighting.schemes)
    return WeightedSurvival(
        outcome,
        study.dictionary[outcome].label,
        weighting.exposure,
        effects,
        study.is_randomised,
        combine(study, (effect.results for effect in effects)),
    )


def _effect(study: Study, weighting: Weighting, scheme: Scheme, outcome: str) -> WeightedEffect:
    patients, exposure = weighting.propensity.patients, weighting.exposure
    time, event = time_and_event(patients, outcome)
    group = exposure.of(patients)
    fit = fit_weighted_cox(
        time,
        event,
        pd.DataFrame({exposure.variable: group}),
        scheme.weights,
        confidence_level=study.confidence_level,
    )
    events = events_by_level(group, event, exposure.levels)
    fit = without_few(fit, exposure.variable, events, exposure.reference)
    curves = [
        _curve(study, weighting, scheme, outcome, code) for code in range(len(exposure.levels))
    ]
    times, key = round_times_of(curves), Key(scheme.analysis, outcome, "infused")
    rows = [
        *exposure_rows(key, exposure, fit, fit.method, error="robust_std_error"),
        *context(key, n=fit.n).patients({"n": fit.n, "events": fit.events}),
        *rows_of_curves(study, scheme.analysis, outcome, curves, times),
    ]
    compared = compare_curves(
        study,
        scheme.analysis,
        outcome,
        exposure,
        curves,
        rows,
        risk_times=times,
        time_zero=study.time_zero_phrase,
    )
    return WeightedEffect(scheme.label, key, exposure, compared.results, scheme, fit, compared)


def _curve(study: Study, weighting: Weighting, scheme: Scheme, outcome: str, code: int) -> Curve:
    exposure, inside = weighting.exposure, weighting.propensity.codes == code
    estimate = weighted_kaplan_meier(
        *time_and_event(weighting.propensity.patients[inside], outcome),
        scheme.weights[inside],
        confidence_level=study.confidence_level,
    )
    level = exposure.levels[code]
    where = population("infused", exposure, level)
    return Curve(level, exposure.labels[code], where, estimate)
