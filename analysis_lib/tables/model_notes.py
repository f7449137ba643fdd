"""Notes under a table of models: patients, terms, missing values, what could not be estimated."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.analyses import Model, ModelSet
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.labels import listed, readable
from analysis_lib.tables.labels import population_phrase, sentence
from analysis_lib.tables.notes import methods, named
from analysis_lib.tables.terms import NOT_ESTIMABLE, not_estimable_notes

MISSING_RULES = {
    "complete_cases": "patients with a missing value are left out",
    "missing_as_level": "a missing category is a level of its own, a missing number leaves out",
}


def model_notes(models: Sequence[Model], dictionary: Dictionary) -> tuple[str, ...]:
    """All notes of the models shown together, each once."""
    reasons = [
        note
        for model in models
        for note in (
            *not_estimable_notes(model.results, dictionary, model.shown.notes),
            *_departures(model, dictionary),
        )
    ]
    notes = (
        _outcome(models, dictionary),
        _exposures(models),
        _methods(models),
        _missing(models, dictionary),
        *reasons,
    )
    return tuple(dict.fromkeys(notes))


def left_out_note(models: ModelSet, dictionary: Dictionary) -> str:
    """Terms that no model of the set can hold, since everyone has the same value."""
    if not models.left_out:
        return ""
    names = listed(lower_first(dictionary[name].label) for name in models.left_out)
    return sentence(f"{models.label}, without {names}: every patient has the same value")


def _outcome(models: Sequence[Model], dictionary: Dictionary) -> str:
    found = {(x.specification.outcome, x.specification.population) for x in models}
    parts = [f"{dictionary[a].label} of {population_phrase(b)}" for a, b in sorted(found)]
    return sentence("; ".join(parts))


def _exposures(models: Sequence[Model]) -> str:
    """What the short headings of the models stand for."""
    return sentence("; ".join(model.specification.label for model in models))


def _methods(models: Sequence[Model]) -> str:
    rows = [row for model in models for row in model.results]
    ratios = methods(
        x
        for x in rows
        if x.key.statistic == "hazard_ratio" and not x.method.startswith(NOT_ESTIMABLE)
    )
    hazards = methods(x for x in rows if x.key.statistic == "ph_p_value")
    return sentence(
        f"{named('HR, hazard ratio', ratios)}; {named('proportional hazards', hazards)}"
    )


def _missing(models: Sequence[Model], dictionary: Dictionary) -> str:
    rules = listed(MISSING_RULES[x] for x in dict.fromkeys(x.missing_rule for x in models))
    names = dict.fromkeys(name for model in models for name in model.excluded)
    if not names:
        return ""
    labels = listed(lower_first(dictionary[name].label) for name in names)
    return sentence(f"{rules}; missing values are in {labels}")


def _departures(model: Model, dictionary: Dictionary) -> tuple[str, ...]:
    """How the fit departed from the plain one."""
    name = model.specification.label.partition(":")[0]
    return tuple(sentence(f"{name}: {readable(x, dictionary)}") for x in model.shown.notes)
