"""The univariable screen, and refractory against responsive to the exposure, one model a line."""

from __future__ import annotations

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.effects import Effect
from analysis_lib.format import format_confidence, format_p
from analysis_lib.results.rows import Key, Results, unless_omitted
from analysis_lib.show.cells import (
    count,
    level_counts,
    p_value,
    population_phrase,
    sentence,
)
from analysis_lib.show.effects import (
    REFERENCE,
    compared_note,
    estimators,
    not_estimable_notes,
    ratio_and_p,
    ratio_columns,
    terms_note,
)
from analysis_lib.show.model_lines import Term, term_cells, term_lines, terms_of
from analysis_lib.show.notes import finish, methods, named
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.regression.numbers import Screen, Screened
from analysis_lib.topics.regression.response_contrast import ResponseContrast


def table_screen(screen: Screen) -> ReportTable:
    """Every candidate with the test of the whole factor that decides on its entry."""
    lines = [line for one in (screen.exposure, *screen.candidates) for line in _lines(screen, one)]
    interval = format_confidence(screen.exposure.fit.confidence_level)
    columns = (
        Column("Candidate", 3.2),
        Column("n", 0.8),
        Column("Events", 0.8),
        Column(f"HR ({interval})", 1.7),
        Column("P", 0.7),
        Column("Whole\nfactor, P", 0.9),
        Column("Model", 1.3, align="left"),
    )
    layout = Layout("screen", columns, tuple(lines), _notes(screen))
    return finish(layout, screen.results)


def _lines(screen: Screen, one: Screened) -> list[Line]:
    results = screen.results
    at = screen.key
    (term,) = terms_of([one.fit], results.dictionary)
    key = at._replace(variable=one.variable)
    whole = (
        _patients(results, key, term, "n"),
        _patients(results, key, term, "events"),
        "",
        "",
        p_value(results, key, "lr_p_value"),
        _entry(screen, one),
    )

    def at_level(level: str) -> tuple[str, ...]:
        coefficient = term.key(at, level)
        counts = level_counts(results, coefficient)
        return (*counts, *term_cells(results, coefficient), "", "")

    reference = term.reference_key(at)
    known = bool(term.reference) and len(term.levels) > 1
    counts = level_counts(results, reference) if known else ("", "")
    return term_lines(term, at_level, whole, (*counts, REFERENCE, "", "", ""))


def _patients(results: Results, key: Key, term: Term, statistic: str) -> str:
    """Patients or events of a candidate; of a single contrast also those at its level."""
    analysed = count(results, key, statistic)
    if len(term.levels) > 1 or not term.levels[0]:
        return analysed
    at_level = count(results, term.key(key, term.levels[0]), f"{statistic}_at_level")
    return f"{at_level}/{analysed}"


def _entry(screen: Screen, one: Screened) -> str:
    if one is screen.exposure:
        return "exposure"
    if one.forced:
        return "forced"
    return "enters" if one.enters else "not entered"


def _notes(screen: Screen) -> tuple[str, ...]:
    ratios, tests = estimators(screen.results), methods(screen.results, "lr_p_value")
    outcome = screen.results.dictionary[screen.outcome].label
    return (
        sentence(
            f"{outcome} of {population_phrase(screen.population, screen.results.dictionary)}; "
            "each model on the patients known for its candidate; n and events of a level are "
            "those at it, n/N those at the level named first, of all in the model"
        ),
        sentence(f"{named('HR, hazard ratio', ratios)}; whole factor: {lower_first(tests)}"),
        sentence(
            f"a candidate enters when the P of the whole factor is below {format_p(screen.entry_p)}"
            ", or because it is forced; the exposure is in every model"
        ),
        *not_estimable_notes(screen.results),
    )


@unless_omitted
def table_response_contrast(contrast: ResponseContrast) -> ReportTable:
    """n and events of the model, events of n in the two groups compared, HR and P."""
    response, results = contrast.response, contrast.results
    refractory, responded = (response.label_of(x) for x in reversed(response.levels))
    lines = [
        Line(model.label, _cells(contrast, model), group=label)
        for label, models in contrast.families
        for model in models
    ]
    columns = ratio_columns(
        Column("Model", 3.0),
        results,
        before=[Column(f"{x},\nevents/n", 1.4) for x in (refractory, responded)],
    )
    notes = (
        compared_note(response, estimators(results)),
        "n and events: those of the model, which holds the never exposed as a third group. A "
        "crude ratio of the two groups alone differs a little.",
        *_terms_notes(contrast),
        *not_estimable_notes(results),
    )
    return finish(Layout("response-contrast", columns, tuple(lines), notes), results)


def _cells(contrast: ResponseContrast, model: Effect) -> tuple[str, ...]:
    results, key = contrast.results, model.contrast(contrast.refractory)
    whole = key._replace(variable="", level="", contrast="")
    groups = []
    for level in (contrast.refractory, contrast.responded):
        n, events = level_counts(results, key._replace(level=level, contrast=""))
        groups.append(f"{events}/{n}")
    return (
        count(results, whole, "n"),
        count(results, whole, "events"),
        *groups,
        *ratio_and_p(results, key),
    )


def _terms_notes(contrast: ResponseContrast) -> list[str]:
    """The terms of each adjusted model, said once for all endpoints."""
    adjusted = (m.specification for _, models in contrast.families for m in models)
    return list(dict.fromkeys(terms_note(x, contrast.results) for x in adjusted if x.terms))
