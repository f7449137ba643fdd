"""Sentences computed from results; they read rows and compute nothing but their own words."""

from __future__ import annotations

from analysis_lib.narrative.abstract import (
    abstract_background,
    abstract_conclusion,
    abstract_methods,
    abstract_results,
)
from analysis_lib.narrative.audit import describe_findings
from analysis_lib.narrative.clock import describe_clock
from analysis_lib.narrative.cohort import describe_baseline, describe_flow
from analysis_lib.narrative.competing import describe_causes, describe_first_events
from analysis_lib.narrative.confounding import (
    describe_balance,
    describe_e_values,
    describe_leave_one_out,
    describe_propensity,
    describe_weighted_survival,
)
from analysis_lib.narrative.consolidation import (
    describe_consolidation_simulation,
    describe_triptych,
    describe_waiting,
)
from analysis_lib.narrative.estimands import describe_roles, describe_selection
from analysis_lib.narrative.gate import describe_gate
from analysis_lib.narrative.hazards_over_time import (
    describe_hazard_periods,
    describe_proportionality,
    describe_restricted_means,
)
from analysis_lib.narrative.ladder import (
    describe_baseline_terms,
    describe_ladder,
    describe_primary_models,
)
from analysis_lib.narrative.misses import describe_conflicts, describe_misses
from analysis_lib.narrative.missing import (
    describe_imputed,
    describe_response_bounds,
    describe_unknown_response,
)
from analysis_lib.narrative.missing_data import describe_missing_data
from analysis_lib.narrative.onset import describe_onset
from analysis_lib.narrative.positivity import describe_positivity
from analysis_lib.narrative.prose import Prose
from analysis_lib.narrative.published import (
    describe_agreement,
    describe_score,
    summarize_score,
)
from analysis_lib.narrative.regression import (
    describe_diagnostics,
    describe_model,
    describe_screen,
    describe_terms,
)
from analysis_lib.narrative.response import (
    describe_after_response,
    describe_mrd,
    describe_not_evaluable,
    describe_response,
)
from analysis_lib.narrative.response_contrast import describe_response_contrast
from analysis_lib.narrative.screening import (
    describe_penalised,
    describe_screen_coverage,
    describe_screen_stability,
)
from analysis_lib.narrative.sensitivity import (
    describe_published_model,
    describe_sensitivity,
)
from analysis_lib.narrative.specification_curve import describe_specification_curve
from analysis_lib.narrative.survival import describe_followup, describe_survival
from analysis_lib.narrative.toxicity import describe_early_deaths, describe_toxicity

__all__ = [
    "Prose",
    "abstract_background",
    "abstract_conclusion",
    "abstract_methods",
    "abstract_results",
    "describe_after_response",
    "describe_agreement",
    "describe_balance",
    "describe_baseline",
    "describe_baseline_terms",
    "describe_causes",
    "describe_clock",
    "describe_conflicts",
    "describe_consolidation_simulation",
    "describe_diagnostics",
    "describe_e_values",
    "describe_early_deaths",
    "describe_findings",
    "describe_first_events",
    "describe_flow",
    "describe_followup",
    "describe_gate",
    "describe_hazard_periods",
    "describe_imputed",
    "describe_ladder",
    "describe_leave_one_out",
    "describe_misses",
    "describe_missing_data",
    "describe_model",
    "describe_mrd",
    "describe_not_evaluable",
    "describe_onset",
    "describe_penalised",
    "describe_positivity",
    "describe_primary_models",
    "describe_propensity",
    "describe_proportionality",
    "describe_published_model",
    "describe_response",
    "describe_response_bounds",
    "describe_response_contrast",
    "describe_restricted_means",
    "describe_roles",
    "describe_score",
    "describe_screen",
    "describe_screen_coverage",
    "describe_screen_stability",
    "describe_selection",
    "describe_sensitivity",
    "describe_specification_curve",
    "describe_survival",
    "describe_terms",
    "describe_toxicity",
    "describe_triptych",
    "describe_unknown_response",
    "describe_waiting",
    "describe_weighted_survival",
    "summarize_score",
]
