"""Tables of the report: they read results by key, lay them out, and compute nothing."""

from __future__ import annotations

from analysis_lib.tables.attrition import table_attrition, table_doses
from analysis_lib.tables.baseline import table_age_groupings, table_baseline
from analysis_lib.tables.cause_models import table_cause_models
from analysis_lib.tables.consolidation import table_landmarks, table_triptych
from analysis_lib.tables.consolidation_simulation import table_consolidation_simulation
from analysis_lib.tables.diagnostics import table_diagnostics
from analysis_lib.tables.effects import table_ladder, table_sensitivity
from analysis_lib.tables.estimands import table_covariate_roles, table_estimands
from analysis_lib.tables.followup import table_followup
from analysis_lib.tables.gate import table_gate
from analysis_lib.tables.hazards_over_time import (
    table_hazard_periods,
    table_restricted_means,
)
from analysis_lib.tables.incidence import table_relapse_and_death, table_toxicity_onset
from analysis_lib.tables.layout import Column, Layout, Line
from analysis_lib.tables.missing import (
    table_imputed,
    table_response_bounds,
    table_unknown_response,
)
from analysis_lib.tables.missing_data import table_missing_data
from analysis_lib.tables.models import table_model, table_model_comparison
from analysis_lib.tables.published import table_published, table_scorecard
from analysis_lib.tables.report_table import ReportTable
from analysis_lib.tables.response import table_consolidation, table_response
from analysis_lib.tables.response_contrast import table_response_contrast
from analysis_lib.tables.screen import table_screen
from analysis_lib.tables.screening import (
    table_penalised,
    table_screen_coverage,
    table_screen_stability,
)
from analysis_lib.tables.survival import table_survival
from analysis_lib.tables.toxicity import table_toxicity
from analysis_lib.tables.weighting import table_e_values, table_weighted_survival, table_weighting

__all__ = [
    "Column",
    "Layout",
    "Line",
    "ReportTable",
    "table_age_groupings",
    "table_attrition",
    "table_baseline",
    "table_cause_models",
    "table_consolidation",
    "table_consolidation_simulation",
    "table_covariate_roles",
    "table_diagnostics",
    "table_doses",
    "table_e_values",
    "table_estimands",
    "table_followup",
    "table_gate",
    "table_hazard_periods",
    "table_imputed",
    "table_ladder",
    "table_landmarks",
    "table_missing_data",
    "table_model",
    "table_model_comparison",
    "table_penalised",
    "table_published",
    "table_relapse_and_death",
    "table_response",
    "table_response_bounds",
    "table_response_contrast",
    "table_restricted_means",
    "table_scorecard",
    "table_screen",
    "table_screen_coverage",
    "table_screen_stability",
    "table_sensitivity",
    "table_survival",
    "table_toxicity",
    "table_toxicity_onset",
    "table_triptych",
    "table_unknown_response",
    "table_weighted_survival",
    "table_weighting",
]
