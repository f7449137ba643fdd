"""A small forest: the exposure's hazard ratio in each subgroup, with P for interaction."""

from __future__ import annotations

from dataclasses import replace

from analysis_lib.format import format_p
from analysis_lib.labels import level_label
from analysis_lib.results.rows import unless_all_omitted
from analysis_lib.show.cells import level_counts
from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.show.forest import against, draw_forest
from analysis_lib.show.forest_layout import ForestRow, heading_row, ratio_row
from analysis_lib.topics.subgroups.numbers import Interactions, Subgroups


@in_theme
@unless_all_omitted
def plot_interactions(*several: Interactions) -> ReportFigure:
    """Per endpoint and variable the subgroups, below a line with P for interaction."""
    rows = [row for one in several for row in _rows_of(one)]
    first = several[0]
    return draw_forest(
        rows,
        first.results,
        title=f"Hazard ratios by {first.exposure.phrase} in subgroups",
        outcome=against(first.exposure),
    )


def _rows_of(one: Interactions) -> list[ForestRow]:
    below = [row for by in one.variables for row in _rows(one, by)]
    return [heading_row(one.outcome_label), *below]


def _rows(one: Interactions, by: Subgroups) -> list[ForestRow]:
    results, variable = one.results, one.results.dictionary[by.variable]
    p_value = format_p(results.value(by.test_key, "lr_p_value"))
    tested = ForestRow(variable.label, False, False, False)
    rows = [replace(tested, ratio="P for interaction", p_value=p_value)]
    for level in by.levels:
        for group in one.exposure.levels[1:]:
            key = by.of(level, group)
            label = level_label(variable, level)
            if len(one.exposure.levels) > 2:
                label = f"{label}, {one.exposure.label_of(group)}"
            row = ratio_row(results, key, label, level_counts(results, key), False)
            rows.append(replace(row, p_value=""))
    return rows
