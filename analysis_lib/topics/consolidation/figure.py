"""Survival by state of consolidation, as Simon-Makuch curves, and under both strategies."""

from __future__ import annotations

from analysis_lib.results.rows import Omitted, unless_all_omitted, unless_omitted
from analysis_lib.show.curve_panels import CurvePanel, draw_panels
from analysis_lib.show.figure import ReportFigure
from analysis_lib.show.kaplan_meier import plot_kaplan_meier
from analysis_lib.topics.consolidation.cloned import STATES, Strategies
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


@unless_all_omitted
def plot_strategies(*several: Strategies) -> ReportFigure | Omitted:
    """Weighted curves of the clones, one panel an endpoint, with bands of the bootstrap."""
    title = "Survival under two strategies after the response"
    return draw_panels(map(_panel, several), STATES.labels, several[0].results, title=title)


def _panel(one: Strategies) -> CurvePanel:
    curves = tuple(one.curve(level) for level in STATES.levels)
    label = one.outcome_label
    return CurvePanel(label, label, "the response assessment", curves)
