"""How the audit names groups, variables and numbers in its sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import format_fixed, format_number
from analysis_lib.labels import level_label, listed, typeset
from analysis_lib.results.rows import Key
from analysis_lib.topics import VOCABULARY

_POPULATION = re.compile(r"(?P<base>\w*)(\[(?P<variable>\w+)=(?P<level>[^\]]+)\])?")
ALPHA, ALPHA_TEXT = 0.05, ".05"
_SMALLEST_P = 1e-5
_HAIR = 0.01  # on both sides of .05 a P value says much the same


class Population(NamedTuple):
    """The parts of `base[variable=level]`; variable and level are empty for the whole base."""

    base: str
    variable: str
    level: str

    def of(self, base: str) -> str:
        """The same group of another base."""
        return f"{base}[{self.variable}={self.level}]" if self.variable else base


@lru_cache(maxsize=1024)
def parse_population(text: str) -> Population:
    match = _POPULATION.fullmatch(text)
    if match is None:
        return Population(text, "", "")
    return Population(match["base"], match["variable"] or "", match["level"] or "")


def group_name(population: str, dictionary: Dictionary) -> str:
    """The group's label, `InO-exposed`, or the base's words where it is not a group."""
    parts = parse_population(population)
    if not parts.variable:
        return base_words(parts.base)
    return level_name(parts.variable, parts.level, dictionary)


def level_name(variable: str, level: str, dictionary: Dictionary) -> str:
    if variable in dictionary:
        return level_label(dictionary[variable], level)
    return _plain(level)


def quantity_name(key: Key, dictionary: Dictionary) -> str:
    """What is counted or tested: the variable's label, else the outcome's, with the level."""
    name = key.variable or key.outcome
    base = parse_population(key.population).base
    if name in ("", base):
        return base_words(base)
    label = (
        dictionary[name].label
        if name in dictionary
        else VOCABULARY.outcomes.get(name, _plain(name))
    )
    label = typeset(label)
    return f"{label}: {level_name(key.variable, key.level, dictionary)}" if key.level else label


def capital(text: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def inside(label: str) -> str:
    """A label as it stands inside a sentence."""
    return lower_first(label)


def subject(key: Key, dictionary: Dictionary) -> str:
    """A few words for a number: what it is of, and in which group."""
    group = parse_population(key.population)
    where = f", {group_name(key.population, dictionary)}" if group.variable else ""
    return f"{quantity_name(key, dictionary)}{where}"


def base_words(base: str) -> str:
    """`patients in CR or CRi after infusion`; the vocabulary's words for a base."""
    return VOCABULARY.populations.get(base, _plain(base))


def say_p(p: float) -> str:
    """A recomputed P value to three digits that count: `.474`, `.00145`."""
    if math.isnan(p):
        return "not defined"
    if p < _SMALLEST_P:
        return f"<{format_fixed(_SMALLEST_P, 5)[1:]}"
    if p > 0.9995:
        return ">.999"
    return format_fixed(p, 2 - math.floor(math.log10(p)))[1:]


def printed_p(claim: Claim) -> str:
    """A printed P value in journal style: `P = .47`, `P < .0001`."""
    return f"P {claim.comparator} {claim.printed.removeprefix('0')}"


def printed_percent(claim: Claim) -> str:
    return f"{'' if claim.comparator == '=' else claim.comparator}{claim.printed}%"


def exact_percent(count: int, denominator: int, claim: Claim) -> str:
    """The percent with one more decimal than is printed."""
    return f"{format_fixed(100 * count / denominator, claim.decimals + 1)}%"


def either(numbers: Iterable[int]) -> str:
    """`75`, `75 or 76`, `73, 74 or 75`, `97 to 103`."""
    known = sorted(numbers)
    if len(known) > 3 and known[-1] - known[0] == len(known) - 1:
        return f"{known[0]} to {known[-1]}"
    return listed(str(n) for n in known).replace(" and ", " or ")


def _plain(name: str) -> str:
    return name.replace("_", " ")


def same_side(exact: float, printed: Claim) -> bool:
    """Whether a recomputed P value leads to the same conclusion at .05 as the printed one."""
    return (exact < ALPHA) == (printed.value < ALPHA)


def changed_conclusion(where: str, exact: float, printed: Claim) -> str:
    """What a reader must revise where a P value crosses .05; empty where it does not."""
    if math.isnan(exact) or same_side(exact, printed):
        return ""
    now = (
        "a difference is shown where none was"
        if exact < ALPHA
        else "the difference is no longer shown"
    )
    at_it = abs(exact - ALPHA) < _HAIR and abs(printed.value - ALPHA) < _HAIR
    return (
        f"{capital(where)}, P crosses {ALPHA_TEXT}: {say_p(exact)} instead of the printed "
        f"{printed_p(printed).removeprefix('P = ')}, so that {now}"
        f"{'; both lie at the threshold' if at_it else ''}."
    )


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
