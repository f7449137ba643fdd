"""What the study asks, chapter by chapter, as named results."""

from __future__ import annotations

from analysis_lib.analyses.baseline import (
    Baseline,
    baseline_by_exposure,
    baseline_by_response,
    baseline_by_timing,
)
from analysis_lib.analyses.competing import (
    Cause,
    CauseModel,
    Incidence,
    IncidenceCurve,
    RelapseAndDeath,
    ToxicityOnset,
    relapse_and_death_by_exposure,
    toxicity_onset_by_exposure,
)
from analysis_lib.analyses.consolidation import (
    ConsolidationEffects,
    Contrast,
    Estimator,
    LandmarkCounts,
    consolidation_effects,
    consolidation_simulation_results,
    responders_at_landmarks,
)
from analysis_lib.analyses.courses import Courses, Lane, patient_courses
from analysis_lib.analyses.curve import SpecificationCurve, specification_curve
from analysis_lib.analyses.e_values import EValueLine, EValues, e_values
from analysis_lib.analyses.effect_rows import EffectRows
from analysis_lib.analyses.effects import Effect
from analysis_lib.analyses.estimands import CovariateRole, Estimands, study_estimands
from analysis_lib.analyses.everything import all_results
from analysis_lib.analyses.flow import Box, DoseSummary, Flow, exposure_doses, patient_flow
from analysis_lib.analyses.followup import Followup, followup
from analysis_lib.analyses.gate import Gate, gate
from analysis_lib.analyses.hazard_periods import HazardPeriods, hazard_periods
from analysis_lib.analyses.ladder import Ladder, exposure_ladder
from analysis_lib.analyses.leave_one_out import LeaveOneOut, leave_one_centre_out
from analysis_lib.analyses.missing import (
    Imputed,
    MissingData,
    Pattern,
    ResponseBounds,
    UnknownResponse,
    imputed_effects,
    missing_data,
    response_bounds,
    unknown_response,
)
from analysis_lib.analyses.models import Model, Specification
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.penalised import Penalised, penalised_models
from analysis_lib.analyses.positivity import EmptyCell, Nested, Positivity, check_positivity
from analysis_lib.analyses.propensity import Propensity, exposure_propensity
from analysis_lib.analyses.proportionality import HazardCheck, Proportionality, proportionality
from analysis_lib.analyses.regression import (
    ModelSet,
    Screen,
    Screened,
    as_published_models,
    model_b,
    screen_candidates,
    screened_models,
)
from analysis_lib.analyses.repeated import (
    consolidation_simulation,
    repeated_results,
    screen_bootstrap,
    screen_simulation,
)
from analysis_lib.analyses.response import Response, response_by_exposure
from analysis_lib.analyses.response_contrast import (
    ContrastModel,
    ResponseContrast,
    response_contrast,
)
from analysis_lib.analyses.restricted_means import RestrictedMeans, restricted_means
from analysis_lib.analyses.results import Key, Results, Row, combine, population
from analysis_lib.analyses.screening import (
    ScreenCoverage,
    ScreenStability,
    screen_bootstrap_results,
    screen_coverage,
    screen_simulation_results,
    screen_stability,
)
from analysis_lib.analyses.sensitivity import Family, Sensitivity, sensitivity_to_choices
from analysis_lib.analyses.survival import (
    Curve,
    SurvivalComparison,
    survival_by_exposure,
    survival_by_response,
    survival_by_timing,
)
from analysis_lib.analyses.toxicity import Toxicity, toxicity_by_exposure
from analysis_lib.analyses.weighted_survival import (
    WeightedEffect,
    WeightedSurvival,
    weighted_survival,
)
from analysis_lib.analyses.weighting import Scheme, Weighting, weigh_groups

__all__ = [
    "Baseline",
    "Box",
    "Cause",
    "CauseModel",
    "ConsolidationEffects",
    "Contrast",
    "ContrastModel",
    "Courses",
    "CovariateRole",
    "Curve",
    "DoseSummary",
    "EValueLine",
    "EValues",
    "Effect",
    "EffectRows",
    "EmptyCell",
    "Estimands",
    "Estimator",
    "Family",
    "Flow",
    "Followup",
    "Gate",
    "HazardCheck",
    "HazardPeriods",
    "Imputed",
    "Incidence",
    "IncidenceCurve",
    "Key",
    "Ladder",
    "LandmarkCounts",
    "Lane",
    "LeaveOneOut",
    "MissingData",
    "Model",
    "ModelSet",
    "Nested",
    "Omitted",
    "Pattern",
    "Penalised",
    "Positivity",
    "Propensity",
    "Proportionality",
    "RelapseAndDeath",
    "Response",
    "ResponseBounds",
    "ResponseContrast",
    "RestrictedMeans",
    "Results",
    "Row",
    "Scheme",
    "Screen",
    "ScreenCoverage",
    "ScreenStability",
    "Screened",
    "Sensitivity",
    "Specification",
    "SpecificationCurve",
    "SurvivalComparison",
    "Toxicity",
    "ToxicityOnset",
    "UnknownResponse",
    "WeightedEffect",
    "WeightedSurvival",
    "Weighting",
    "all_results",
    "as_published_models",
    "baseline_by_exposure",
    "baseline_by_response",
    "baseline_by_timing",
    "check_positivity",
    "combine",
    "consolidation_effects",
    "consolidation_simulation",
    "consolidation_simulation_results",
    "e_values",
    "exposure_doses",
    "exposure_ladder",
    "exposure_propensity",
    "followup",
    "gate",
    "hazard_periods",
    "imputed_effects",
    "leave_one_centre_out",
    "missing_data",
    "model_b",
    "patient_courses",
    "patient_flow",
    "penalised_models",
    "population",
    "proportionality",
    "relapse_and_death_by_exposure",
    "repeated_results",
    "responders_at_landmarks",
    "response_bounds",
    "response_by_exposure",
    "response_contrast",
    "restricted_means",
    "screen_bootstrap",
    "screen_bootstrap_results",
    "screen_candidates",
    "screen_coverage",
    "screen_simulation",
    "screen_simulation_results",
    "screen_stability",
    "screened_models",
    "sensitivity_to_choices",
    "specification_curve",
    "study_estimands",
    "survival_by_exposure",
    "survival_by_response",
    "survival_by_timing",
    "toxicity_by_exposure",
    "toxicity_onset_by_exposure",
    "unknown_response",
    "weigh_groups",
    "weighted_survival",
]
