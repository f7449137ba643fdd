"""Refractory against responsive to the exposure, one model a line."""

from __future__ import annotations

from analysis_lib.analyses import Omitted, ResponseContrast
from analysis_lib.analyses.response_contrast import ContrastModel
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import format_confidence
from analysis_lib.tables.cells import count, hazard_ratio, level_counts, p_value
from analysis_lib.tables.labels import population_phrase, sentence
from analysis_lib.tables.layout import Column, Layout, Line
from analysis_lib.tables.notes import finish, methods, named
from analysis_lib.tables.report_table import ReportTable
from analysis_lib.tables.terms import NOT_ESTIMABLE, not_estimable_notes


def table_response_contrast(
    contrast: ResponseContrast | Omitted, *, dictionary: Dictionary
) -> ReportTable | Omitted:
    """n and events of the model, events of n in the two groups compared, HR and P."""
    if isinstance(contrast, Omitted):
        return contrast
    response, results = contrast.response, contrast.results
    refractory, responded = (response.label_of(x) for x in reversed(response.levels))
    lines = [
        Line(model.specification.label, _cells(contrast, model), group=label)
        for label, models in contrast.families
        for model in models
    ]
    columns = (
        Column("Model", 3.0),
        Column("n", 0.6),
        Column("Events", 0.8),
        Column(f"{refractory},\nevents/n", 1.4),
        Column(f"{responded},\nevents/n", 1.4),
        Column(f"HR ({format_confidence(results.confidence_level)})", 1.9),
        Column("P", 0.7),
    )
    ratios = methods(
        row
        for row in results
        if row.key.statistic == "hazard_ratio" and not row.method.startswith(NOT_ESTIMABLE)
    )
    notes = (
        sentence(named(f"HR, hazard ratio of {refractory} against {responded}", ratios)),
        "n and events: those of the model, which holds the never exposed as a third group. A "
        "crude ratio of the two groups alone differs a little.",
        *_terms_notes(contrast, dictionary),
        *not_estimable_notes(results, dictionary),
    )
    return finish(Layout("response-contrast", columns, tuple(lines), notes), results)


def _cells(contrast: ResponseContrast, model: ContrastModel) -> tuple[str, ...]:
    results, key = contrast.results, model.key
    whole = key._replace(variable="", level="", contrast="")
    groups = []
    for level in (contrast.refractory, contrast.responded):
        n, events = level_counts(results, key._replace(level=level, contrast=""))
        groups.append(f"{events}/{n}")
    return (
        count(results, whole, "n"),
        count(results, whole, "events"),
        *groups,
        hazard_ratio(results, key),
        p_value(results, key),
    )


def _terms_notes(contrast: ResponseContrast, dictionary: Dictionary) -> list[str]:
    """The terms of each adjusted model, said once for all endpoints."""
    said: dict[str, None] = {}
    for _, models in contrast.families:
        for model in models:
            of = model.specification
            if of.terms:
                names = "; ".join(lower_first(dictionary[name].label) for name in of.terms)
                base = population_phrase(of.population)
                said[sentence(f"{of.label}: {base}. Terms: {names}")] = None
    return list(said)
