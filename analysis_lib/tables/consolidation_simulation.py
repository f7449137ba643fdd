"""How each estimator of consolidation does where consolidation changes nothing."""

from __future__ import annotations

from math import isnan

from analysis_lib.analyses import Key, Omitted, Results
from analysis_lib.analyses.consolidation.simulated import (
    SIMULATED,
    simulated_estimators,
    simulation_key,
)
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import (
    format_count,
    format_fixed,
    format_percent,
    format_points,
    format_ratio,
)
from analysis_lib.tables.cells import NOTHING
from analysis_lib.tables.consolidation import heading
from analysis_lib.tables.layout import Column, Layout, Line
from analysis_lib.tables.notes import finish
from analysis_lib.tables.report_table import ReportTable


def table_consolidation_simulation(
    simulated: Results | Omitted, *, dictionary: Dictionary
) -> ReportTable | Omitted:
    """One group of lines per endpoint, one line an estimator: bias, coverage, errors."""
    if isinstance(simulated, Omitted):
        return simulated
    lines = []
    for outcome, estimator in simulated_estimators(simulated):
        label = heading(estimator).replace("-\n", "-").replace("\n", " ")
        label = f"Landmark, {label.lower()}" if estimator.days else label
        cells = _cells(simulated, simulation_key(outcome, estimator))
        lines.append(Line(label, cells, group=dictionary[outcome].label))
    columns = (
        Column("Estimator", 1.9),
        Column("HR", 0.7),
        Column("Bias of log HR\n(MC error)", 1.5),
        Column("Coverage, %\n(MC error)", 1.4),
        Column("SD of\nlog HR", 0.9),
        Column("Model's\nSE", 0.9),
        Column("Cohorts\nestimated", 1.1),
    )
    layout = Layout("consolidation-simulation", columns, tuple(lines), _notes(simulated))
    return finish(layout, simulated)


def _cells(results: Results, key: Key) -> tuple[str, ...]:
    def value(statistic: str) -> float:
        return results.value(key._replace(statistic=statistic))

    estimated = format_count(value("replications_estimated"))
    if isnan(value("bias")):
        return (*(NOTHING,) * 5, estimated)
    bias, error = format_fixed(value("bias"), 3), format_fixed(value("bias_mc_error"), 3)
    held = format_points(value("coverage"), 1)
    held_error = format_points(value("coverage_mc_error"), 1)
    return (
        format_ratio(value("hazard_ratio")),
        f"{bias} ({error})",
        f"{held} ({held_error})",
        format_fixed(value("empirical_std_error"), 3, missing=NOTHING),
        format_fixed(value("mean_std_error"), 3),
        estimated,
    )


def _notes(results: Results) -> tuple[str, ...]:
    whole = [row for row in results if row.key.analysis == SIMULATED]
    cohorts = max(row.value for row in whole if row.key.statistic == "replications")
    patients = max(row.value for row in whole if row.key.statistic == "n")
    of_all = (row for row in whole if (row.key.outcome, row.key.statistic) == ("", "proportion"))
    share = next(of_all).value
    level = format_percent(results.confidence_level)
    return (
        f"{format_count(cohorts)} cohorts of {format_count(patients)} patients per endpoint, on "
        f"average {format_percent(share)} consolidated; the true hazard ratio is 1.",
        f"HR: exponential of the mean log HR. Coverage: share of {level} intervals that hold 1. "
        "SD: over the cohorts; SE: root mean square. MC error: Monte Carlo standard error.",
    )
