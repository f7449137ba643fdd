"""Follow-up by the definitions in use."""

from __future__ import annotations

from analysis_lib.analyses import Followup, Key
from analysis_lib.format import format_confidence, format_count
from analysis_lib.tables.cells import (
    completeness,
    evaluable,
    median_months,
    median_range,
    one_decimal,
    spread,
)
from analysis_lib.tables.labels import sized
from analysis_lib.tables.layout import Column, Layout, Line
from analysis_lib.tables.notes import finish
from analysis_lib.tables.report_table import ReportTable

REVERSE = "reverse_kaplan_meier"
_CLARK = (
    "Clark's C: observed over potential person-time; whoever died is complete (Clark, Altman and "
    "De Stavola, 2002)."
)


def table_followup(followup: Followup) -> ReportTable:
    """Median months of follow-up and its completeness, overall and by group.

    n stands below a definition that is of a part of the column.
    """
    lines: list[Line] = []
    for name, label in followup.definitions:
        lines += _lines(followup, name, label)
    if followup.has_calendar:
        lines.append(_completeness(followup))
    key = Key("followup", "followup", variable=REVERSE, statistic="n")
    columns = (
        Column("Definition", 2.6),
        *(
            Column(sized(label, followup.results.value(key._replace(population=where))), 1.4)
            for label, where in followup.populations
        ),
    )
    notes = (
        "Months. The reverse Kaplan-Meier estimate counts death as censoring and is the one to "
        "quote (Schemper and Smith, 1996).",
        *([_CLARK] if followup.has_calendar else []),
    )
    return finish(Layout("followup", columns, tuple(lines), notes), followup.results)


def _completeness(followup: Followup) -> Line:
    keys = [Key("followup", "followup", where, "completeness") for _, where in followup.populations]
    cells = tuple(completeness(followup.results, key) for key in keys)
    return Line("Completeness, Clark's C", cells)


def _size(followup: Followup, key: Key, where: str) -> str:
    return format_count(followup.results.value(key._replace(population=where)))


def _lines(followup: Followup, name: str, label: str) -> list[Line]:
    """One definition; the number of patients below it where it is not everyone."""
    keys = [Key("followup", "followup", where, name) for _, where in followup.populations]
    if name == REVERSE:
        cells = tuple(median_months(followup.results, key) for key in keys)
        return [
            Line(f"{label}, median ({format_confidence(followup.results.confidence_level)})", cells)
        ]
    cells = tuple(median_range(followup.results, key, one_decimal) for key in keys)
    counts = tuple(evaluable(followup.results, key) for key in keys)
    everyone = tuple(
        _size(followup, key._replace(variable=REVERSE, statistic="n"), key.population)
        for key in keys
    )
    line = Line(f"{label}, median ({spread(followup.results)})", cells)
    return [line] if counts == everyone else [line, Line("Patients, n", counts, level=1)]
