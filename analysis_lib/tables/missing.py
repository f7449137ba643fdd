"""Models under what may be missing: imputed, and under assumptions on unknown responses."""

from __future__ import annotations

from analysis_lib.analyses import (
    Imputed,
    Key,
    Omitted,
    ResponseBounds,
    Results,
    UnknownResponse,
)
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import format_confidence, format_count, format_percent
from analysis_lib.tables.cells import NOTHING, count_of
from analysis_lib.tables.comparison import Comparison
from analysis_lib.tables.effect_lines import compared_note, effect_lines, methods_note
from analysis_lib.tables.labels import sentence
from analysis_lib.tables.layout import Column, Layout, Line
from analysis_lib.tables.notes import finish
from analysis_lib.tables.report_table import ReportTable
from analysis_lib.tables.terms import not_estimable_notes


def table_imputed(imputed: Imputed | Omitted, *, dictionary: Dictionary) -> ReportTable | Omitted:
    """Each model in its complete cases and with gaps imputed, with the information missing."""
    if isinstance(imputed, Omitted):
        return imputed
    lines = [
        line
        for pair in imputed.pairs
        for effect in (pair.complete, pair.imputed)
        for line in effect_lines(effect, pair.label, of_group=_missing_information)
    ]
    results = imputed.results
    columns = (
        Column("Patients", 2.4),
        Column("n", 0.6),
        Column("Events", 0.8),
        Column(f"HR ({format_confidence(results.confidence_level)})", 1.9),
        Column("P", 0.7),
        Column("Information\nmissing", 1.2),
    )
    gaps = "; ".join(
        f"{lower_first(dictionary[name].label)}: {format_count(count)}"
        for name, count in imputed.incomplete
    )
    effects = [x for pair in imputed.pairs for x in (pair.complete, pair.imputed)]
    notes = (
        compared_note(effects[0]),
        methods_note(effects),
        sentence(f"without a value among {format_count(imputed.patients)}: {gaps}"),
        *not_estimable_notes(results, dictionary),
    )
    return finish(Layout("imputed", columns, tuple(lines), notes), results)


def _missing_information(results: Results, key: Key) -> str:
    at = key._replace(statistic="missing_information")
    if not results.has(at):
        return ""
    value = results.value(at)
    return NOTHING if value != value else format_percent(value, 1)


def table_unknown_response(
    unknown: UnknownResponse | Omitted, *, dictionary: Dictionary
) -> ReportTable | Omitted:
    """Model B under each assumption on the unknown, one line a model and below it each group."""
    if isinstance(unknown, Omitted):
        return unknown
    lines: list[Line] = [line for x in unknown.effects for line in effect_lines(x)]
    results = unknown.results
    columns = (
        Column("Unknown response to the exposure", 3.0),
        Column("n", 0.6),
        Column("Events", 0.8),
        Column(f"HR ({format_confidence(results.confidence_level)})", 1.9),
        Column("P", 0.7),
    )
    notes = (
        compared_note(unknown.known),
        methods_note(unknown.effects),
        f"Unknown: {format_count(unknown.unknown)} patients, "
        f"{format_count(unknown.unknown_events)} with an event.",
        *not_estimable_notes(results, dictionary),
    )
    return finish(Layout("unknown-response", columns, tuple(lines), notes), results)


def table_response_bounds(bounds: ResponseBounds | Omitted) -> ReportTable | Omitted:
    """CR/CRi by exposure: of the evaluable, then under each assumption on the others."""
    if isinstance(bounds, Omitted):
        return bounds
    sizes = Key(bounds.cases[1][0], "cr_cri", "infused", statistic="count")
    comparison = Comparison(bounds.results, bounds.grouping, sizes)
    lines = tuple(
        comparison.line(label, Key(analysis, "cr_cri", base), count_of)
        for analysis, label, base in bounds.cases
    )
    layout = Layout(
        "response-bounds",
        comparison.columns("CR or CRi", 1.5),
        lines,
        (
            "Numbers are n/N (%).",
            f"Not evaluable: {format_count(bounds.not_evaluable)} of "
            f"{format_count(bounds.patients)} patients. Best case: of these, all in the groups "
            f"compared responded and none in {bounds.grouping.labels[0]}; worst case: the reverse.",
            *comparison.notes(),
        ),
    )
    return finish(layout, bounds.results)
