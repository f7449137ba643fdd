"""Figures of the results: they draw numbers that the analyses hold and compute none."""

from __future__ import annotations

from analysis_lib.figures.balance import plot_balance, plot_weighted_balance
from analysis_lib.figures.causal_diagram import plot_causal_diagram
from analysis_lib.figures.consolidation import plot_simon_makuch, plot_triptych
from analysis_lib.figures.flow import plot_flow
from analysis_lib.figures.forest import plot_forest, plot_univariable_forest
from analysis_lib.figures.forest_effects import plot_ladder, plot_sensitivity
from analysis_lib.figures.forest_missing import plot_imputed
from analysis_lib.figures.hazards_over_time import plot_proportionality
from analysis_lib.figures.incidence import plot_relapse_and_death, plot_toxicity_onset
from analysis_lib.figures.kaplan_meier import plot_kaplan_meier
from analysis_lib.figures.leave_one_out import plot_leave_one_out
from analysis_lib.figures.missing_patterns import plot_missing_patterns
from analysis_lib.figures.propensity import plot_propensity
from analysis_lib.figures.published import plot_published_estimates
from analysis_lib.figures.report_figure import ReportFigure
from analysis_lib.figures.screening import plot_screen_coverage, plot_selection
from analysis_lib.figures.simulated import plot_consolidation_simulation
from analysis_lib.figures.specification_curve import plot_specification_curve
from analysis_lib.figures.swimmer import plot_courses
from analysis_lib.figures.toxicity import plot_toxicity_grades
from analysis_lib.figures.weighted_survival import plot_weighted_survival

__all__ = [
    "ReportFigure",
    "plot_balance",
    "plot_causal_diagram",
    "plot_consolidation_simulation",
    "plot_courses",
    "plot_flow",
    "plot_forest",
    "plot_imputed",
    "plot_kaplan_meier",
    "plot_ladder",
    "plot_leave_one_out",
    "plot_missing_patterns",
    "plot_propensity",
    "plot_proportionality",
    "plot_published_estimates",
    "plot_relapse_and_death",
    "plot_screen_coverage",
    "plot_selection",
    "plot_sensitivity",
    "plot_simon_makuch",
    "plot_specification_curve",
    "plot_toxicity_grades",
    "plot_toxicity_onset",
    "plot_triptych",
    "plot_univariable_forest",
    "plot_weighted_balance",
    "plot_weighted_survival",
]
