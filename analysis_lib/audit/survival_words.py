"""Names of patients, endpoints and times for the sentences about survival."""

from __future__ import annotations

from analysis_lib.analyses.results import Key
from analysis_lib.audit.words import base_words, inside, level_name, parse_population, quantity_name
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import format_number
from analysis_lib.labels import typeset


def patients_words(population: str, dictionary: Dictionary) -> str:
    """`the InO-exposed group`; the base's words where it is no group."""
    parts = parse_population(population)
    if not parts.variable:
        return base_words(parts.base)
    return group_words(parts.variable, parts.level, dictionary)


def group_words(variable: str, level: str, dictionary: Dictionary) -> str:
    """`the InO-exposed group`, `the group with prior allogeneic HCT`."""
    if variable in dictionary:
        return typeset(dictionary[variable].group_phrase(level))
    return f"the {level_name(variable, level, dictionary)} group"


def contrast_words(variable: str, contrast: str, dictionary: Dictionary) -> str:
    """`InO-exposed vs InO-naïve`; of a yes-no variable its name alone."""
    level, _, reference = contrast.partition("_vs_")
    if variable in dictionary and dictionary[variable].type == "yes_no":
        return dictionary[variable].label
    return " vs ".join(level_name(variable, one, dictionary) for one in (level, reference))


def endpoint_words(key: Key, dictionary: Dictionary) -> str:
    """`progression-free survival`."""
    return inside(quantity_name(Key("", outcome=key.outcome), dictionary))


def curve_words(key: Key, dictionary: Dictionary) -> str:
    """`6-month overall survival, the InO-exposed group`."""
    months = "" if key.time_months is None else f"{months_words(key.time_months)} "
    endpoint = f"{months}{endpoint_words(key, dictionary)}"
    return f"{endpoint[0].upper()}{endpoint[1:]}, {patients_words(key.population, dictionary)}"


def months_words(months: float) -> str:
    return f"{format_number(months)}-month"
