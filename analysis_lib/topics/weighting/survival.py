"""Survival and hazard ratios of the weighted groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis_lib.estimates.curves import Curve, SurvivalComparison, curve_rows, drawn, risk_rows
from analysis_lib.results.disclosure.curves import rounded_times
from analysis_lib.results.disclosure.release import combine, study_results
from analysis_lib.results.once import once
from analysis_lib.results.rows import Key, Omitted, Results, Row, context, population
from analysis_lib.stats.cox_robust import WeightedCox, fit_weighted_cox
from analysis_lib.stats.weighted_kaplan_meier import weighted_kaplan_meier
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.weighting.numbers import Scheme, Weighting, weigh_groups


@dataclass(frozen=True)
class WeightedEffect:
    """One endpoint under one scheme: curves, and the marginal hazard ratio of each group."""

    scheme: Scheme
    fit: WeightedCox
    curves: SurvivalComparison

    @property
    def results(self) -> Results:
        return self.curves.results

    def contrast(self, level: str) -> Key:
        """The key of one group against the reference."""
        return effect_key(self.scheme, self.curves.outcome, self.curves.grouping, level)


@dataclass(frozen=True)
class WeightedSurvival:
    """One endpoint under every scheme, unweighted first."""

    outcome: str
    outcome_label: str
    exposure: Grouping
    effects: tuple[WeightedEffect, ...]
    results: Results


@once
def weighted_survival(study: Study, outcome: str) -> WeightedSurvival | Omitted:
    """Weighted Kaplan-Meier curves at the landmarks and weighted hazard ratios of the exposure.

    Unweighted stands for the same patients without weights, with the same robust errors.
    """
    weighting = weigh_groups(study)
    if isinstance(weighting, Omitted):
        return weighting
    effects = tuple(_effect(study, weighting, scheme, outcome) for scheme in weighting.schemes)
    return WeightedSurvival(
        outcome,
        study.dictionary[outcome].label,
        weighting.exposure,
        effects,
        combine(study, (effect.results for effect in effects)),
    )


def effect_key(scheme: Scheme, outcome: str, exposure: Grouping, level: str) -> Key:
    contrast = f"{level}_vs_{exposure.reference}"
    return Key(scheme.analysis, outcome, "infused", exposure.variable, level, contrast)


def _effect(study: Study, weighting: Weighting, scheme: Scheme, outcome: str) -> WeightedEffect:
    patients, exposure = weighting.propensity.patients, weighting.exposure
    group = patients[exposure.variable].cat.set_categories(exposure.levels)
    fit = fit_weighted_cox(
        patients[f"{outcome}_months"],
        patients[f"{outcome}_event"],
        pd.DataFrame({exposure.variable: group}),
        scheme.weights,
        confidence_level=study.parameters.confidence_level,
    )
    curves = tuple(
        _curve(study, weighting, scheme, outcome, code) for code in range(len(exposure.levels))
    )
    landmarks = tuple(study.parameters.landmarks)
    times = rounded_times(max(float(curve.estimate.times[-1]) for curve in curves))
    rows = list(_ratio_rows(scheme, outcome, exposure, fit))
    for curve in curves:
        here = context(Key(scheme.analysis, outcome, curve.population), n=curve.estimate.n)
        rows += curve_rows(here, curve.estimate, landmarks, small_cell=study.parameters.small_cell)
        rows += risk_rows(here, curve.estimate, times)
    compared = SurvivalComparison(
        scheme.analysis,
        outcome,
        study.dictionary[outcome].label,
        exposure,
        exposure,
        drawn(study, curves),
        0,
        landmarks,
        times,
        study.parameters.confidence_level,
        study_results(study, rows),
        study.time_zero_phrase,
    )
    return WeightedEffect(scheme, fit, compared)


def _curve(study: Study, weighting: Weighting, scheme: Scheme, outcome: str, code: int) -> Curve:
    exposure, inside = weighting.exposure, weighting.propensity.codes == code
    members = weighting.propensity.patients[inside]
    estimate = weighted_kaplan_meier(
        members[f"{outcome}_months"],
        members[f"{outcome}_event"],
        scheme.weights[inside],
        confidence_level=study.parameters.confidence_level,
    )
    level = exposure.levels[code]
    where = population("infused", exposure, level)
    return Curve(level, exposure.labels[code], where, estimate)


def _ratio_rows(
    scheme: Scheme, outcome: str, exposure: Grouping, fit: WeightedCox
) -> Iterator[Row]:
    for level in exposure.levels[1:]:
        term = fit.coefficient(exposure.variable, level)
        here = context(effect_key(scheme, outcome, exposure, level), n=fit.n)
        method = fit.method if term.estimable else f"not estimable: {term.reason}"
        yield here.at("hazard_ratio", term.hazard_ratio, method=method)
        yield here.at("hazard_ratio_ci_low", term.ci_low, method=method)
        yield here.at("hazard_ratio_ci_high", term.ci_high, method=method)
        yield here.at("coefficient", term.coefficient, method=method)
        yield here.at("robust_std_error", term.std_error, method=method)
        yield here.at("p_value", term.p_value, method=method)
    key = Key(scheme.analysis, outcome, "infused")
    yield context(key, n=fit.n).at("n", fit.n, unit="patients")
    yield context(key, n=fit.n).at("events", fit.events, unit="patients")
