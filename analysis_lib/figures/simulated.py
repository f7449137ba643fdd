"""Bias and coverage of estimators over simulated cohorts, with their Monte Carlo errors."""

from __future__ import annotations

from analysis_lib.analyses import Omitted, Results
from analysis_lib.analyses.consolidation.simulated import simulated_estimators, simulation_key
from analysis_lib.dictionary import Dictionary
from analysis_lib.figures.consolidation import estimator_label
from analysis_lib.figures.performance import PerformanceRow, draw_performance
from analysis_lib.figures.report_figure import ReportFigure
from analysis_lib.figures.theme import in_theme


@in_theme
def plot_consolidation_simulation(
    simulated: Results | Omitted, *, dictionary: Dictionary
) -> ReportFigure | Omitted:
    """Bias of the log hazard ratio and coverage of its interval, a row an estimator.

    Bars are 95% Monte Carlo intervals; lines mark no bias and the coverage that was asked for.
    """
    if isinstance(simulated, Omitted):
        return simulated
    return draw_performance(
        simulated,
        _rows(simulated, dictionary),
        title="Bias and coverage where consolidation changes nothing",
    )


def _rows(simulated: Results, dictionary: Dictionary) -> list[PerformanceRow]:
    rows: list[PerformanceRow] = []
    for outcome, estimator in simulated_estimators(simulated):
        heading = dictionary[outcome].label
        if heading not in [row.label for row in rows]:
            rows.append(PerformanceRow(heading))
        key = simulation_key(outcome, estimator)
        rows.append(
            PerformanceRow(estimator_label(estimator), key, estimator.kind == "time_varying")
        )
    return rows
