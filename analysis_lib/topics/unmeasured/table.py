"""The measured covariates as a yardstick, and a small surface of supposed confounders."""

from __future__ import annotations

from functools import partial

from analysis_lib.format import format_confidence, format_ratio
from analysis_lib.results.rows import unless_all_omitted
from analysis_lib.show.cells import estimate, hazard_ratio, of_group, sentence
from analysis_lib.show.effects import compared_note, group_lines
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.unmeasured import COMPARED, RATIOS, REFERENCE
from analysis_lib.topics.unmeasured.numbers import Yardstick


@unless_all_omitted
def table_yardstick(*several: Yardstick) -> ReportTable:
    """Per endpoint and covariate the ratio without it, and beside another of its strength."""
    first = several[0]
    interval = format_confidence(first.results.confidence_level)
    columns = (
        Column("Covariate", 3.0),
        Column(f"Without it\nHR ({interval})", 2.0),
        Column(f"Beside another as strong\nHR ({interval})", 2.2),
    )
    lines = [
        line
        for one in several
        for term in one.terms
        for line in group_lines(
            one.results.dictionary[term].label,
            one.exposure,
            (),
            partial(_cells, one, term),
            group=one.outcome_label,
        )
    ]
    notes = (
        compared_note(first.exposure),
        "Beside another as strong: the primary ratio, moved once more by as much as the covariate "
        "moves it.",
    )
    return finish(Layout("yardstick", columns, tuple(lines), notes), first.results)


def _cells(one: Yardstick, term: str, level: str) -> tuple[str, ...]:
    key = one.without(term, level)
    moved = estimate(one.results, key, "hazard_ratio_beside_another", format_ratio)
    return hazard_ratio(one.results, key), moved


@unless_all_omitted
def table_supposed(*several: Yardstick) -> ReportTable:
    """Per endpoint the ratio that is left, by the confounder's own ratio and its prevalence."""
    first = several[0]
    interval = format_confidence(first.results.confidence_level)
    columns = (
        Column("Hazard ratio of the confounder", 2.2),
        *(
            Column(f"{x:.0%}", 1.8, f"HR ({interval}) by its prevalence where compared")
            for x in COMPARED
        ),
    )
    lines = [
        Line(
            f"{ratio:g}",
            tuple(hazard_ratio(one.results, one.supposed(ratio, x, level)) for x in COMPARED),
            group=of_group(one.outcome_label, one.exposure, level),
        )
        for one in several
        for level in one.exposure.levels[1:]
        for ratio in RATIOS
    ]
    notes = (
        compared_note(first.exposure),
        sentence(
            f"a binary confounder with a prevalence of {REFERENCE:.0%} in the "
            "reference, beside every covariate; a ratio below 1 is taken to be confounded the "
            "other way"
        ),
    )
    return finish(Layout("supposed-confounder", columns, tuple(lines), notes), first.results)
