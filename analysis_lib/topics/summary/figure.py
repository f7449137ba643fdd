"""The exposure's hazard ratio of each endpoint: crude, adjusted, and in weighted groups."""

from __future__ import annotations

from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.show.forest import against, draw_forest
from analysis_lib.show.forest_layout import ForestRow, effect_rows, heading_row
from analysis_lib.topics.summary.numbers import Answer


@in_theme
def plot_answers(*answers: Answer) -> ReportFigure:
    """Two or three rows an endpoint; the primary adjusted model stands out."""
    rows: list[ForestRow] = []
    for one in answers:
        rows.append(heading_row(one.outcome_label))
        for effect in (one.ladder.crude, one.ladder.baseline):
            primary = effect is one.ladder.baseline
            rows += effect_rows(effect, effect.label, stands_out=primary)
        if not isinstance(one.weighted, Omitted):
            label = "In overlap-weighted groups"
            rows += effect_rows(one.weighted, label, stands_out=False)
    return draw_forest(
        rows,
        answers[0].results,
        title="Hazard ratios of the exposure: crude, adjusted, weighted",
        outcome=against(answers[0].exposure),
    )
