"""The exposure's hazard ratio by question and by choice, one model a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.effects import Effect, FittedEffect
from analysis_lib.format import (
    constant,
    counted,
    format_fixed,
    format_number,
    format_percent,
    remainder,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, Omitted, Results, Row
from analysis_lib.show.cells import NOTHING, p_value, robust_hazard_ratio, sentence
from analysis_lib.show.effects import (
    compared_note,
    effect_lines,
    estimators,
    missing_note,
    ratio_and_p,
    ratio_columns,
    same_note,
    terms_note,
)
from analysis_lib.show.model_lines import not_estimable_notes
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.stats.e_value import POWER
from analysis_lib.study.exposure import Grouping
from analysis_lib.topics.effect.by_centre import CALENDAR, VOLUME
from analysis_lib.topics.effect.centre_words import frailty_variance
from analysis_lib.topics.effect.numbers import Ladder

ROBUST = "the same with errors by centre"


def table_ladder(*ladders: Ladder) -> ReportTable:
    """One group of lines per endpoint: n, events, standard error, HR, P, detectable HR."""
    first, rungs = ladders[0], [rung for ladder in ladders for rung in ladder.rungs]
    lines = [
        line for ladder in ladders for rung in ladder.rungs for line in _rung_lines(ladder, rung)
    ]
    columns = ratio_columns(
        Column("Model", 3.0),
        first.results,
        before=[Column("SE", 0.7)],
        after=[Column("Detectable\nHR", 1.1)],
    )
    notes = (
        *_shared_notes(first.exposure, (row for rung in rungs for row in rung.results)),
        _detectable_note(first.results.confidence_level),
        *dict.fromkeys(_errors_note(ladder) for ladder in ladders),
        *filter(None, [_centres_note(ladders), _setting_note(first)]),
        *_terms_notes(first),
        *(x for ladder in ladders for x in not_estimable_notes(ladder.results)),
    )
    notes = tuple(dict.fromkeys(notes))
    return finish(Layout("exposure-ladder", columns, tuple(lines), notes), first.results)


def _rung_lines(ladder: Ladder, rung: FittedEffect) -> list[Line]:
    lines = effect_lines(rung, rung.label, ladder.outcome_label, before=_error, after=_detectable)
    if rung is not ladder.baseline:
        return lines
    if not isinstance(ladder.errors, Omitted):
        lines += _robust_lines(ladder, rung)
    for effect in (*ladder.by_centre, *ladder.setting):
        lines += _lines_by_centre(ladder, effect)
    return lines


def _robust_lines(ladder: Ladder, rung: FittedEffect) -> Iterator[Line]:
    """The groups with their errors by centre."""
    several = len(rung.exposure.levels) > 2
    for level in rung.exposure.levels[1:]:
        key = rung.contrast(level)
        name = f"{rung.exposure.label_of(level)}, {ROBUST}" if several else ROBUST
        cells = (
            *("", ""),
            _error(rung.results, key, "robust_std_error"),
            robust_hazard_ratio(rung.results, key),
            p_value(rung.results, key, "robust_p_value"),
            "",
        )
        yield Line(name, cells, 1, ladder.outcome_label)


def _lines_by_centre(ladder: Ladder, effect: Effect) -> Iterator[Line]:
    """The groups of one model of centres or of a setting; its patients are those above."""
    several = len(effect.exposure.levels) > 2
    for level in effect.exposure.levels[1:]:
        key = effect.contrast(level)
        name = f"{effect.exposure.label_of(level)}, {effect.label}" if several else effect.label
        ratio = ratio_and_p(effect.results, key)
        cells = ("", "", _error(effect.results, key), *ratio, "")
        yield Line(name, cells, 1, ladder.outcome_label)


def _detectable(results: Results, key: Key) -> str:
    found = results.value(key, "minimum_detectable_hazard_ratio")
    return format_fixed(found, 2, missing=NOTHING)


def _error(results: Results, key: Key, statistic: str = "std_error") -> str:
    return format_fixed(results.value(key, statistic), 3, missing=NOTHING)


def _shared_notes(exposure: Grouping, rows: Iterable[Row]) -> tuple[str, ...]:
    return compared_note(exposure, estimators(rows)), "n and events: those of the model."


def _detectable_note(level: float) -> str:
    power = constant(POWER, "power asked of a design")
    alpha = format_number(remainder(constant(1, "whole"), level), digits=3)
    return (
        "Detectable HR: the ratio above 1 that the two-sided test at the level of "
        f"{alpha} finds with {format_percent(power)} power (Schoenfeld), from the events in both "
        "groups; its inverse below 1; a lower bound where the model is adjusted."
    )


def _errors_note(ladder: Ladder) -> str:
    if isinstance(ladder.errors, Omitted):
        return ladder.errors.reason
    clusters = ladder.results.value(ladder.baseline.key, "clusters")
    return sentence(
        f"SE, standard error of the log HR; by centre: {ladder.errors.method}, "
        f"{counted(clusters, 'centre')}"
    )


def _centres_note(ladders: Sequence[Ladder]) -> str:
    """How the models of centres are made, and by how much the hazards of centres differ."""
    found = [(x.outcome_label, frailty_variance(x)) for x in ladders if x.by_centre]
    if not found:
        return ""
    variances = [f"{x} for {lower_first(name)}" for name, x in found if x is not None]
    said = f", of variance {listed(variances)}" if variances else ""
    return sentence(f"frailty: gamma, one a centre{said}")


SETTING_NOTES = {
    CALENDAR: "calendar time: years since the first patient, as a natural spline of 2 degrees of "
    "freedom",
    VOLUME: "volume: logarithm of the eligible patients of the centre",
}


def _setting_note(ladder: Ladder) -> str:
    known = [SETTING_NOTES[x.key.analysis] for x in ladder.setting]
    return sentence("; ".join(known)) if known else ""


def _terms_notes(ladder: Ladder) -> tuple[str, ...]:
    results, rungs = ladder.results, (ladder.baseline, ladder.as_published)
    return (
        *(terms_note(x.specification, results) for x in rungs if x is not None),
        missing_note(ladder.baseline.missing_rule, ladder.baseline.excluded, results),
        same_note(ladder.left_out, results),
    )
