"""The exposure's hazard ratio by question and by choice, one model a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis_lib.estimates.effects import Effect
from analysis_lib.format import format_confidence, format_fixed, format_number, format_percent
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, Omitted, Results, Row
from analysis_lib.show.cells import NOTHING, count, hazard_ratio, p_value, robust_hazard_ratio
from analysis_lib.show.headings import population_phrase, sentence
from analysis_lib.show.model_lines import MISSING_RULES, NOT_ESTIMABLE, not_estimable_notes
from analysis_lib.show.notes import finish, methods
from analysis_lib.show.table import Column, Layout, Line, ReportTable, blank
from analysis_lib.stats.e_value import POWER
from analysis_lib.topics.effect.numbers import Ladder, Sensitivity

ROBUST = "the same with errors by centre"


def table_ladder(*ladders: Ladder) -> ReportTable:
    """One group of lines per endpoint: n, events, standard error, HR, P, detectable HR."""
    first = ladders[0]
    lines = [
        line for ladder in ladders for rung in ladder.rungs for line in _rung_lines(ladder, rung)
    ]
    columns = (
        Column("Model", 3.0),
        Column("n", 0.6),
        Column("Events", 0.8),
        Column("SE", 0.7),
        Column(f"HR ({format_confidence(first.results.confidence_level)})", 1.9),
        Column("P", 0.7),
        Column("Detectable\nHR", 1.1),
    )
    notes = (
        *_shared_notes(ladders[0].rungs, (row for x in ladders for row in x.results)),
        _detectable_note(first.results.confidence_level),
        *dict.fromkeys(_errors_note(ladder) for ladder in ladders),
        *_terms_notes(first),
        *(x for ladder in ladders for x in not_estimable_notes(ladder.results)),
    )
    notes = tuple(dict.fromkeys(notes))
    return finish(Layout("exposure-ladder", columns, tuple(lines), notes), first.results)


def table_sensitivity(sensitivity: Sensitivity) -> ReportTable:
    """One group of lines per model: as specified, then under each other choice."""
    lines = [
        line
        for family in sensitivity.families
        for effect in family.effects
        for line in _effect_lines(effect, family.label, detectable=False)
    ]
    results = sensitivity.families[0].chosen.results
    columns = (
        Column("Choice", 3.4),
        Column("n", 0.6),
        Column("Events", 0.8),
        Column(f"HR ({format_confidence(results.confidence_level)})", 1.9),
        Column("P", 0.7),
    )
    effects = [x for family in sensitivity.families for x in family.effects]
    reasons = [x for e in effects for x in not_estimable_notes(e.results)]
    notes = (
        *_shared_notes(effects, (row for effect in effects for row in effect.results)),
        *sensitivity.left_out,
        *dict.fromkeys(reasons),
    )
    return finish(Layout("sensitivity", columns, tuple(lines), notes), results)


def _rung_lines(ladder: Ladder, rung: Effect) -> list[Line]:
    lines = _effect_lines(rung, ladder.outcome_label, detectable=True)
    if rung is not ladder.baseline or isinstance(ladder.errors, Omitted):
        return lines
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
        lines.append(Line(name, cells, 1, ladder.outcome_label))
    return lines


def _effect_lines(effect: Effect, group: str, *, detectable: bool) -> list[Line]:
    """One line of two groups; of more, the model and below it each group."""
    results, label = effect.results, effect.specification.label
    size = (count(results, effect.key, "n"), count(results, effect.key, "events"))
    levels = effect.exposure.levels[1:]
    if len(levels) == 1:
        cells = _numbers(results, effect.contrast(levels[0]), detectable=detectable)
        return [Line(label, (*size, *cells), group=group)]
    lines = [Line(label, (*size, *blank(4 if detectable else 2)), group=group)]
    for level in levels:
        cells = _numbers(results, effect.contrast(level), detectable=detectable)
        lines.append(Line(effect.exposure.label_of(level), ("", "", *cells), 1, group))
    return lines


def _numbers(results: Results, key: Key, *, detectable: bool) -> tuple[str, ...]:
    ratio = (hazard_ratio(results, key), p_value(results, key))
    if not detectable:
        return ratio
    found = results.value(key._replace(statistic="minimum_detectable_hazard_ratio"))
    return (_error(results, key, "std_error"), *ratio, format_fixed(found, 2, missing=NOTHING))


def _error(results: Results, key: Key, statistic: str) -> str:
    return format_fixed(results.value(key._replace(statistic=statistic)), 3, missing=NOTHING)


def _shared_notes(effects: Sequence[Effect], rows: Iterable[Row]) -> tuple[str, ...]:
    exposure = effects[0].exposure
    compared = listed(exposure.labels[1:])
    ratios = methods(
        x
        for x in rows
        if x.key.statistic == "hazard_ratio" and not x.method.startswith(NOT_ESTIMABLE)
    )
    return (
        sentence(f"HR, hazard ratio of {compared} against {exposure.labels[0]}: {ratios}"),
        "n and events: those of the model.",
    )


def _detectable_note(level: float) -> str:
    alpha = format_number(1 - level, digits=3)
    return (
        "Detectable HR: the ratio above 1 that the two-sided test at the level of "
        f"{alpha} finds with {format_percent(POWER)} power (Schoenfeld), from the events in both "
        "groups; its inverse below 1; a lower bound where the model is adjusted."
    )


def _errors_note(ladder: Ladder) -> str:
    if isinstance(ladder.errors, Omitted):
        return ladder.errors.reason
    return sentence(
        f"SE, standard error of the log HR; by centre: {ladder.errors.method}, "
        f"{ladder.errors.clusters} centres"
    )


def _terms_notes(ladder: Ladder) -> tuple[str, ...]:
    rungs = [x for x in (ladder.baseline, ladder.as_published) if x is not None]
    dictionary, notes = ladder.results.dictionary, []
    for rung in rungs:
        of = rung.specification
        names = "; ".join(dictionary.phrases(of.terms))
        base = population_phrase(of.population)
        notes.append(sentence(f"{of.label}: {base}. Terms: {names or 'none'}"))
    excluded = "; ".join(dictionary.phrases(ladder.baseline.excluded))
    rule = MISSING_RULES[ladder.model.missing_rule]
    missing = sentence(f"{rule}; missing values are in: {excluded}") if excluded else ""
    left_out = listed(dictionary.phrases(ladder.left_out))
    same = sentence(f"without {left_out}: every patient has the same value") if left_out else ""
    return (*notes, missing, same)
