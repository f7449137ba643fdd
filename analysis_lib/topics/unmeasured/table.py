"""The measured covariates as a yardstick, supposed confounders, and negative controls."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from analysis_lib.format import (
    constant,
    format_confidence,
    format_number,
    format_percent,
    format_ratio,
)
from analysis_lib.labels import level_label
from analysis_lib.results.rows import Key, unless_all_omitted, unless_omitted
from analysis_lib.show.cells import count, estimate, hazard_ratio, of_group, sentence
from analysis_lib.show.effects import compared_note, group_lines
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.unmeasured import COMPARED, RATIOS, REFERENCE
from analysis_lib.topics.unmeasured.controls import Controls
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


def _supposed(prevalence: float) -> str:
    return format_percent(constant(prevalence, "prevalence of a supposed confounder"))


@unless_all_omitted
def table_supposed(*several: Yardstick) -> ReportTable:
    """Per endpoint the ratio that is left, by the confounder's own ratio and its prevalence."""
    first = several[0]
    interval = format_confidence(first.results.confidence_level)
    columns = (
        Column("Hazard ratio of the confounder", 2.2),
        *(
            Column(_supposed(x), 1.8, f"HR ({interval}) by its prevalence where compared")
            for x in COMPARED
        ),
    )
    lines = [
        Line(
            format_number(constant(ratio, "hazard ratio of a supposed confounder")),
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
            f"a binary confounder with a prevalence of {_supposed(REFERENCE)} in the "
            "reference, beside every covariate; a ratio below 1 is taken to be confounded the "
            "other way"
        ),
    )
    return finish(Layout("supposed-confounder", columns, tuple(lines), notes), first.results)


@unless_omitted
def table_controls(controls: Controls) -> ReportTable:
    """The control exposure of each endpoint and the control outcome of each group, as ratios."""
    interval = format_confidence(controls.results.confidence_level)
    columns = (
        Column("Negative control", 2.8),
        Column("n", 0.6),
        Column("Events", 0.8),
        Column(f"Unadjusted\nratio ({interval})", 1.9),
        Column(f"Adjusted\nratio ({interval})", 1.9),
    )
    lines = (*_control_exposure(controls), *_control_outcome(controls))
    notes = (
        "Adjusted: for every covariate of the primary model, the control exposure for the exposure "
        "too. Events: those of the endpoint, or patients with the control outcome.",
        *controls.left_out,
    )
    return finish(Layout("negative-controls", columns, lines, notes), controls.results)


def _control_exposure(controls: Controls) -> Iterator[Line]:
    """A hazard ratio for each endpoint and level against the first."""
    if controls.exposure is None:
        return
    first, *others = controls.levels
    for outcome in controls.endpoints:
        for level in others:
            key, crude = (controls.of_exposure(outcome, level, crude=x) for x in (False, True))
            against = (level_label(controls.exposure, x) for x in (level, first))
            group = f"{controls.exposure.label}, {' against '.join(against)}: hazard ratio"
            cells = (hazard_ratio(controls.results, x) for x in (crude, key))
            label = controls.results.dictionary[outcome].label
            yield Line(label, (*_sizes(controls, key), *cells), group=group)


def _control_outcome(controls: Controls) -> Iterator[Line]:
    """An odds ratio for each group against the reference."""
    if controls.outcome is None:
        return
    for level in controls.groups.levels[1:]:
        key, crude = (controls.of_outcome(level, crude=x) for x in (False, True))
        label = " against ".join(map(controls.groups.label_of, (level, controls.groups.reference)))
        cells = (estimate(controls.results, x, "odds_ratio", format_ratio) for x in (crude, key))
        group = f"{controls.outcome.label}: odds ratio"
        yield Line(label, (*_sizes(controls, key), *cells), group=group)


def _sizes(controls: Controls, key: Key) -> tuple[str, str]:
    whole = Key(key.analysis, key.outcome, key.population)
    return count(controls.results, whole, "n"), count(controls.results, whole, "events")
