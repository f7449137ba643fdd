"""Cox models: multivariable ones, how far to trust them, the screen, and the response contrast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.effects import Effect
from analysis_lib.estimates.models import Model, ModelSet
from analysis_lib.format import format_confidence, format_fixed, format_p
from analysis_lib.results.rows import Key, Omitted, Results, unless_all_omitted, unless_omitted
from analysis_lib.show.cells import count, level_counts, p_value, population_phrase, sentence
from analysis_lib.show.effects import (
    REFERENCE,
    compared_note,
    estimators,
    not_estimable_notes,
    ratio_and_p,
    ratio_columns,
    same_note,
    terms_note,
)
from analysis_lib.show.model_lines import (
    Term,
    events_per_parameter,
    model_notes,
    penalised_cells,
    summary_lines,
    term_cells,
    term_lines,
    terms_of,
)
from analysis_lib.show.notes import finish, methods, named
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.regression.numbers import Screen, Screened
from analysis_lib.topics.regression.response_contrast import ResponseContrast


@unless_omitted
def table_model(model: Model) -> ReportTable:
    """One model: patients and events at each level, hazard ratios, and what it rests on."""
    results, at = model.results, model.key
    lines: list[Line] = []
    outcome = results.dictionary[at.outcome].label
    for term in terms_of([model.shown], results.dictionary):
        lines += _lines_with_counts(results, at, term, outcome)
    lines += [replace(line, cells=("", "", *line.cells)) for line in summary_lines([(results, at)])]
    columns = (
        Column("Covariate", 3.4),
        Column("n", 0.8),
        Column("Events", 0.9),
        Column(f"HR ({format_confidence(results.confidence_level)})", 1.8),
        Column("P", 0.8),
    )
    name = model.specification.name.replace("_", "-")
    notes = (*model_notes([model]), "n and events: those at the level, or all of a quantity.")
    return finish(Layout(f"model-{name}", columns, tuple(lines), notes), results)


@unless_all_omitted
def table_model_comparison(
    *model_sets: ModelSet, forms: Sequence[str] = ("a", "b")
) -> ReportTable | Omitted:
    """Models side by side; `forms` names those of each set to show: `a`, `b`, `b_unknown`."""
    models = [
        model
        for one in model_sets
        for model in one.models
        if model.specification.name.removeprefix(f"{one.name}_") in forms
    ]
    if not models:
        return Omitted("The extract records no response to the exposure; model B is left out.")
    sources = [(model.results, model.key) for model in models]
    lines: list[Line] = []
    exposures = [model.specification.exposure.variable for model in models]
    dictionary = sources[0][0].dictionary
    terms = terms_of([model.shown for model in models], dictionary)
    outcome = dictionary[models[0].specification.outcome].label
    for term in sorted(terms, key=lambda term: term.variable.name not in exposures):
        lines += _lines_side_by_side(sources, term, outcome)
    lines += summary_lines(sources)
    columns = [Column("Covariate", 3.4)]
    for model in models:
        spanner = model.specification.label.partition(":")[0]
        heading = f"HR ({format_confidence(model.shown.confidence_level)})"
        columns += [Column(heading, 1.8, spanner), Column("P", 0.7, spanner)]
    notes = (
        *model_notes(models),
        *(same_note(x.left_out, x.results, f"{x.label}, ") for x in model_sets),
    )
    name = "-".join(("models", *(one.name for one in model_sets), *forms)).replace("_", "-")
    return finish(Layout(name, tuple(columns), tuple(lines), notes), sources[0][0])


def _lines_with_counts(results: Results, at: Key, term: Term, group: str) -> list[Line]:
    def at_level(level: str) -> tuple[str, ...]:
        key = term.key(at, level)
        return (*level_counts(results, key), *term_cells(results, key))

    def below(level: str) -> tuple[str, ...]:
        return ("", "", *penalised_cells(results, term.key(at, level)))

    reference = (*level_counts(results, term.reference_key(at)), REFERENCE, "")
    return term_lines(term, at_level, ("", "", "", ""), reference, group, below=below)


def _lines_side_by_side(
    sources: Sequence[tuple[Results, Key]], term: Term, group: str
) -> list[Line]:
    def of(cells: Callable[[Results, Key], tuple[str, str]], level: str) -> tuple[str, ...]:
        pairs = (cells(results, term.key(at, level)) for results, at in sources)
        return tuple(text for pair in pairs for text in pair)

    at_level, below = partial(of, term_cells), partial(of, penalised_cells)
    held = [any(at_level(level)[2 * i] for level in term.levels) for i in range(len(sources))]
    reference = tuple(text for x in held for text in (REFERENCE if x else "", ""))
    whole = ("",) * (2 * len(sources))
    return term_lines(term, at_level, whole, reference, group, below=below)


TESTS = ("lr_p_value", "ph_p_value", "gvif_per_parameter")


@unless_all_omitted
def table_diagnostics(*models: Model) -> ReportTable:
    """Per term: P of the factor, P of proportional hazards, inflation; then the whole model."""
    results = replace(
        models[0].results, rows=tuple(row for model in models for row in model.results)
    )
    lines = [line for model in models for line in _lines(results, model)]
    columns = (
        Column("Term", 3),
        Column("Likelihood ratio,\nP", 1.1),
        Column("Proportional\nhazards, P", 1.2),
        Column("Scaled GVIF", 1),
        Column("Events per\nparameter", 1.1),
    )
    tests = {x: methods(results, x) for x in TESTS}
    notes = (
        sentence(
            f"likelihood ratio: {lower_first(tests['lr_p_value'])} of a factor of several "
            "coefficients as a whole; a single coefficient is tested where it is estimated"
        )
        if tests["lr_p_value"]
        else "",
        sentence(f"proportional hazards: {tests['ph_p_value']}"),
        sentence(f"GVIF, generalised variance inflation factor: {tests['gvif_per_parameter']}"),
    )
    return finish(Layout("diagnostics", columns, tuple(lines), notes), results)


def _lines(results: Results, model: Model) -> list[Line]:
    at, group = model.key, model.specification.label
    lines = [
        Line(
            results.dictionary[name].label,
            (*_term(results, at._replace(variable=name)), ""),
            group=group,
        )
        for name in model.specification.variables
    ]
    hazards = p_value(results, at, "ph_p_value")
    whole = ("", hazards, "", events_per_parameter(results, at))
    return [*lines, Line("Whole model", whole, group=group)]


def _term(results: Results, key: Key) -> tuple[str, str, str]:
    """The three numbers of a term; blank where a term has none, such as one not estimable."""
    tests = [
        p_value(results, key, name) if results.has(key, name) else ""
        for name in ("lr_p_value", "ph_p_value")
    ]
    inflation = key._replace(statistic="gvif_per_parameter")
    scaled = format_fixed(results.value(inflation), 2) if results.has(inflation) else ""
    return (tests[0], tests[1], scaled)


def table_screen(screen: Screen) -> ReportTable:
    """Every candidate with the test of the whole factor that decides on its entry."""
    lines = [line for one in (screen.exposure, *screen.candidates) for line in _rows(screen, one)]
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


def _rows(screen: Screen, one: Screened) -> list[Line]:
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
