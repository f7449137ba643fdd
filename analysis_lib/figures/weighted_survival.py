"""Survival curves of the groups under overlap weights."""

from __future__ import annotations

from analysis_lib.analyses import Omitted, WeightedSurvival
from analysis_lib.figures.kaplan_meier import plot_kaplan_meier
from analysis_lib.figures.report_figure import ReportFigure


def plot_weighted_survival(*weighted: WeightedSurvival | Omitted) -> ReportFigure | Omitted:
    """Weighted Kaplan-Meier curves, one panel per endpoint; numbers at risk count patients."""
    curves: list[Omitted] = [x for x in weighted if isinstance(x, Omitted)]
    if curves:
        return curves[0]
    return plot_kaplan_meier(
        *(x.effects[-1].curves for x in weighted if not isinstance(x, Omitted))
    )
