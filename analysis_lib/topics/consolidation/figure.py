"""Survival by state of consolidation: Simon-Makuch curves."""

from __future__ import annotations

from analysis_lib.results.rows import Omitted, unless_omitted
from analysis_lib.show.figure import ReportFigure
from analysis_lib.show.kaplan_meier import plot_kaplan_meier
from analysis_lib.topics.consolidation.numbers import ConsolidationEffects


@unless_omitted
def plot_simon_makuch(*effects: ConsolidationEffects) -> ReportFigure | Omitted:
    """Survival by state from the first landmark on, any consolidation first, then its kinds."""
    comparisons = [pair for one in effects for pair in enumerate(one.curves)]
    if not comparisons:
        return Omitted(
            "At the first landmark too few patients are at risk to draw curves by consolidation."
        )
    in_order = sorted(comparisons, key=lambda pair: pair[0])
    return plot_kaplan_meier(*(comparison for _, comparison in in_order))
