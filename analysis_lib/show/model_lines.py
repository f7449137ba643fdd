"""A regression model: the lines of its table, the notes under it, and what it rests on in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from analysis_lib.dictionary import Dictionary, Variable, lower_first
from analysis_lib.estimates.models import Model
from analysis_lib.format import (
    NOTABLE_P,
    constant,
    counted,
    format_fixed,
    format_p_statement,
    quotient,
)
from analysis_lib.labels import level_label, listed, quantity_label, readable
from analysis_lib.results.rows import Key, Results, unless_omitted
from analysis_lib.show.cells import (
    count,
    one_decimal,
    p_value,
    penalised_hazard_ratio,
    population_phrase,
    sentence,
)
from analysis_lib.show.effects import (
    MISSING_RULES,
    estimators,
    few_events_notes,
    not_estimable_notes,
    ratio_and_p,
)
from analysis_lib.show.notes import methods, named
from analysis_lib.show.prose import (
    FEW_EVENTS,
    Prose,
    capital,
    escape,
    paragraph,
    unless_withheld,
    when_shown,
)
from analysis_lib.show.table import Line
from analysis_lib.stats.cox_results import CoxFit


@dataclass(frozen=True)
class Term:
    """A variable of a model with its contrasts; a quantity has the one level ''."""

    variable: Variable
    reference: str
    levels: tuple[str, ...]

    def key(self, at: Key, level: str) -> Key:
        """The key of one coefficient."""
        return at.of_level(self.variable.name, level, self.reference)

    def reference_key(self, at: Key) -> Key:
        """The key of what is known at the reference level: its patients and events."""
        return at._replace(variable=self.variable.name, level=self.reference)

    @property
    def heading(self) -> str:
        """The label of a factor, or of the only contrast or quantity in full."""
        if len(self.levels) > 1 or self.variable.type == "yes_no":
            return self.variable.label
        if not self.levels[0]:
            return quantity_label(self.variable)
        compared, reference = (
            level_label(self.variable, x) for x in (self.levels[0], self.reference)
        )
        return f"{self.variable.label}, {lower_first(compared)} vs {lower_first(reference)}"


def terms_of(fits: Iterable[CoxFit], dictionary: Dictionary) -> tuple[Term, ...]:
    """The terms of one or several models, in order; a factor has the levels of all of them."""
    levels: dict[tuple[str, str], dict[str, None]] = {}
    for fit in fits:
        for one in fit.coefficients:
            levels.setdefault((one.variable, one.reference), {})[one.level] = None
    return tuple(
        Term(dictionary[name], reference, tuple(held)) for (name, reference), held in levels.items()
    )


CellsAt = Callable[[str], tuple[str, ...]]


def _nothing_below(level: str) -> tuple[str, ...]:
    return ()


def term_lines(
    term: Term,
    at_level: CellsAt,
    whole: tuple[str, ...],
    reference: tuple[str, ...],
    group: str = "",
    *,
    below: CellsAt = _nothing_below,
) -> list[Line]:
    """The lines of one term: `whole` holds what is said of the variable, not of a level.

    `below` a level stands its penalised ratio, where any of the cells has one.
    """

    def penalised(level: str, indent: int) -> list[Line]:
        cells = below(level)
        return [Line("with Firth's penalty", cells, indent, group)] if any(cells) else []

    if len(term.levels) == 1:
        only = term.levels[0]
        cells = tuple(a or b for a, b in zip(whole, at_level(only), strict=True))
        return [Line(term.heading, cells, group=group), *penalised(only, 1)]
    lines = [
        Line(term.heading, whole, group=group),
        Line(level_label(term.variable, term.reference), reference, 1, group),
    ]
    for level in term.levels:
        lines += [Line(level_label(term.variable, level), at_level(level), 1, group)]
        lines += penalised(level, 2)
    return lines


def term_cells(results: Results, key: Key) -> tuple[str, str]:
    """Hazard ratio and P of a coefficient; blank where the model has no such term."""
    known = results.has(key, "hazard_ratio")
    return ratio_and_p(results, key) if known else ("", "")


def penalised_cells(results: Results, key: Key) -> tuple[str, str]:
    """The same with Firth's penalty; blank where the plain ratio rests on enough events."""
    if not results.has(key, "penalised_hazard_ratio"):
        return "", ""
    return penalised_hazard_ratio(results, key), p_value(results, key, "penalised_p_value")


def model_notes(models: Sequence[Model]) -> tuple[str, ...]:
    """All notes of the models shown together, each once."""
    reasons = [
        note
        for model in models
        for note in (
            *not_estimable_notes(model.results, model.shown.notes),
            *few_events_notes(model.results),
            *_departures(model),
        )
    ]
    notes = (_outcome(models), _exposures(models), _methods(models), _missing(models), *reasons)
    return tuple(dict.fromkeys(notes))


