"""The exposure's hazard ratio in each subgroup as a table."""

from __future__ import annotations

from collections.abc import Iterator

from analysis_lib.format import format_fixed, format_percent
from analysis_lib.labels import level_label
from analysis_lib.results.rows import unless_all_omitted
from analysis_lib.show.cells import NOTHING, hazard_ratio, level_counts, p_value
from analysis_lib.show.effects import compared_note, group_lines, ratio_columns
from analysis_lib.show.model_lines import not_estimable_notes
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.stats.e_value import POWER
from analysis_lib.topics.subgroups.numbers import Interactions, Subgroups


@unless_all_omitted
def table_interactions(*several: Interactions) -> ReportTable:
    """Per endpoint and variable P for interaction, and below it the ratio of each subgroup."""
    first = several[0]
    columns = ratio_columns(
        Column("Subgroup", 3.2), first.results, after=[Column("Detectable\nfactor", 1.1)]
    )
    lines = [line for one in several for by in one.variables for line in _lines(one, by)]
    notes = (
        compared_note(first.exposure),
        "P: likelihood ratio test of the product of exposure and subgroup in the primary model.",
        "Detectable factor: between the ratio of a subgroup and that of the first, with "
        f"{format_percent(POWER)} power.",
        *dict.fromkeys(x for one in several for x in one.left_out),
        *dict.fromkeys(x for one in several for x in not_estimable_notes(one.results)),
    )
    return finish(Layout("interactions", columns, tuple(lines), notes), first.results)


def _lines(one: Interactions, by: Subgroups) -> Iterator[Line]:
    results, variable = one.results, one.results.dictionary[by.variable]
    p = p_value(results, by.test_key, "lr_p_value")
    yield Line(variable.label, ("", "", "", p, ""), 0, one.outcome_label)

    for level in by.levels:

        def cells(group: str, level: str = level) -> tuple[str, ...]:
            key = by.of(level, group)
            return hazard_ratio(results, key), "", _detectable(one, by, level, group)

        size = level_counts(results, by.of(level, one.exposure.levels[1]))
        label = f"{variable.label}: {level_label(variable, level)}"
        yield from group_lines(label, one.exposure, size, cells, group=one.outcome_label)


def _detectable(one: Interactions, by: Subgroups, level: str, group: str) -> str:
    if level == by.levels[0]:
        return ""
    key = by.of(level, group)
    found = one.results.value(key, "detectable_ratio_of_hazard_ratios")
    return format_fixed(found, 2, missing=NOTHING)
