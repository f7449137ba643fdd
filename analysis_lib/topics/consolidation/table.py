"""Consolidation by estimator, patients at each landmark, and simulated estimators."""

from __future__ import annotations

from math import isnan

from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.estimates.few_events import LEAST_EVENTS
from analysis_lib.format import (
    agreeing,
    counted,
    format_confidence,
    format_count,
    format_fixed,
    format_number,
    format_percent,
    format_points,
    format_ratio,
)
from analysis_lib.labels import listed, readable
from analysis_lib.results.rows import Key, Results, unless_omitted
from analysis_lib.show.cells import NOTHING, count, hazard_ratio, sentence
from analysis_lib.show.effects import NOT_ESTIMABLE, estimators, is_estimable
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.stats.firth_cox import METHOD as PENALISED
from analysis_lib.topics.consolidation.estimates import Contrast
from analysis_lib.topics.consolidation.follow_up import (
    CONSOLIDATED,
    RESPONDERS,
    Estimator,
    LandmarkCounts,
)
from analysis_lib.topics.consolidation.numbers import ConsolidationEffects
from analysis_lib.topics.consolidation.simulated import (
    SIMULATED,
    simulated_estimators,
    simulation_key,
)

HEADINGS = {
    "fixed": "Fixed\nat infusion",
    "time_varying": "Time-\nvarying",
    "cloned": "Cloned\nstrategies",
}
HOW = (
    "Fixed: whoever is ever consolidated counts as consolidated from infusion on. Time-varying: "
    "from the day on which consolidation begins; everyone is at risk from the response "
    "assessment. Landmark: who has been consolidated by that day after infusion, among those "
    "followed beyond it in remission; later consolidation counts as none."
)


@unless_omitted
def table_triptych(*effects: ConsolidationEffects) -> ReportTable:
    """One group of lines per endpoint and contrast, one column an estimator."""
    first = effects[0]
    dictionary = first.results.dictionary
    level = format_confidence(first.results.confidence_level)
    columns = (
        Column("Quantity", 1.7),
        *(
            Column(heading(x, dictionary), 1.6, "Landmark" if x.days else "")
            for x in first.estimators
        ),
    )
    lines = [line for one in effects for c in one.contrasts for line in _lines(one, c)]
    ratios = estimators(row for one in effects for row in one.results)
    notes = (
        dictionary.own_words(HOW),
        sentence(f"HR, hazard ratio ({level}) after consolidation against none: {ratios}"),
        "Events/patients: of patients in the comparison; consolidated: events after it began, of "
        "those consolidated.",
        _few_note(effects),
        _factor_note(first),
        *(_adjustment_note(one) for one in effects),
        *_follow_up_notes(first),
        _reasons_note(effects),
    )
    return finish(Layout("consolidation-triptych", columns, tuple(lines), notes), first.results)


@unless_omitted
def table_landmarks(counts: LandmarkCounts) -> ReportTable:
    """One column a landmark: who has left by then, who is at risk, who is consolidated."""
    results, landmarks = counts.results, counts.landmarks
    kinds = results.dictionary["consolidation"]
    rows = [
        ("Responders", 0, RESPONDERS, "n"),
        (results.dictionary.own_words("Relapse or death by then"), 1, RESPONDERS, "events_to_date"),
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
    columns = (
        Column("Responders", 2.4),
        *(Column(heading(x, results.dictionary)) for x in landmarks),
    )
    layout = Layout(
        "consolidation-landmarks",
        columns,
        lines,
        (f"Days from {results.dictionary.infusion}.", *_unplaced_note(counts.follow_up.unplaced)),
    )
    return finish(layout, results)


def heading(estimator: Estimator, dictionary: Dictionary) -> str:
    """The heading of an estimator's column: `Day 60`."""
    if estimator.days is None:
        return dictionary.own_words(HEADINGS[estimator.kind])
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
    if isnan(results.value(key, "hazard_ratio")):
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


def _few_note(shown: tuple[ConsolidationEffects, ...]) -> str:
    """Which ratios are penalised, where any is."""
    rows = (row for one in shown for row in one.results)
    if not any(row.method.startswith(PENALISED) for row in rows):
        return ""
    return (
        f"With fewer than {LEAST_EVENTS} events in either group the ratio is that of "
        "Firth's penalty, which takes out the bias of few events."
    )


def _adjustment_note(one: ConsolidationEffects) -> str:
    names = listed(one.results.dictionary.phrases(one.adjustment))
    if not names:
        return f"{one.outcome_label}: no covariate is there, or has the events, to adjust for."
    some = one.incomplete
    lack = f"; {counted(some, 'patient')} {agreeing(some, 'lacks', 'lack')} a value" if some else ""
    left = listed(one.results.dictionary.phrases(one.dropped))
    why = f"; without {left}: not recorded, the same in everyone, or too few events" if left else ""
    return f"{one.outcome_label}: adjusted for {names}{lack}{why}."


def _follow_up_notes(one: ConsolidationEffects) -> tuple[str, ...]:
    late = one.follow_up.without_entry
    entry = (
        f"The response assessment of {counted(late, 'patient')} is not dated, at risk from "
        f"{one.results.dictionary.infusion} on.",
    )
    return (*_unplaced_note(one.follow_up.unplaced), *(entry if late else ()))


def _unplaced_note(unplaced: int) -> tuple[str, ...]:
    if not unplaced:
        return ()
    left = f"{counted(unplaced, 'responder')} {agreeing(unplaced, 'is', 'are')} left out"
    return (f"{left}: consolidation, or its day, is not recorded.",)


def _reasons_note(shown: tuple[ConsolidationEffects, ...]) -> str:
    reasons = dict.fromkeys(
        readable(row.method.removeprefix(NOT_ESTIMABLE), one.results.dictionary)
        for one in shown
        for row in one.results
        if row.key.statistic == "hazard_ratio" and not is_estimable(row)
    )
    return sentence(f"without an estimate: {'; '.join(reasons)}") if reasons else ""


@unless_omitted
def table_consolidation_simulation(simulated: Results) -> ReportTable:
    """One group of lines per endpoint, one line an estimator: bias, coverage, errors."""
    lines = []
    for outcome, estimator in simulated_estimators(simulated):
        label = heading(estimator, simulated.dictionary).replace("-\n", "-").replace("\n", " ")
        label = f"Landmark, {label.lower()}" if estimator.days else label
        cells = _cells(simulated, simulation_key(outcome, estimator))
        lines.append(Line(label, cells, group=simulated.dictionary[outcome].label))
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
        return results.value(key, statistic)

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
        "Cloned: ratio of the cumulative hazards under both strategies, infinitesimal jackknife.",
    )
