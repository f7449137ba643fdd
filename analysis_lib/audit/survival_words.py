"""Names of patients, endpoints and times for the sentences about survival."""

from __future__ import annotations

import re

from analysis_lib.analyses.results import Key
from analysis_lib.analyses.vocabulary import OUTCOMES, POPULATIONS
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import format_number
from analysis_lib.labels import level_label, typeset

_POPULATION = re.compile(r"^(?P<base>\w+)\[(?P<variable>\w+)=(?P<level>[^\]]+)\]$")


def group_of(population: str) -> tuple[str, str, str]:
    """Base, variable and level of `base[variable=level]`; the last two empty for a whole base."""
    match = _POPULATION.match(population)
    if match is None:
        return population, "", ""
    return match["base"], match["variable"], match["level"]


def patients_words(population: str, dictionary: Dictionary) -> str:
    """`the InO-exposed group`; with its base where that is not everyone of the study."""
    base, variable, level = group_of(population)
    whole = POPULATIONS.get(base, plain(base))
    if not variable:
        return whole
    group = (
        typeset(dictionary[variable].group_phrase(level))
        if variable in dictionary
        else f"the {plain(level)} group"
    )
    return group if base == next(iter(POPULATIONS)) else f"{group} of {whole}"


def level_words(variable: str, level: str, dictionary: Dictionary) -> str:
    """A level inside a sentence: `InO-responsive`, `prior allogeneic HCT`."""
    if variable not in dictionary:
        return plain(level)
    known = dictionary[variable]
    if known.type == "yes_no" and level == "yes":
        return lower_first(known.label)
    return lower_first(level_label(known, level))


def variable_words(name: str, dictionary: Dictionary) -> str:
    """A variable or an outcome inside a sentence: `progression-free survival`."""
    if name in dictionary:
        return lower_first(dictionary[name].label)
    return OUTCOMES.get(name, plain(name))


def contrast_words(variable: str, contrast: str, dictionary: Dictionary) -> str:
    """`InO-exposed against InO-naïve`."""
    level, _, reference = contrast.partition("_vs_")
    if variable in dictionary and dictionary[variable].type == "yes_no":
        return lower_first(dictionary[variable].label)
    words = [level_words(variable, one, dictionary) for one in (level, reference)]
    return " against ".join(words)


def months_words(months: float) -> str:
    return f"{format_number(months)}-month"


def curve_words(key: Key, dictionary: Dictionary) -> str:
    """`6-month overall survival of the InO-exposed group`."""
    months = "" if key.time_months is None else f"{months_words(key.time_months)} "
    patients = patients_words(key.population, dictionary)
    return f"{months}{variable_words(key.outcome, dictionary)} of {patients}"


def plain(name: str) -> str:
    return name.replace("_", " ")
