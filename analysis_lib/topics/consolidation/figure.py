"""Consolidation as a forest plot, and Simon-Makuch curves."""

from __future__ import annotations

from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import (
    format_number,
)
from analysis_lib.results.rows import Omitted, unless_omitted
from analysis_lib.show.cells import count
from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.show.forest import draw_forest
from analysis_lib.show.forest_layout import ForestRow, heading_row, ratio_row
from analysis_lib.show.kaplan_meier import plot_kaplan_meier
from analysis_lib.topics.consolidation.estimates import Contrast
from analysis_lib.topics.consolidation.follow_up import Estimator
from analysis_lib.topics.consolidation.numbers import ConsolidationEffects

LABELS = {
    "fixed": "Fixed at infusion",
    "time_varying": "Time-varying",
    "cloned": "Cloned strategies",
}


@unless_omitted
@in_theme
def plot_triptych(*effects: ConsolidationEffects) -> ReportFigure:
    """Crude hazard ratios of every contrast, a row an estimator; the time-varying in colour."""
    rows: list[ForestRow] = []
    for one in effects:
        for contrast in one.contrasts:
            label = f"{one.outcome_label}: {lower_first(contrast.label)}"
            rows.append(heading_row(label))
            rows += [_row(one, contrast, x) for x in one.estimators]
    return draw_forest(
        rows,
        effects[0].results,
        title="Hazard ratios of consolidation by when a patient counts as consolidated",
        outcome="After consolidation against none",
    )


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


def estimator_label(estimator: Estimator, dictionary: Dictionary) -> str:
    """The name of an estimator in a row: `Landmark, day 60`."""
    if estimator.days is None:
        return dictionary.own_words(LABELS[estimator.kind])
    return f"Landmark, day {format_number(estimator.days)}"


def _row(one: ConsolidationEffects, contrast: Contrast, estimator: Estimator) -> ForestRow:
    key = contrast.key(estimator.analysis, one.outcome, estimator.time_months)
    size = count(one.results, key, "n"), count(one.results, key, "events")
    coloured = estimator.kind == "time_varying"
    label = estimator_label(estimator, one.results.dictionary)
    return ratio_row(one.results, key, label, size, coloured)
