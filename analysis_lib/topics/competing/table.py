"""Cumulative incidence by group with Gray's test, and the hazard ratios of each event."""

from __future__ import annotations

from analysis_lib.dictionary import lower_first
from analysis_lib.format import (
    format_confidence,
    format_count,
    format_fixed,
    format_number,
    is_suppressed,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, Results, unless_omitted
from analysis_lib.show.cells import NOTHING, count, incidence, p_value, population_phrase, sentence
from analysis_lib.show.effects import compared_note, effect_lines, missing_note, ratio_columns
from analysis_lib.show.model_lines import not_estimable_notes
from analysis_lib.show.notes import coarse_note, finish, methods
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.competing.incidence import (
    CAUSE_SPECIFIC,
    METHODS,
    SUBDISTRIBUTION,
    CauseModel,
    Incidence,
    IncidenceCurve,
)
from analysis_lib.topics.competing.numbers import RelapseAndDeath, ToxicityOnset
from analysis_lib.topics.competing.ways_to_fail import WaysToFail


@unless_omitted
def table_relapse_and_death(found: RelapseAndDeath) -> ReportTable:
    """Relapse and death without relapse: events, incidence at the landmarks, Gray's P."""
    notes = (
        *_shared_notes(found.incidences),
        "Competing: the other event came first.",
        _nonresponse_note(found),
    )
    return _table("relapse-and-death", found.incidences, "Competing", notes)


@unless_omitted
def table_ways_to_fail(found: WaysToFail) -> ReportTable:
    """Relapse and both kinds of death: events, incidence at the landmarks, Gray's P."""
    notes = (*_shared_notes(found.incidences), "Competing: another event came first.")
    return _table("ways-to-fail", found.incidences, "Competing", notes)


@unless_omitted
def table_toxicity_onset(found: ToxicityOnset) -> ReportTable:
    """Onset of CRS and of ICANS: patients, deaths before, incidence at the landmarks, Gray's P."""
    dictionary = found.results.dictionary
    base = "; ".join(
        f"of {x.question.outcome.upper()} {population_phrase(x.question.base, dictionary)}"
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
    groups = " vs ".join(shown[0].grouping.inside)
    return (
        sentence(f"cumulative incidence: {methods(rows, 'incidence')}"),
        sentence(f"P: {methods(rows, 'p_value')}, {groups}"),
    )


def _nonresponse_note(found: RelapseAndDeath) -> str:
    if found.nonresponses is None:
        known = found.deaths_after_nonresponse or is_suppressed(found.deaths_after_nonresponse)
        return "An assessed non-response is no event." if known else ""
    label = lower_first(found.relapse.incidence.question.label)
    return f"An assessed non-response is an event at its assessment, counted under {label}."


SCALES = (
    "Cause-specific: the rate among those still free of both events, the other event censored "
    f"({METHODS[CAUSE_SPECIFIC]}).",
    "Subdistribution: the ratio that moves the cumulative incidence, whom the other event removed "
    f"staying in the risk sets ({METHODS[SUBDISTRIBUTION]}).",
)


@unless_omitted
def table_cause_models(found: RelapseAndDeath) -> ReportTable:
    """Of each event both scales, crude and adjusted: n, events, events per parameter, HR, P."""
    models = [model for cause in found.causes for model in cause.models]
    lines = tuple(
        line
        for cause in found.causes
        for model in cause.models
        for line in effect_lines(
            model, model.label, cause.incidence.question.label, whole=_events_per_parameter
        )
    )
    columns = ratio_columns(
        Column("Hazard ratio", 2.8), found.results, before=[Column("Events per\nparameter", 1.2)]
    )
    notes = (
        compared_note(models[0].exposure),
        *SCALES,
        *_terms_notes(models),
        *(x for model in models for x in not_estimable_notes(model.results)),
    )
    layout = Layout("cause-models", columns, lines, tuple(dict.fromkeys(notes)))
    return finish(layout, found.results)


def _events_per_parameter(results: Results, key: Key) -> str:
    value = results.value(key, "events_per_parameter")
    return format_fixed(value, 1, missing=NOTHING)


def _terms_notes(models: list[CauseModel]) -> tuple[str, ...]:
    adjusted = next(model for model in models if model.is_adjusted)
    names = "; ".join(adjusted.results.dictionary.phrases(adjusted.terms))
    return (
        sentence(f"adjusted for: {names or 'no covariate, since none varies'}"),
        missing_note(adjusted.missing_rule, adjusted.excluded, adjusted.results),
    )
