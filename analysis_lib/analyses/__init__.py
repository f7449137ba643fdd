"""What the study asks, chapter by chapter, as named results."""

from __future__ import annotations

from analysis_lib.analyses.baseline import (
    Baseline,
    baseline_by_exposure,
    baseline_by_response,
    baseline_by_timing,
)
from analysis_lib.analyses.effects import Effect
from analysis_lib.analyses.everything import all_results
from analysis_lib.analyses.flow import Box, DoseSummary, Flow, exposure_doses, patient_flow
from analysis_lib.analyses.followup import Followup, followup
from analysis_lib.analyses.ladder import Ladder, exposure_ladder
from analysis_lib.analyses.models import Model, Specification
from analysis_lib.analyses.omitted import Omitted
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
    "Curve",
    "DoseSummary",
    "Effect",
    "Family",
    "Flow",
    "Followup",
    "Key",
    "Ladder",
    "Model",
    "ModelSet",
    "Omitted",
    "Response",
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
    "exposure_doses",
    "exposure_ladder",
    "followup",
    "model_b",
    "patient_flow",
    "population",
    "response_by_exposure",
    "screen_candidates",
    "screened_models",
    "sensitivity_to_choices",
    "survival_by_exposure",
    "survival_by_response",
    "survival_by_timing",
    "toxicity_by_exposure",
]
