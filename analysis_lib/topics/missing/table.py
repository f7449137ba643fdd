"""What the extract does not record, and models under what may be missing."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan

from analysis_lib.dictionary import Variable, lower_first
from analysis_lib.format import (
    MINUS,
    at_row,
    constant,
    counted,
    format_confidence,
    format_count,
    format_number,
    format_percent,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, Omitted, Results, unless_omitted
from analysis_lib.show.cells import (
    NOTHING,
    across,
    against_reference,
    contrast_columns,
    count_of,
    hazard_ratio,
    of_group,
    populations,
    sentence,
    sized,
    standardized_difference,
)
from analysis_lib.show.effects import compared_note, effect_lines, methods_note, ratio_columns
from analysis_lib.show.model_lines import not_estimable_notes
from analysis_lib.show.notes import Comparison, absent_note, finish
from analysis_lib.show.prose import ALL_PATIENTS, lacking_key
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.missing import COMPARED, EVERYONE, SHIFTS
from analysis_lib.topics.missing.bounds import ResponseBounds, UnknownResponse, not_evaluable
from analysis_lib.topics.missing.imputed import Imputed
from analysis_lib.topics.missing.numbers import MissingData
from analysis_lib.topics.missing.patterns import part_of
from analysis_lib.topics.missing.shifted import Shifted


def table_missing_data(missing: MissingData) -> ReportTable | Omitted:
    """One line per variable that is missing in someone whom it concerns."""
    if not missing.variables:
        return Omitted(_nothing_missing(missing))
    grouping = missing.grouping
    columns = (
        Column("Not recorded", 3.6),
        *_group_columns(missing),
        *contrast_columns(grouping, "SMD", 0.8),
    )
    lines = tuple(_line(missing, variable) for variable in missing.variables)
    notes = (
        "Numbers are n/N (%), of the patients whom the variable concerns; what does not apply to "
        "a patient is not missing, and a value that says that nobody knows is.",
        sentence(
            f"SMD: absolute standardised difference of the shares missing from {grouping.inside[0]}"
        ),
        _complete_note(missing.complete),
        absent_note(variable.label for variable in missing.absent),
    )
    return finish(Layout("missing-data", columns, lines, notes), missing.results)


def _nothing_missing(missing: MissingData) -> str:
    absent = absent_note(variable.label for variable in missing.absent)
    return f"No variable of the extract lacks a value in a patient whom it concerns. {absent}"


def _group_columns(missing: MissingData) -> list[Column]:
    """Everyone and each group with its size; what a variable concerns can be less."""
    at = Key("missing_patterns", level="complete", statistic="count")
    labels = ("All", *missing.grouping.labels)
    sizes = [
        missing.results.row(at._replace(population=where)).denominator or 0
        for where in populations(missing.grouping, "infused")
    ]
    return [Column(sized(label, size), 1.6) for label, size in zip(labels, sizes, strict=True)]


def _line(missing: MissingData, variable: Variable) -> Line:
    key = Key("missing_values", population="infused", variable=variable.name, level="missing")
    counts = across(missing.results, missing.grouping, key, count_of)
    differences = against_reference(missing.results, missing.grouping, key, _difference)
    part = part_of(variable)
    label = f"{variable.label}, {part}" if part else variable.label
    return Line(label, (*counts, *differences))


def _difference(results: Results, key: Key) -> str:
    """A dash where a group has nobody whom the variable concerns."""
    value = results.value(key, "standardized_difference")
    return NOTHING if isnan(value) else standardized_difference(results, key)


def _complete_note(variables: Iterable[Variable]) -> str:
    named = [lower_first(variable.label) for variable in variables]
    if not named:
        return ""
    return sentence(f"recorded in every patient concerned: {listed(named)}")


@unless_omitted
def table_imputed(imputed: Imputed) -> ReportTable:
    """Each model in its complete cases and with gaps imputed, with the information missing."""
    lines = [
        line
        for pair in imputed.pairs
        for effect in (pair.complete, pair.imputed)
        for line in effect_lines(effect, effect.label, pair.label, after=_missing_information)
    ]
    results = imputed.results
    columns = ratio_columns(
        Column("Patients", 2.4), results, after=[Column("Information\nmissing", 1.2)]
    )
    gaps = "; ".join(
        f"{results.dictionary[name].phrase}: {format_count(at_row(count, lacking_key(name)))}"
        for name, count in imputed.incomplete
    )
    effects = [x for pair in imputed.pairs for x in (pair.complete, pair.imputed)]
    notes = (
        compared_note(effects[0].exposure),
        methods_note(effects),
        sentence(
            f"without a value among {format_count(at_row(imputed.patients, ALL_PATIENTS))}: {gaps}"
        ),
        *not_estimable_notes(results),
    )
    return finish(Layout("imputed", columns, tuple(lines), notes), results)


def _missing_information(results: Results, key: Key) -> str:
    at = key._replace(statistic="missing_information")
    if not results.has(at):
        return ""
    value = results.value(at)
    return NOTHING if value != value else format_percent(value, 1)


@unless_omitted
def table_unknown_response(unknown: UnknownResponse) -> ReportTable:
    """Model B under each assumption on the unknown, one line a model and below it each group."""
    lines: list[Line] = [line for x in unknown.effects for line in effect_lines(x, x.label)]
    results = unknown.results
    columns = ratio_columns(Column("Unknown response to the exposure", 3.0), results)
    notes = (
        compared_note(unknown.exposure),
        methods_note(unknown.effects),
        f"Unknown: {counted(unknown.unknown, 'patient')}, "
        f"{format_count(unknown.unknown_events)} with an event.",
        *not_estimable_notes(results),
    )
    return finish(Layout("unknown-response", columns, tuple(lines), notes), results)


@unless_omitted
def table_response_bounds(bounds: ResponseBounds) -> ReportTable:
    """CR/CRi by exposure: of the evaluable, then under each assumption on the others."""
    sizes = Key(bounds.cases[1][0], "cr_cri", "infused", statistic="count")
    comparison = Comparison(bounds.results, bounds.grouping, sizes)
    lines = tuple(
        comparison.line(label, Key(analysis, "cr_cri", base), count_of)
        for analysis, label, base in bounds.cases
    )
    lacking, whole = not_evaluable(bounds)
    layout = Layout(
        "response-bounds",
        comparison.columns("CR or CRi", 1.5),
        lines,
        (
            "Numbers are n/N (%).",
            f"Not evaluable: {format_count(lacking)} of "
            f"{counted(whole, 'patient')}. Best case: of these, all in the groups "
            f"compared responded and none in {bounds.grouping.inside[0]}; worst case: the reverse.",
            *comparison.notes(),
        ),
    )
    return finish(layout, bounds.results)


def _shift(x: float) -> str:
    """`+1` or `-1` with the sign of a minus."""
    number = format_number(constant(abs(x), "shift of imputed values"))
    return f"{'+' if x > 0 else MINUS}{number}"


@unless_omitted
def table_shifted(shifted: Shifted) -> ReportTable:
    """Per endpoint and group the ratio under every shift, in everyone and in that group alone."""
    results, exposure = shifted.results, shifted.exposure
    interval = format_confidence(results.confidence_level)
    columns = (
        Column("Imputed values shifted", 2.4),
        *(Column(_shift(x), 1.7, f"HR ({interval}) by shift") for x in SHIFTS),
    )
    lines = tuple(
        Line(
            f"{results.dictionary[name].label}, {where}",
            tuple(
                hazard_ratio(results, shifted.key(outcome, name, level, scope, x)) for x in SHIFTS
            ),
            group=of_group(results.dictionary[outcome].label, exposure, level),
        )
        for outcome in shifted.outcomes
        for level in exposure.levels[1:]
        for name in shifted.covariates
        for scope, where in (
            (EVERYONE, "in everyone"),
            (COMPARED, f"in {exposure.label_of(level)} alone"),
        )
    )
    notes = (
        compared_note(exposure),
        "Shift: of a factor the log odds of every level but its reference, of a number its "
        "standard deviations. One covariate at a time.",
    )
    return finish(Layout("shifted", columns, lines, notes), results)
