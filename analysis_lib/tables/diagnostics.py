"""How far to trust a model: proportional hazards, collinearity, events per parameter."""

from __future__ import annotations

from dataclasses import replace

from analysis_lib.analyses import Key, Model, Omitted, Results
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import format_fixed
from analysis_lib.tables.cells import p_value
from analysis_lib.tables.labels import sentence
from analysis_lib.tables.layout import Column, Layout, Line
from analysis_lib.tables.model_summary import events_per_parameter
from analysis_lib.tables.models import model_key
from analysis_lib.tables.notes import finish, methods
from analysis_lib.tables.report_table import ReportTable

TESTS = ("lr_p_value", "ph_p_value", "gvif_per_parameter")


def table_diagnostics(*models: Model | Omitted, dictionary: Dictionary) -> ReportTable | Omitted:
    """Per term: P of the factor, P of proportional hazards, inflation; then the whole model."""
    shown = [x for x in models if not isinstance(x, Omitted)]
    if not shown:
        return next(x for x in models if isinstance(x, Omitted))
    results = replace(shown[0].results, rows=tuple(row for model in shown for row in model.results))
    lines = [line for model in shown for line in _lines(results, model, dictionary)]
    columns = (
        Column("Term", 3),
        Column("Likelihood ratio,\nP", 1.1),
        Column("Proportional\nhazards, P", 1.2),
        Column("Scaled GVIF", 1),
        Column("Events per\nparameter", 1.1),
    )
    named = {x: methods(r for r in results if r.key.statistic == x) for x in TESTS}
    notes = (
        sentence(
            f"likelihood ratio: {lower_first(named['lr_p_value'])} of a factor of several "
            "coefficients as a whole; a single coefficient is tested where it is estimated"
        )
        if named["lr_p_value"]
        else "",
        sentence(f"proportional hazards: {named['ph_p_value']}"),
        sentence(f"GVIF, generalised variance inflation factor: {named['gvif_per_parameter']}"),
    )
    return finish(Layout("diagnostics", columns, tuple(lines), notes), results)


def _lines(results: Results, model: Model, dictionary: Dictionary) -> list[Line]:
    at, group = model_key(model), model.specification.label
    lines = [
        Line(
            dictionary[name].label,
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
        p_value(results, key, name) if results.has(key._replace(statistic=name)) else ""
        for name in ("lr_p_value", "ph_p_value")
    ]
    inflation = key._replace(statistic="gvif_per_parameter")
    scaled = format_fixed(results.value(inflation), 2) if results.has(inflation) else ""
    return (tests[0], tests[1], scaled)
