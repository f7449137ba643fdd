"""Forest plots of one exposure's hazard ratio: by question, and by choice."""

from __future__ import annotations

from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.show.forest import against, draw_forest
from analysis_lib.show.forest_layout import ForestRow, effect_rows, heading_row, robust_rows
from analysis_lib.topics.effect.numbers import Ladder, Sensitivity


@in_theme
def plot_ladder(*ladders: Ladder) -> ReportFigure:
    """Every rung of every endpoint; the primary adjusted model stands out."""
    rows: list[ForestRow] = []
    for ladder in ladders:
        rows.append(heading_row(ladder.outcome_label))
        for rung in ladder.rungs:
            primary = rung is ladder.baseline
            rows += effect_rows(rung, rung.specification.label, stands_out=primary)
            if primary and not isinstance(ladder.errors, Omitted):
                rows += robust_rows(rung, "The same with errors by centre")
    return draw_forest(
        rows,
        ladders[0].results,
        title="Hazard ratios of the exposure, from crude to adjusted",
        outcome=against(ladders[0].exposure),
    )


@in_theme
def plot_sensitivity(sensitivity: Sensitivity) -> ReportFigure:
    """Every model as specified, which stands out, and under each other choice."""
    rows: list[ForestRow] = []
    for family in sensitivity.families:
        rows.append(heading_row(family.label))
        for effect in family.effects:
            chosen = effect is family.chosen
            rows += effect_rows(effect, effect.specification.label, stands_out=chosen)
    first = sensitivity.families[0].chosen
    return draw_forest(
        rows,
        first.results,
        title="Hazard ratios of the exposure under other choices",
        outcome=against(first.exposure),
    )
