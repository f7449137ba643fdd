"""Doses in groups, and amounts of the exposure as a line and a curve."""

from __future__ import annotations

from collections.abc import Iterator

from analysis_lib.format import format_number
from analysis_lib.results.rows import unless_all_omitted
from analysis_lib.show.cells import hazard_ratio, level_counts, p_value
from analysis_lib.show.effects import (
    compared_note,
    effect_lines,
    methods_note,
    missing_note,
    ratio_columns,
    terms_note,
)
from analysis_lib.show.model_lines import not_estimable_notes
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.dose.numbers import QUANTITY, Amounts, DoseGroups, Modelled

NAMES = {
    "at_quartile_1": "first quartile",
    "at_median": "median",
    "at_quartile_3": "third quartile",
}
TESTS = {"curve": "A curve in place of a line", "bend": "Its bend"}


@unless_all_omitted
def table_dose_groups(*several: DoseGroups) -> ReportTable:
    """Per endpoint and model the ratio of few and of many doses against none."""
    first = several[0]
    lines = [
        line
        for one in several
        for model in one.models
        for line in effect_lines(model, model.label, one.outcome_label)
    ]
    models = [model for one in several for model in one.models]
    notes = (
        compared_note(first.crude.exposure),
        methods_note(models),
        terms_note(first.adjusted.specification, first.results),
        missing_note(first.missing_rule, first.adjusted.excluded, first.results),
        *(x for one in several for x in not_estimable_notes(one.results)),
    )
    columns = ratio_columns(Column("Model", 3.0), first.results)
    layout = Layout("dose-groups", columns, tuple(lines), tuple(dict.fromkeys(notes)))
    return finish(layout, first.results)


@unless_all_omitted
def table_amounts(*several: Amounts) -> ReportTable:
    """Per endpoint and amount: the ratio per doubling and at the quartiles, and the tests."""
    first = several[0]
    columns = ratio_columns(Column("Amount", 3.4), first.results)
    lines = [x for one in several for modelled in one.modelled for x in _lines(one, modelled)]
    notes = (
        "n and events: those of the exposed with the amount on record and every covariate; the "
        "models hold the unexposed too, and the terms of the primary model.",
        "Per doubling: against half the amount (of days, of one more than these). At a quartile: "
        "against no exposure, by the curve, a natural cubic spline of 2 degrees of freedom.",
        "P of curve and bend: likelihood ratio tests of the curve against no relation, and against "
        "a line.",
        *dict.fromkeys(x for one in several for x in one.left_out),
        *dict.fromkeys(x for one in several for x in not_estimable_notes(one.results)),
    )
    return finish(Layout("amounts", columns, tuple(lines), notes), first.results)


def _lines(one: Amounts, modelled: Modelled) -> Iterator[Line]:
    results, key = one.results, modelled.key
    yield Line(modelled.amount.label, (*level_counts(results, key), "", ""), 0, one.outcome_label)
    doubled = key._replace(level="doubled")
    ratio = (
        hazard_ratio(results, doubled),
        p_value(results, key._replace(level="line"), "lr_p_value"),
    )
    yield Line("Per doubling, among the exposed", ("", "", *ratio), 1, one.outcome_label)
    if not modelled.is_curved:
        return
    for level, name in NAMES.items():
        at = key._replace(level=level)
        value = format_number(results.value(at, QUANTITY[level]))
        label = f"At the {name}: {value} {modelled.amount.unit}"
        cells = ("", "", hazard_ratio(results, at), p_value(results, at))
        yield Line(label, cells, 1, one.outcome_label)
    for level, label in TESTS.items():
        p = p_value(results, key._replace(level=level), "lr_p_value")
        yield Line(label, ("", "", "", p), 1, one.outcome_label)
