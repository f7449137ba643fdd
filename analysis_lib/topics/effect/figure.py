"""Forest plot of one exposure's hazard ratio under other choices."""

from __future__ import annotations

from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.show.forest import against, draw_forest
from analysis_lib.show.forest_layout import ForestRow, effect_rows, heading_row
from analysis_lib.topics.effect.numbers import Sensitivity


@in_theme
def plot_sensitivity(sensitivity: Sensitivity) -> ReportFigure:
    """Every model as specified, which stands out, and under each other choice."""
    rows: list[ForestRow] = []
    for family in sensitivity.families:
        rows.append(heading_row(family.label))
        for effect in family.effects:
            chosen = effect is family.chosen
            rows += effect_rows(effect, effect.label, stands_out=chosen)
    first = sensitivity.families[0].chosen
    return draw_forest(
        rows,
        first.results,
        title="Hazard ratios of the exposure under other choices",
        outcome=against(first.exposure),
    )
