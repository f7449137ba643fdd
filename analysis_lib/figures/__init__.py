"""Figures of the results: they draw numbers that the analyses hold and compute none."""

from __future__ import annotations

from analysis_lib.figures.kaplan_meier import plot_kaplan_meier
from analysis_lib.figures.report_figure import ReportFigure

__all__ = ["ReportFigure", "plot_kaplan_meier"]
