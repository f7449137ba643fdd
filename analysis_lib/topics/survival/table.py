"""Survival by group, and follow-up by the definitions in use."""

from __future__ import annotations

from analysis_lib.estimates.curves import Curve, SurvivalComparison
from analysis_lib.format import format_confidence, format_count, format_number
from analysis_lib.labels import listed
from analysis_lib.marks import alike
from analysis_lib.results.rows import Key, unless_all_omitted
from analysis_lib.show.cells import (
    NOTHING,
    completeness,
    count,
    evaluable,
    hazard_ratio,
    median_months,
    median_range,
    one_decimal,
    p_value,
    sentence,
    sized,
    spread,
    survival,
)
from analysis_lib.show.effects import REFERENCE
from analysis_lib.show.notes import coarse_note, finish, methods
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.survival.numbers import Followup


@unless_all_omitted
def table_survival(*comparisons: SurvivalComparison) -> ReportTable:
    """One group of lines per endpoint; the omitted are passed over, or returned if all are."""
    lines = [
        _line(comparison, curve, _heading(comparison, comparisons))
        for comparison in comparisons
        for curve in comparison.curves
    ]
    first = comparisons[0]
    interval = format_confidence(first.confidence_level)
    landmarks = (
        Column(f"{format_number(x)} months", 1.2, f"Survival, % ({interval})")
        for x in first.landmarks
    )
    columns = (
        Column("Group", 2.0),
        Column("n", 0.5),
        Column("Events", 0.7),
        *landmarks,
        Column(f"Median, months\n({interval})", 2.5),
        Column(f"HR\n({interval})", 1.5),
        Column("P", 0.7),
    )
    name = "-".join(("survival", *dict.fromkeys(x.analysis.split("_by_")[1] for x in comparisons)))
    return finish(Layout(name, columns, tuple(lines), _notes(comparisons)), first.results)


def _heading(comparison: SurvivalComparison, shown: tuple[SurvivalComparison, ...]) -> str:
    """The endpoint, and what it is split by where the table holds several splits of one."""
    same = [x for x in shown if x.outcome == comparison.outcome]
    if len(same) == 1:
        return comparison.outcome_label
    return f"{comparison.outcome_label}, by {comparison.grouping.phrase}"


def _line(comparison: SurvivalComparison, curve: Curve, heading: str) -> Line:
    results = comparison.results
    key = Key(comparison.analysis, comparison.outcome, curve.population)
    at_landmarks = (
        survival(results, key._replace(time_months=float(x))) for x in comparison.landmarks
    )
    cells = (
        count(results, key, "n"),
        count(results, key, "events"),
        *at_landmarks,
        median_months(results, key),
        *_compared(comparison, curve.level),
    )
    return Line(curve.label, cells, group=heading)


def _compared(comparison: SurvivalComparison, level: str) -> tuple[str, str]:
    """Hazard ratio and P of one group: P stands in the line of the reference, once."""
    tested = comparison.tested
    if level not in tested.levels:
        return (NOTHING, "")
    if level == tested.reference:
        return (REFERENCE, p_value(comparison.results, comparison.test_key))
    return (hazard_ratio(comparison.results, comparison.contrast(level)), "")


def _notes(shown: tuple[SurvivalComparison, ...]) -> tuple[str, ...]:
    rows = [row for comparison in shown for row in comparison.results]
    tested = dict.fromkeys(" vs ".join(x.tested.inside) for x in shown)
    return (
        sentence(f"survival and median: {methods(rows, 'median')}"),
        sentence(f"P: {methods(rows, 'p_value')}, {'; '.join(tested)}"),
        sentence(f"HR, unadjusted hazard ratio: {methods(rows, 'hazard_ratio')}"),
        _unplaced(shown),
        coarse_note(shown[0].results),
    )


def _unplaced(shown: tuple[SurvivalComparison, ...]) -> str:
    """Exposed patients in none of the groups, once per way of grouping."""
    counts = {x.grouping.phrase: x.unplaced for x in shown if x.unplaced}
    parts = [f"{format_count(n)} by {phrase}" for phrase, n in counts.items()]
    return sentence(f"exposed patients in none of the groups: {listed(parts)}") if parts else ""


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
    return [line] if alike(counts, everyone) else [line, Line("Patients, n", counts, level=1)]
