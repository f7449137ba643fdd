"""Notes under Table 1: what is counted and tested, how missing values are treated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis_lib.analyses import Baseline, Key, Row
from analysis_lib.dictionary import Variable, lower_first
from analysis_lib.labels import listed
from analysis_lib.tables.labels import contrasts, definition, sentence
from analysis_lib.tables.notes import absent_note, methods

OWN_TABLE = "age_group_as_published"


def baseline_notes(baseline: Baseline, shown: Sequence[Variable]) -> tuple[str, ...]:
    """All notes of a baseline table whose rows are `shown`."""
    return (
        _base(baseline),
        _tests(baseline, shown),
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
    quantities = methods(_rows(baseline, [v for v in shown if v.is_numeric], "p_value"))
    levels = methods(_rows(baseline, [v for v in shown if not v.is_numeric], "p_value"))
    parts = [
        f"{method} for {what}"
        for method, what in ((quantities, "quantities"), (levels, "categories"))
        if method
    ]
    return sentence(f"P: {'; '.join(parts)}") if parts else ""


def _missing(baseline: Baseline, shown: Sequence[Variable]) -> str:
    """Only of variables with a missing value; of the others there is nothing to say."""
    held = [v for v in shown if has_missing(baseline, v)]
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
    return baseline.results.value(key._replace(statistic="count")) > 0


def _differences(baseline: Baseline, shown: Sequence[Variable]) -> str:
    named = methods(
        _rows(baseline, shown, "standardized_difference", contrasts(baseline.grouping)[0])
    )
    return sentence(
        f"SMD: absolute standardised difference from {baseline.grouping.labels[0]}, "
        f"missing left out ({named})"
    )


def _own_table(baseline: Baseline) -> str:
    """Why a variable of the analysis has no row here."""
    for variable in baseline.variables:
        if variable.name == OWN_TABLE:
            meaning = lower_first(definition(variable))
            return sentence(f"{variable.label}, is not shown: {meaning}")
    return ""


def _rows(
    baseline: Baseline, variables: Iterable[Variable], statistic: str, contrast: str | None = None
) -> list[Row]:
    tested = baseline.grouping.contrast if contrast is None else contrast
    key = Key(baseline.analysis, population="infused", contrast=tested, statistic=statistic)
    return [baseline.results.row(key._replace(variable=v.name)) for v in variables]
