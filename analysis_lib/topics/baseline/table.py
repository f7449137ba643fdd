"""Table 1: baseline characteristics of the groups, with tests and standardised differences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from analysis_lib.dictionary import Variable, lower_first
from analysis_lib.format import format_number
from analysis_lib.labels import MISSING, level_label, listed
from analysis_lib.results.rows import Key, Omitted, unless_omitted
from analysis_lib.show.cells import (
    across,
    against_reference,
    contrast_columns,
    contrasts,
    count_percent,
    definition,
    evaluable,
    exact_note,
    group_columns,
    median_range,
    one_decimal,
    p_of_counts,
    p_of_counts_column,
    sentence,
    spread,
    standardized_difference,
    with_unit,
)
from analysis_lib.show.notes import absent_note, finish, methods
from analysis_lib.show.table import Column, Layout, Line, ReportTable, blank
from analysis_lib.topics.baseline.numbers import Baseline

OWN_TABLE = "age_group_as_published"


def baseline_notes(baseline: Baseline, shown: Sequence[Variable]) -> tuple[str, ...]:
    """All notes of a baseline table whose rows are `shown`."""
    return (
        _base(baseline),
        _tests(baseline, shown),
        exact_note(baseline.results),
        _missing(baseline, shown),
        _differences(baseline, shown),
        _own_table(baseline),
        absent_note(variable.label for variable in baseline.absent),
    )


def _base(baseline: Baseline) -> str:
    counted = (
        "Numbers are n (%) unless stated otherwise; percentages are of all patients of the "
        "column, those with a missing value included."
    )
    if baseline.analysis == "baseline_by_exposure":
        return counted
    return f"{counted} All: the patients of the groups shown."


def _tests(baseline: Baseline, shown: Sequence[Variable]) -> str:
    if not baseline.is_tested:
        return "The groups were assigned at random: their differences are not tested (CONSORT)."
    quantities = _how(baseline, [v for v in shown if v.is_numeric], "p_value")
    levels = _how(baseline, [v for v in shown if not v.is_numeric], "p_value")
    parts = [
        f"{method} for {what}"
        for method, what in ((quantities, "quantities"), (levels, "categories"))
        if method
    ]
    return sentence(f"P: {'; '.join(parts)}") if parts else ""


def _missing(baseline: Baseline, shown: Sequence[Variable]) -> str:
    """Only of variables with a missing value; of the others there is nothing to say."""
    held = [v for v in shown if baseline.is_tested and has_missing(baseline, v)]
    as_level = [lower_first(v.label) for v in held if v.missing_is_level]
    left_out = [lower_first(v.label) for v in held if not v.missing_is_level]
    parts = [
        f"{treatment} {listed(names)}"
        for treatment, names in (
            ("missing is a level of the test for", as_level),
            ("missing is left out of the test for", left_out),
        )
        if names
    ]
    return sentence("; ".join(parts)) if parts else ""


def has_missing(baseline: Baseline, variable: Variable) -> bool:
    """Whether anyone in the table lacks a value."""
    key = Key(baseline.analysis, population="infused", variable=variable.name, level="missing")
    return baseline.results.value(key, "count") > 0


def _differences(baseline: Baseline, shown: Sequence[Variable]) -> str:
    named = _how(baseline, shown, "standardized_difference", contrasts(baseline.grouping)[0])
    return sentence(
        f"SMD: absolute standardised difference from {baseline.grouping.inside[0]}, "
        f"missing left out ({named})"
    )


def _own_table(baseline: Baseline) -> str:
    """Why a variable of the analysis has no row here."""
    for variable in baseline.variables:
        if variable.name == OWN_TABLE:
            meaning = lower_first(definition(variable))
            return sentence(f"{variable.label}, is not shown: {meaning}")
    return ""


def _how(
    baseline: Baseline, variables: Iterable[Variable], statistic: str, contrast: str | None = None
) -> str:
    """The methods behind a statistic of some variables."""
    tested = baseline.grouping.contrast if contrast is None else contrast
    key = Key(baseline.analysis, population="infused", contrast=tested, statistic=statistic)
    return methods(
        (baseline.results.row(key._replace(variable=v.name)) for v in variables), statistic
    )


GAPLESS, AS_PUBLISHED = "age_group", "age_group_as_published"


@unless_omitted
def table_baseline(baseline: Baseline) -> ReportTable:
    """Every characteristic in every group; the article's age groups have their own table."""
    shown = [v for v in baseline.variables if v.name != AS_PUBLISHED]
    lines = [line for variable in shown for line in _variable_lines(baseline, variable)]
    columns = (
        Column("Characteristic", 3.6),
        *_group_columns(baseline),
        *([p_of_counts_column(baseline.results)] if baseline.is_tested else []),
        *contrast_columns(baseline.grouping, "SMD", 0.7),
    )
    name = baseline.analysis.replace("_", "-")
    layout = Layout(name, columns, tuple(lines), baseline_notes(baseline, shown))
    return finish(layout, baseline.results)


