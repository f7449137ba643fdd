"""Cumulative incidence by group with Gray's test, and the hazard ratios of each event."""

from __future__ import annotations

from analysis_lib.dictionary import lower_first
from analysis_lib.format import format_confidence, format_count, format_fixed, format_number
from analysis_lib.labels import listed
from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.cells import NOTHING, count, hazard_ratio, incidence, p_value
from analysis_lib.show.headings import population_phrase, sentence
from analysis_lib.show.model_lines import MISSING_RULES, not_estimable_notes
from analysis_lib.show.notes import coarse_note, finish, methods
from analysis_lib.show.table import Column, Layout, Line, ReportTable, blank
from analysis_lib.study.exposure import Grouping
from analysis_lib.topics.competing.cause_models import (
    CAUSE_SPECIFIC,
    METHODS,
    SUBDISTRIBUTION,
    CauseModel,
)
from analysis_lib.topics.competing.incidence import Incidence, IncidenceCurve
from analysis_lib.topics.competing.numbers import RelapseAndDeath, ToxicityOnset


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
def table_toxicity_onset(found: ToxicityOnset) -> ReportTable:
    """Onset of CRS and of ICANS: patients, deaths before, incidence at the landmarks, Gray's P."""
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


@unless_omitted
def table_cause_models(found: RelapseAndDeath) -> ReportTable:
    """Of each event both scales, crude and adjusted: n, events, events per parameter, HR, P."""
    models = [model for cause in found.causes for model in cause.models]
    lines = tuple(
        line
        for cause in found.causes
        for model in cause.models
        for line in _lines(model, cause.incidence.question.label)
    )
    columns = (
        Column("Hazard ratio", 2.8),
        Column("n", 0.6),
        Column("Events", 0.8),
        Column("Events per\nparameter", 1.2),
        Column(f"HR ({format_confidence(found.results.confidence_level)})", 1.9),
        Column("P", 0.7),
    )
    notes = (
        *_method_notes(models[0].exposure),
        *_terms_notes(models),
        *(x for model in models for x in not_estimable_notes(model.results)),
    )
    layout = Layout("cause-models", columns, lines, tuple(dict.fromkeys(notes)))
    return finish(layout, found.results)


def _lines(model: CauseModel, group: str) -> list[Line]:
    """One line of two groups; of more, the model and below it each group."""
    results = model.results
    ratio = format_fixed(
        results.value(model.key._replace(statistic="events_per_parameter")), 1, missing=NOTHING
    )
    size = (count(results, model.key, "n"), count(results, model.key, "events"), ratio)
    levels = model.exposure.levels[1:]
    if len(levels) == 1:
        return [Line(model.label, (*size, *_ratio(model, levels[0])), group=group)]
    return [
        Line(model.label, (*size, *blank(2)), group=group),
        *(
            Line(model.exposure.label_of(level), (*blank(3), *_ratio(model, level)), 1, group)
            for level in levels
        ),
    ]


def _ratio(model: CauseModel, level: str) -> tuple[str, str]:
    key = model.contrast(level)
    return hazard_ratio(model.results, key), p_value(model.results, key)


def _method_notes(exposure: Grouping) -> tuple[str, ...]:
    return (
        sentence(f"HR, hazard ratio of {listed(exposure.labels[1:])} against {exposure.labels[0]}"),
        sentence(
            "cause-specific: the rate among those still free of both events, the other event "
            f"censored ({METHODS[CAUSE_SPECIFIC]})"
        ),
        sentence(
            "subdistribution: the ratio that moves the cumulative incidence, whom the other event "
            f"removed staying in the risk sets ({METHODS[SUBDISTRIBUTION]})"
        ),
    )


def _terms_notes(models: list[CauseModel]) -> tuple[str, ...]:
    adjusted = next(model for model in models if model.is_adjusted)
    names = "; ".join(adjusted.results.dictionary.phrases(adjusted.terms))
    missing = "; ".join(adjusted.results.dictionary.phrases(adjusted.excluded))
    return (
        sentence(f"adjusted for: {names or 'no covariate, since none varies'}"),
        sentence(f"{MISSING_RULES[adjusted.missing_rule]}; missing values are in: {missing}")
        if missing
        else "",
    )
