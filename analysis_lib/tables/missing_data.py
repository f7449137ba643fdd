"""What the extract does not record, by variable and exposure."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan

from analysis_lib.analyses import Key, MissingData, Omitted, Results
from analysis_lib.analyses.missing.concerned import part_of
from analysis_lib.dictionary import Variable, lower_first
from analysis_lib.labels import listed
from analysis_lib.tables.cells import NOTHING, count_of, standardized_difference
from analysis_lib.tables.labels import (
    contrast_columns,
    contrasts,
    populations,
    sentence,
    sized,
)
from analysis_lib.tables.layout import Column, Layout, Line
from analysis_lib.tables.notes import absent_note, finish
from analysis_lib.tables.report_table import ReportTable


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
            f"SMD: absolute standardised difference of the shares missing from {grouping.labels[0]}"
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
    counts = (
        count_of(missing.results, key._replace(population=where))
        for where in populations(missing.grouping, "infused")
    )
    differences = (
        _difference(missing.results, key._replace(contrast=contrast))
        for contrast in contrasts(missing.grouping)
    )
    part = part_of(variable.name)
    label = f"{variable.label}, {part}" if part else variable.label
    return Line(label, (*counts, *differences))


def _difference(results: Results, key: Key) -> str:
    """A dash where a group has nobody whom the variable concerns."""
    value = results.value(key._replace(statistic="standardized_difference"))
    return NOTHING if isnan(value) else standardized_difference(results, key)


def _complete_note(variables: Iterable[Variable]) -> str:
    named = [lower_first(variable.label) for variable in variables]
    if not named:
        return ""
    return sentence(f"recorded in every patient concerned: {listed(named)}")
