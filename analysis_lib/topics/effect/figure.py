"""Forest plots of one exposure's hazard ratio: by question, and by choice."""

from __future__ import annotations

from dataclasses import replace

from analysis_lib.estimates.effects import Effect
from analysis_lib.format import format_count
from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.show.forest import draw_forest
from analysis_lib.show.forest_layout import ForestRow, term_row
from analysis_lib.stats.cox_robust import ClusteredErrors
from analysis_lib.study.exposure import Grouping
from analysis_lib.topics.effect.numbers import Ladder, Sensitivity


@in_theme
def plot_ladder(*ladders: Ladder) -> ReportFigure:
    """Every rung of every endpoint; the primary adjusted model stands out."""
    rows: list[ForestRow] = []
    for ladder in ladders:
        rows.append(_heading(ladder.outcome_label))
        for rung in ladder.rungs:
            primary = rung is ladder.baseline
            rows += _effect_rows(rung, stands_out=primary)
            if primary and not isinstance(ladder.errors, Omitted):
                rows += _robust_rows(rung, ladder.errors)
    first = ladders[0]
    return draw_forest(
        tuple(rows),
        first.results.confidence_level,
        title="Hazard ratios of the exposure, from crude to adjusted",
        outcome=_compared(first.exposure),
        label=first.results.label,
    )


@in_theme
def plot_sensitivity(sensitivity: Sensitivity) -> ReportFigure:
    """Every model as specified, which stands out, and under each other choice."""
    rows: list[ForestRow] = []
    for family in sensitivity.families:
        rows.append(_heading(family.label))
        for effect in family.effects:
            rows += _effect_rows(effect, stands_out=effect is family.chosen)
    chosen = sensitivity.families[0].chosen
    return draw_forest(
        tuple(rows),
        chosen.shown.confidence_level,
        title="Hazard ratios of the exposure under other choices",
        outcome=_compared(chosen.exposure),
        label=chosen.results.label,
    )


def _heading(label: str) -> ForestRow:
    return ForestRow(label, False, True, False)


def _effect_rows(effect: Effect, *, stands_out: bool) -> list[ForestRow]:
    """One row a group, with the patients and events of the whole model."""
    exposure, rows = effect.exposure, []
    for level in effect.exposure.levels[1:]:
        term = effect.shown.coefficient(exposure.variable, level)
        label = _label(exposure, level, effect.specification.label)
        row = term_row(term, label, True, stands_out, effect.results.dictionary)
        size = format_count(effect.shown.n), format_count(effect.shown.events)
        rows.append(replace(row, n=size[0], events=size[1]))
    return rows


def _robust_rows(effect: Effect, errors: ClusteredErrors) -> list[ForestRow]:
    rows = []
    for level in effect.exposure.levels[1:]:
        term = errors.coefficient(effect.exposure.variable, level)
        label = _label(effect.exposure, level, "The same with errors by centre")
        row = term_row(term, label, True, True, effect.results.dictionary)
        rows.append(replace(row, n="", events=""))
    return rows


def _label(exposure: Grouping, level: str, label: str) -> str:
    """The model, and of several groups which."""
    return label if len(exposure.levels) == 2 else f"{exposure.label_of(level)}: {label}"


def _compared(exposure: Grouping) -> str:
    if len(exposure.levels) > 2:
        return f"Against {exposure.labels[0]}"
    return f"{exposure.labels[1]} against {exposure.labels[0]}"
