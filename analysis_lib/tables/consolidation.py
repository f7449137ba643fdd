"""Consolidation fixed, time-varying and by landmarks side by side, and who is left at each."""

from __future__ import annotations

from math import isnan

from analysis_lib.analyses import (
    ConsolidationEffects,
    Contrast,
    Estimator,
    Key,
    LandmarkCounts,
    Omitted,
    Results,
)
from analysis_lib.analyses.consolidation.landmarks import CONSOLIDATED, RESPONDERS
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import format_confidence, format_count, format_number
from analysis_lib.labels import listed, readable
from analysis_lib.tables.cells import NOTHING, count, hazard_ratio
from analysis_lib.tables.labels import sentence
from analysis_lib.tables.layout import Column, Layout, Line
from analysis_lib.tables.notes import finish, methods
from analysis_lib.tables.report_table import ReportTable
from analysis_lib.tables.terms import NOT_ESTIMABLE

HEADINGS = {"fixed": "Fixed\nat infusion", "time_varying": "Time-\nvarying"}
HOW = (
    "Fixed: whoever is ever consolidated counts as consolidated from infusion on. Time-varying: "
    "from the day on which consolidation begins; everyone is at risk from the response "
    "assessment. Landmark: who has been consolidated by that day after infusion, among those "
    "followed beyond it in remission; later consolidation counts as none."
)


def table_triptych(
    *effects: ConsolidationEffects | Omitted, dictionary: Dictionary
) -> ReportTable | Omitted:
    """One group of lines per endpoint and contrast, one column an estimator."""
    shown: list[ConsolidationEffects] = []
    for one in effects:
        if isinstance(one, Omitted):
            return one
        shown.append(one)
    first = shown[0]
    level = format_confidence(first.results.confidence_level)
    columns = (
        Column("Quantity", 1.7),
        *(Column(heading(x), 1.6, "Landmark" if x.days else "") for x in first.estimators),
    )
    lines = [line for one in shown for c in one.contrasts for line in _lines(one, c)]
    ratios = (
        row
        for one in shown
        for row in one.results
        if row.key.statistic == "hazard_ratio" and not row.method.startswith(NOT_ESTIMABLE)
    )
    notes = (
        HOW,
        sentence(f"HR, hazard ratio ({level}) after consolidation against none: {methods(ratios)}"),
        "Events/patients: of patients in the comparison; consolidated: events after it began, of "
        "those consolidated.",
        _factor_note(first),
        _adjustment_note(first, dictionary),
        *_follow_up_notes(first),
        _reasons_note(shown, dictionary),
    )
    return finish(Layout("consolidation-triptych", columns, tuple(lines), notes), first.results)


def table_landmarks(
    counts: LandmarkCounts | Omitted, *, dictionary: Dictionary
) -> ReportTable | Omitted:
    """One column a landmark: who has left by then, who is at risk, who is consolidated."""
    if isinstance(counts, Omitted):
        return counts
    results, landmarks = counts.results, counts.landmarks
    kinds = dictionary["consolidation"]
    rows = [
        ("Responders", 0, RESPONDERS, "n"),
        ("Relapsed or died by then", 1, RESPONDERS, "events_to_date"),
        ("Follow-up ended by then", 1, RESPONDERS, "censored_to_date"),
        ("In remission and at risk", 0, RESPONDERS, "at_risk"),
        ("Consolidated by then", 1, CONSOLIDATED, "at_risk"),
        *(
            (
                kinds.level_label(kind),
                2,
                CONSOLIDATED._replace(variable="consolidation", level=kind),
                "at_risk",
            )
            for kind in counts.kinds
        ),
        ("Consolidated later, in remission", 1, CONSOLIDATED, "begins_later"),
    ]
    lines = tuple(
        Line(label, tuple(_at(results, key, x, statistic) for x in landmarks), level)
        for label, level, key, statistic in rows
    )
    columns = (Column("Responders", 2.4), *(Column(heading(x)) for x in landmarks))
    layout = Layout(
        "consolidation-landmarks",
        columns,
        lines,
        ("Days from infusion.", *_unplaced_note(counts.follow_up.unplaced)),
    )
    return finish(layout, results)


def heading(estimator: Estimator) -> str:
    """The heading of an estimator's column: `Day 60`."""
    if estimator.days is None:
        return HEADINGS[estimator.kind]
    return f"Day {format_number(estimator.days)}"


def _lines(one: ConsolidationEffects, contrast: Contrast) -> list[Line]:
    group = f"{one.outcome_label}: {lower_first(contrast.label)}"
    lines = []
    for label, write in (
        ("Events/patients", _whole),
        ("Consolidated", _consolidated),
        ("Crude HR", _ratio),
        ("Adjusted HR", _adjusted_ratio),
    ):
        keys = [contrast.key(x.analysis, one.outcome, x.time_months) for x in one.estimators]
        lines.append(Line(label, tuple(write(one.results, key) for key in keys), group=group))
    return lines


def _whole(results: Results, key: Key) -> str:
    return f"{count(results, key, 'events')}/{count(results, key, 'n')}"


def _consolidated(results: Results, key: Key) -> str:
    return f"{count(results, key, 'events_at_level')}/{count(results, key, 'n_at_level')}"


def _ratio(results: Results, key: Key) -> str:
    if isnan(results.value(key._replace(statistic="hazard_ratio"))):
        return NOTHING
    return hazard_ratio(results, key)


def _adjusted_ratio(results: Results, key: Key) -> str:
    return _ratio(results, key._replace(analysis=f"{key.analysis}_adjusted"))


def _at(results: Results, key: Key, landmark: Estimator, statistic: str) -> str:
    return count(results, key._replace(time_months=landmark.time_months), statistic)


def _factor_note(one: ConsolidationEffects) -> str:
    if len(one.contrasts) < 2:
        return ""
    return "Kinds of consolidation are levels of one factor, beside every other kind."


def _adjustment_note(one: ConsolidationEffects, dictionary: Dictionary) -> str:
    names = listed(lower_first(dictionary[x].label) for x in one.adjustment)
    if not names:
        return "No covariate varies that the comparison could be adjusted for."
    missing = f"; {format_count(one.incomplete)} patients lack a value" if one.incomplete else ""
    return f"Adjusted for {names}{missing}."


def _follow_up_notes(one: ConsolidationEffects) -> tuple[str, ...]:
    late = one.follow_up.without_entry
    entry = (
        f"The response assessment of {format_count(late)} is not dated; they are at risk from "
        "infusion.",
    )
    return (*_unplaced_note(one.follow_up.unplaced), *(entry if late else ()))


def _unplaced_note(unplaced: int) -> tuple[str, ...]:
    if not unplaced:
        return ()
    left = f"{format_count(unplaced)} responders are left out"
    return (f"{left}: whether or when they were consolidated is not recorded.",)


def _reasons_note(shown: list[ConsolidationEffects], dictionary: Dictionary) -> str:
    reasons = dict.fromkeys(
        readable(row.method.removeprefix(NOT_ESTIMABLE), dictionary)
        for one in shown
        for row in one.results
        if row.key.statistic == "hazard_ratio" and row.method.startswith(NOT_ESTIMABLE)
    )
    return sentence(f"without an estimate: {'; '.join(reasons)}") if reasons else ""
