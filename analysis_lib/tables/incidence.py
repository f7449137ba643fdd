"""Cumulative incidence by group at the landmarks, with Gray's test."""

from __future__ import annotations

from analysis_lib.analyses import (
    Incidence,
    IncidenceCurve,
    Omitted,
    RelapseAndDeath,
    ToxicityOnset,
)
from analysis_lib.dictionary import lower_first
from analysis_lib.format import format_confidence, format_count, format_number
from analysis_lib.labels import listed
from analysis_lib.tables.cells import count, incidence, p_value
from analysis_lib.tables.labels import population_phrase, sentence
from analysis_lib.tables.layout import Column, Layout, Line
from analysis_lib.tables.notes import coarse_note, finish, methods
from analysis_lib.tables.report_table import ReportTable


def table_relapse_and_death(found: RelapseAndDeath | Omitted) -> ReportTable | Omitted:
    """Relapse and death without relapse: events, incidence at the landmarks, Gray's P."""
    if isinstance(found, Omitted):
        return found
    notes = (
        *_shared_notes(found.incidences),
        "Competing: the other event came first.",
        _nonresponse_note(found),
    )
    return _table("relapse-and-death", found.incidences, "Competing", notes)


def table_toxicity_onset(found: ToxicityOnset | Omitted) -> ReportTable | Omitted:
    """Onset of CRS and of ICANS: patients, deaths before, incidence at the landmarks, Gray's P."""
    if isinstance(found, Omitted):
        return found
    base = "; ".join(
        f"of {x.question.outcome.upper()} {population_phrase(x.question.base)}"
        for x in found.incidences
    )
    undated = [f"{format_count(n)} with {name.upper()}" for name, n in found.undated.items() if n]
    notes = (
        *_shared_notes(found.incidences),
        f"n: {base}.",
        "Died: died before the onset, within the time shown.",
        sentence(f"without a date of onset and left out: {listed(undated)}") if undated else "",
        *found.left_out,
    )
    return _table("toxicity-onset", found.incidences, "Died", notes)


def _table(
    name: str, shown: tuple[Incidence, ...], competing: str, notes: tuple[str, ...]
) -> ReportTable:
    first = shown[0]
    notes = (*notes, coarse_note(first.results))
    interval = format_confidence(first.results.confidence_level)
    spanner = f"Cumulative incidence, % ({interval})"
    columns = (
        Column("Group", 2.2),
        Column("n", 0.6),
        Column("Events", 0.8),
        Column(competing, 1.1),
        *(Column(_moment(first, x), 1.3, spanner) for x in first.question.landmarks),
        Column("P", 0.7),
    )
    lines = tuple(_line(x, curve) for x in shown for curve in x.curves)
    return finish(Layout(name, columns, lines, notes), first.results)


def _moment(shown: Incidence, time: float) -> str:
    """`6 months`, `Day 7`."""
    number = format_number(time)
    return f"{number} months" if shown.question.unit == "months" else f"Day {number}"


def _line(shown: Incidence, curve: IncidenceCurve) -> Line:
    """P stands in the first line of its event, once."""
    results = shown.results
    key = shown.key._replace(population=curve.population)
    cells = (
        count(results, key, "n"),
        count(results, key, "events"),
        count(results, key, "competing_events"),
        *(incidence(results, shown.at(curve, x)) for x in shown.question.landmarks),
        p_value(results, shown.test_key) if curve is shown.curves[0] else "",
    )
    return Line(curve.label, cells, group=shown.question.label)


def _shared_notes(shown: tuple[Incidence, ...]) -> tuple[str, ...]:
    rows = [row for one in shown for row in one.results]
    curves = methods(x for x in rows if x.key.statistic == "incidence")
    tests = methods(x for x in rows if x.key.statistic == "p_value")
    groups = " vs ".join(shown[0].grouping.labels)
    return (sentence(f"cumulative incidence: {curves}"), sentence(f"P: {tests}, {groups}"))


def _nonresponse_note(found: RelapseAndDeath) -> str:
    if found.nonresponses is None:
        return "An assessed non-response is no event."
    label = lower_first(found.relapse.incidence.question.label)
    return f"An assessed non-response is an event at its assessment, counted under {label}."