def _outcome(models: Sequence[Model]) -> str:
    found = {(x.specification.outcome, x.specification.population) for x in models}
    dictionary = models[0].results.dictionary
    parts = [
        f"{dictionary[a].label} of {population_phrase(b, dictionary)}" for a, b in sorted(found)
    ]
    return sentence("; ".join(parts))


def _exposures(models: Sequence[Model]) -> str:
    """What the short headings of the models stand for."""
    return sentence("; ".join(model.specification.label for model in models))


def _methods(models: Sequence[Model]) -> str:
    rows = [row for model in models for row in model.results]
    ratios, hazards = estimators(rows), methods(rows, "ph_p_value")
    return sentence(
        f"{named('HR, hazard ratio', ratios)}; {named('proportional hazards', hazards)}"
    )


def _missing(models: Sequence[Model]) -> str:
    rules = listed(MISSING_RULES[x] for x in dict.fromkeys(x.missing_rule for x in models))
    names = dict.fromkeys(name for model in models for name in model.excluded)
    if not names:
        return ""
    labels = listed(models[0].results.dictionary.phrases(names))
    return sentence(f"{rules}; missing values are in {labels}")


def _departures(model: Model) -> tuple[str, ...]:
    """How the fit departed from the plain one."""
    name = model.specification.label.partition(":")[0]
    dictionary = model.results.dictionary
    return tuple(sentence(f"{name}: {readable(x, dictionary)}") for x in model.shown.notes)


MODEL = "Model"
COUNTS = (
    ("n", "Patients, n"),
    ("events", "Events, n"),
    ("excluded", "Left out for a missing value, n"),
    ("parameters", "Parameters"),
)


def summary_lines(sources: Sequence[tuple[Results, Key]]) -> list[Line]:
    """Two cells a model: a number, and beside it the P of the test of proportional hazards."""
    lines = [
        _line(label, [(count(results, at, statistic), "") for results, at in sources])
        for statistic, label in COUNTS
    ]
    per_parameter = [(events_per_parameter(results, at), "") for results, at in sources]
    hazards = [("", p_value(results, at, "ph_p_value")) for results, at in sources]
    return [
        *lines,
        _line("Events per parameter", per_parameter),
        _line("Proportional hazards, global P", hazards),
    ]


def events_per_parameter(results: Results, at: Key) -> str:
    return one_decimal(results.value(at, "events_per_parameter"))


def _line(label: str, pairs: Sequence[tuple[str, str]]) -> Line:
    return Line(label, tuple(text for pair in pairs for text in pair), group=MODEL)


@unless_omitted
def describe_diagnostics(model: Model) -> Prose:
    """Proportional hazards, events per parameter, and terms without an estimate."""
    return paragraph(
        _events_per_parameter(model),
        _proportional_hazards(model),
        _notes(model),
    )


def _events_per_parameter(model: Model) -> str:
    events, parameters = model.results.values(model.key, "events", "parameters")
    if not parameters:
        return ""
    ratio = quotient(events, parameters)
    few = f", fewer than the {FEW_EVENTS} often asked for" if ratio < FEW_EVENTS else ""
    spent = f" on {counted(events, 'event')}, {format_fixed(ratio, 1)} events each{few}"
    return f"The model spends {counted(parameters, 'parameter')}{when_shown(spent)}."


def _proportional_hazards(model: Model) -> str:
    whole = model.results.value(model.key, "ph_p_value")
    if isnan(whole):
        return unless_withheld("Proportional hazards cannot be tested.", whole)
    terms = [t.variable for t in model.proportional_hazards.terms]
    found = {x: model.results.value(model.key._replace(variable=x), "ph_p_value") for x in terms}
    broken = {x: p for x, p in found.items() if p < NOTABLE_P}
    overall = f"The global test of proportional hazards gives {format_p_statement(whole)}"
    bound = format_fixed(constant(NOTABLE_P, "P below which a difference is told"), 2)
    if not broken:
        return f"{overall}; no single term falls below {bound}."
    dictionary = model.results.dictionary
    names = [f"{escape(dictionary[x].phrase)} ({format_p_statement(p)})" for x, p in broken.items()]
    return (
        f"{overall}; by term, that of {names[0]} falls below {bound}, so that its hazard ratio is "
        "an average over the time observed."
        if len(names) == 1
        else f"{overall}; by term, those of {listed(names)} fall below {bound}, so that their "
        "hazard ratios are averages over the time observed."
    )


def _notes(model: Model) -> str:
    notes = (readable(note, model.results.dictionary) for note in model.shown.notes)
    return " ".join(f"{escape(capital(note))}." for note in notes)