@unless_omitted
def table_age_groupings(baseline: Baseline) -> ReportTable | Omitted:
    """Age groups without a gap beside the article's, whose integer bounds lose some patients."""
    known = {v.name: v for v in baseline.variables}
    if GAPLESS not in known:
        return Omitted("The extract records no age; the age groups are left out.")
    if AS_PUBLISHED not in known:
        return Omitted(
            "Age groups with bounds in whole years are those of the embedded cohort's choices; "
            "they are left out."
        )
    lines = []
    for variable in (known[GAPLESS], known[AS_PUBLISHED]):
        at_test = _key(baseline, variable, contrast=True)
        test = p_of_counts(baseline.results, at_test) if baseline.is_tested else ""
        texts = [(level_label(variable, level), level) for level in variable.levels]
        for label, level in (*texts, ("In no group", "missing")):
            cells = _counts(baseline, variable, level)
            first = test if level == variable.levels[0] else ""
            lines.append(Line(label, (*cells, first), level=1, group=with_unit(variable)))
    columns = (Column("Age group", 3), *_group_columns(baseline), Column("P", 0.8))
    notes = tuple(
        f"{v.label}: {lower_first(definition(v))}"
        for v in known.values()
        if v.name in (GAPLESS, AS_PUBLISHED)
    )
    return finish(Layout("age-groupings", columns, tuple(lines), notes), baseline.results)


def _group_columns(baseline: Baseline) -> list[Column]:
    at = Key(baseline.analysis, population="infused", statistic="n")
    return group_columns(baseline.results, baseline.grouping, at, 1.5)


def _key(baseline: Baseline, variable: Variable, *, contrast: bool = False) -> Key:
    """The key of a variable among everyone, or of its test."""
    tested = baseline.grouping.contrast if contrast else ""
    return Key(baseline.analysis, population="infused", variable=variable.name, contrast=tested)


def _variable_lines(baseline: Baseline, variable: Variable) -> list[Line]:
    """The line of a characteristic, then its levels, then who is missing."""
    tests = _test_cells(baseline, variable)
    if variable.is_numeric:
        label = f"{with_unit(variable)}, median ({spread(baseline.results)})"
        medians = Line(label, (*_medians(baseline, variable), *tests))
        return [medians, *_missing_line(baseline, variable)]
    if variable.type == "yes_no":
        cells = _counts(baseline, variable, "yes")
        return [Line(variable.label, (*cells, *tests)), *_missing_line(baseline, variable)]
    heading = Line(with_unit(variable), (*blank(len(baseline.grouping.levels) + 1), *tests))
    levels = [
        Line(
            level_label(variable, level),
            (*_counts(baseline, variable, level), *blank(len(tests))),
            level=1,
        )
        for level in variable.levels
    ]
    return [heading, *levels, *_missing_line(baseline, variable)]


def _test_cells(baseline: Baseline, variable: Variable) -> tuple[str, ...]:
    key = _key(baseline, variable, contrast=True)
    p = (p_of_counts(baseline.results, key),) if baseline.is_tested else ()
    distances = against_reference(baseline.results, baseline.grouping, key, standardized_difference)
    return (*p, *distances)


def _counts(baseline: Baseline, variable: Variable, level: str) -> tuple[str, ...]:
    key = _key(baseline, variable)._replace(level=level)
    return across(baseline.results, baseline.grouping, key, count_percent)


def _medians(baseline: Baseline, variable: Variable) -> tuple[str, ...]:
    key = _key(baseline, variable)
    write = one_decimal if variable.type == "decimal" else format_number
    return across(baseline.results, baseline.grouping, key, partial(median_range, write=write))


def _missing_line(baseline: Baseline, variable: Variable) -> list[Line]:
    """Who has no value, stated; of a quantity also of whom the median is."""
    if not has_missing(baseline, variable):
        return []
    empty = blank(baseline.is_tested + len(contrasts(baseline.grouping)))
    lines = []
    if variable.is_numeric:
        known = across(baseline.results, baseline.grouping, _key(baseline, variable), evaluable)
        lines.append(Line("Evaluable, n", (*known, *empty), level=1))
    missing = _counts(baseline, variable, "missing")
    return [*lines, Line(MISSING, (*missing, *empty), level=1)]
