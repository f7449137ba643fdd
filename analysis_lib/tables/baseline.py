"""Table 1: baseline characteristics of the groups, with tests and standardised differences."""

from __future__ import annotations

from analysis_lib.analyses import Baseline, Key, Omitted
from analysis_lib.dictionary import Variable, lower_first
from analysis_lib.format import format_number
from analysis_lib.labels import MISSING, level_label
from analysis_lib.tables.baseline_notes import baseline_notes, has_missing
from analysis_lib.tables.cells import (
    count,
    count_percent,
    median_range,
    one_decimal,
    p_value,
    spread,
    standardized_difference,
)
from analysis_lib.tables.labels import (
    contrast_columns,
    contrasts,
    definition,
    group_columns,
    populations,
    with_unit,
)
from analysis_lib.tables.layout import Column, Layout, Line, blank
from analysis_lib.tables.notes import finish
from analysis_lib.tables.report_table import ReportTable

GAPLESS, AS_PUBLISHED = "age_group", "age_group_as_published"


def table_baseline(baseline: Baseline | Omitted) -> ReportTable | Omitted:
    """Every characteristic in every group; the article's age groups have their own table."""
    if isinstance(baseline, Omitted):
        return baseline
    shown = [v for v in baseline.variables if v.name != AS_PUBLISHED]
    lines = [line for variable in shown for line in _variable_lines(baseline, variable)]
    columns = (
        Column("Characteristic", 3.6),
        *_group_columns(baseline),
        Column("P", 0.7),
        *contrast_columns(baseline.grouping, "SMD", 0.7),
    )
    name = baseline.analysis.replace("_", "-")
    layout = Layout(name, columns, tuple(lines), baseline_notes(baseline, shown))
    return finish(layout, baseline.results)


def table_age_groupings(baseline: Baseline | Omitted) -> ReportTable | Omitted:
    """Age groups without a gap beside the article's, whose integer bounds lose some patients."""
    if isinstance(baseline, Omitted):
        return baseline
    known = {v.name: v for v in baseline.variables}
    if GAPLESS not in known or AS_PUBLISHED not in known:
        return Omitted("The extract records no age; the age groups are left out.")
    lines = []
    for variable in (known[GAPLESS], known[AS_PUBLISHED]):
        test = p_value(baseline.results, _key(baseline, variable, contrast=True))
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
    tests = _tests(baseline, variable)
    if variable.is_numeric:
        label = f"{with_unit(variable)}, median ({spread(baseline.results)})"
        return [Line(label, (*_medians(baseline, variable), *tests)), *_missing(baseline, variable)]
    if variable.type == "yes_no":
        cells = _counts(baseline, variable, "yes")
        return [Line(variable.label, (*cells, *tests)), *_missing(baseline, variable)]
    heading = Line(with_unit(variable), (*blank(len(baseline.grouping.levels) + 1), *tests))
    levels = [
        Line(
            level_label(variable, level),
            (*_counts(baseline, variable, level), *blank(len(tests))),
            level=1,
        )
        for level in variable.levels
    ]
    return [heading, *levels, *_missing(baseline, variable)]


def _tests(baseline: Baseline, variable: Variable) -> tuple[str, ...]:
    key = _key(baseline, variable, contrast=True)
    differences = (
        standardized_difference(baseline.results, key._replace(contrast=contrast))
        for contrast in contrasts(baseline.grouping)
    )
    return (p_value(baseline.results, key), *differences)


def _counts(baseline: Baseline, variable: Variable, level: str) -> tuple[str, ...]:
    key = _key(baseline, variable)._replace(level=level)
    return tuple(
        count_percent(baseline.results, key._replace(population=where))
        for where in populations(baseline.grouping, "infused")
    )


def _medians(baseline: Baseline, variable: Variable) -> tuple[str, ...]:
    key = _key(baseline, variable)
    write = one_decimal if variable.type == "decimal" else format_number
    return tuple(
        median_range(baseline.results, key._replace(population=where), write)
        for where in populations(baseline.grouping, "infused")
    )


def _missing(baseline: Baseline, variable: Variable) -> list[Line]:
    """Who has no value, stated; of a quantity also of whom the median is."""
    if not has_missing(baseline, variable):
        return []
    empty = blank(1 + len(contrasts(baseline.grouping)))
    lines = []
    if variable.is_numeric:
        evaluable = tuple(
            count(
                baseline.results, _key(baseline, variable)._replace(population=where), "n_evaluable"
            )
            for where in populations(baseline.grouping, "infused")
        )
        lines.append(Line("Evaluable, n", (*evaluable, *empty), level=1))
    missing = _counts(baseline, variable, "missing")
    return [*lines, Line(MISSING, (*missing, *empty), level=1)]
