"""Cause-specific and subdistribution hazard ratios of the exposure, one model a line."""

from __future__ import annotations

from analysis_lib.analyses import CauseModel, Omitted, RelapseAndDeath
from analysis_lib.analyses.competing.cause_models import CAUSE_SPECIFIC, METHODS, SUBDISTRIBUTION
from analysis_lib.cohort import Grouping
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import format_confidence, format_fixed
from analysis_lib.labels import listed
from analysis_lib.tables.cells import NOTHING, count, hazard_ratio, p_value
from analysis_lib.tables.labels import sentence
from analysis_lib.tables.layout import Column, Layout, Line, blank
from analysis_lib.tables.model_notes import MISSING_RULES
from analysis_lib.tables.notes import finish
from analysis_lib.tables.report_table import ReportTable
from analysis_lib.tables.terms import not_estimable_notes


def table_cause_models(
    found: RelapseAndDeath | Omitted, *, dictionary: Dictionary
) -> ReportTable | Omitted:
    """Of each event both scales, crude and adjusted: n, events, events per parameter, HR, P."""
    if isinstance(found, Omitted):
        return found
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
        *_terms_notes(models, dictionary),
        *(x for model in models for x in not_estimable_notes(model.results, dictionary)),
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


def _terms_notes(models: list[CauseModel], dictionary: Dictionary) -> tuple[str, ...]:
    adjusted = next(model for model in models if model.is_adjusted)
    names = "; ".join(lower_first(dictionary[name].label) for name in adjusted.terms)
    missing = "; ".join(lower_first(dictionary[name].label) for name in adjusted.excluded)
    return (
        sentence(f"adjusted for: {names or 'no covariate, since none varies'}"),
        sentence(f"{MISSING_RULES[adjusted.missing_rule]}; missing values are in: {missing}")
        if missing
        else "",
    )
