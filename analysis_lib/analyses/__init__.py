"""What the study asks, chapter by chapter, as named results."""

from __future__ import annotations

from analysis_lib.analyses.baseline import (
    Baseline,
    baseline_by_exposure,
    baseline_by_response,
    baseline_by_timing,
)
from analysis_lib.analyses.consolidation import (
    ConsolidationEffects,
    Contrast,
    Estimator,
    LandmarkCounts,
    consolidation_effects,
    consolidation_landmarks,
    consolidation_simulation_results,
)
from analysis_lib.analyses.effects import Effect
from analysis_lib.analyses.everything import all_results
from analysis_lib.analyses.flow import Box, DoseSummary, Flow, exposure_doses, patient_flow
from analysis_lib.analyses.followup import Followup, followup
from analysis_lib.analyses.hazard_periods import HazardPeriods, hazard_periods
from analysis_lib.analyses.ladder import Ladder, exposure_ladder
from analysis_lib.analyses.models import Model, Specification
from analysis_lib.analyses.omitted import Omitted
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
from analysis_lib.analyses.response import Response, response_by_exposure
from analysis_lib.analyses.response_contrast import (
    ContrastModel,
    ResponseContrast,
    response_contrast,
)
from analysis_lib.analyses.restricted_means import RestrictedMeans, restricted_means
from analysis_lib.analyses.results import Key, Results, Row, combine, population
from analysis_lib.analyses.sensitivity import Family, Sensitivity, sensitivity_to_choices
from analysis_lib.analyses.survival import (
    Curve,
    SurvivalComparison,
    survival_by_exposure,
    survival_by_response,
    survival_by_timing,
)
from analysis_lib.analyses.toxicity import Toxicity, toxicity_by_exposure

__all__ = [
    "Baseline",
    "Box",
    "ConsolidationEffects",
    "Contrast",
    "ContrastModel",
    "Curve",
    "DoseSummary",
    "Effect",
    "Estimator",
    "Family",
    "Flow",
    "Followup",
    "HazardCheck",
    "HazardPeriods",
    "Key",
    "Ladder",
    "LandmarkCounts",
    "Model",
    "ModelSet",
    "Omitted",
    "Proportionality",
    "Response",
    "ResponseContrast",
    "RestrictedMeans",
    "Results",
    "Row",
    "Screen",
    "Screened",
    "Sensitivity",
    "Specification",
    "SurvivalComparison",
    "Toxicity",
    "all_results",
    "as_published_models",
    "baseline_by_exposure",
    "baseline_by_response",
    "baseline_by_timing",
    "combine",
    "consolidation_effects",
    "consolidation_landmarks",
    "consolidation_simulation_results",
    "exposure_doses",
    "exposure_ladder",
    "followup",
    "hazard_periods",
    "model_b",
    "patient_flow",
    "population",
    "proportionality",
    "response_by_exposure",
    "response_contrast",
    "restricted_means",
    "screen_candidates",
    "screened_models",
    "sensitivity_to_choices",
    "survival_by_exposure",
    "survival_by_response",
    "survival_by_timing",
    "toxicity_by_exposure",
]
