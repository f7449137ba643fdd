"""How the audit names groups, variables and numbers in its sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import format_fixed, format_number
from analysis_lib.labels import level_label, listed, quantity_label, typeset
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Contrast, Population
from analysis_lib.topics import VOCABULARY

ALPHA, ALPHA_TEXT = 0.05, ".05"
_SMALLEST_P = 1e-5
_HAVING = {"yes": "with", "no": "without"}
_HAIR = 0.01  # on both sides of .05 a P value says much the same


@dataclass(frozen=True)
class Named:
    """Names what a key is of by the labels of a dictionary."""

    dictionary: Dictionary

    def type_of(self, name: str) -> str:
        """The type of a variable, empty where the dictionary does not know it."""
        return self.dictionary[name].type if name in self.dictionary else ""

    def is_numeric(self, key: Key) -> bool:
        """Whether a variable or an outcome is a number of each patient."""
        name = key.variable or key.outcome
        return name in self.dictionary and self.dictionary[name].is_numeric

    def levels_of(self, name: str) -> tuple[str, ...]:
        """The levels of a variable, none where the dictionary does not know it."""
        return self.dictionary[name].levels if name in self.dictionary else ()

    def group_name(self, population: str) -> str:
        """The group's label, `InO-exposed`, or the base's words where it is not a group."""
        base, variable, level = Population.parse(population)
        if self.type_of(variable) == "yes_no":
            return typeset(self.dictionary[variable].group_label(level))
        return self.level_name(variable, level) if variable else base_words(base)

    def groups_name(self, groups: tuple[str, str]) -> str:
        """`InO-exposed vs InO-naïve`, of two populations, the reference first.

        Of a yes-no variable `with vs without prior allogeneic HCT`.
        """
        reference, subject = (Population.parse(group) for group in groups)
        said = [_HAVING.get(one.level, "") for one in (subject, reference)]
        if self.type_of(subject.variable) == "yes_no" and all(said):
            return f"{' vs '.join(said)} {lower_first(self.dictionary[subject.variable].label)}"
        return " vs ".join(self.group_name(group) for group in reversed(groups))

    def level_name(self, variable: str, level: str) -> str:
        known = level in (*self.levels_of(variable), "missing") and variable in self.dictionary
        return level_label(self.dictionary[variable], level) if known else _plain(level)

    def quantity_name(self, key: Key) -> str:
        """What is counted or tested: the variable's label, else the outcome's, with the level."""
        name = key.variable or key.outcome
        base = Population.parse(key.population).base
        if name in ("", base):
            return base_words(base)
        known = name in self.dictionary
        label = (
            self.dictionary[name].label if known else VOCABULARY.outcomes.get(name, _plain(name))
        )
        said = f": {self.level_name(key.variable, key.level)}" if key.level else ""
        return f"{typeset(label)}{said}"

    def subject(self, key: Key) -> str:
        """A few words for a number: what it is of, and in which group."""
        is_group = bool(Population.parse(key.population).variable)
        where = f", {self.group_name(key.population)}" if is_group else ""
        return f"{self.quantity_name(key)}{where}"

    def patients_words(self, population: str) -> str:
        """`the InO-exposed group`; the base's words where it is no group."""
        base, variable, level = Population.parse(population)
        return self.group_words(variable, level) if variable else base_words(base)

    def group_words(self, variable: str, level: str) -> str:
        """`the InO-exposed group`, `the group with prior allogeneic HCT`."""
        if variable in self.dictionary:
            return typeset(self.dictionary[variable].group_phrase(level))
        return f"the {self.level_name(variable, level)} group"

    def contrast_words(self, variable: str, contrast: Contrast) -> str:
        """`InO-exposed vs InO-naïve`; of a yes-no variable, or without groups, its name alone."""
        if any(contrast) and self.type_of(variable) != "yes_no":
            return " vs ".join(self.level_name(variable, one) for one in contrast)
        if variable not in self.dictionary:
            return capital(_plain(variable)) or "Hazard ratio"
        known = self.dictionary[variable]
        return quantity_label(known) if known.is_numeric else known.label

    def ratio_words(self, key: Key, contrast: Contrast) -> str:
        """`InO-exposed vs InO-naïve, progression-free survival`."""
        endpoint = self.endpoint_words(key.outcome) if key.outcome else ""
        compared = self.contrast_words(key.variable, contrast)
        return f"{compared}, {endpoint}" if endpoint else compared

    def endpoint_words(self, outcome: str) -> str:
        """`progression-free survival`."""
        return lower_first(self.quantity_name(Key("", outcome=outcome)))

    def curve_words(self, key: Key) -> str:
        """`6-month overall survival, the InO-exposed group`."""
        months = "" if key.time_months is None else f"{format_number(key.time_months)}-month "
        endpoint = capital(f"{months}{self.endpoint_words(key.outcome)}")
        return f"{endpoint}, {self.patients_words(key.population)}"


def capital(text: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def base_words(base: str) -> str:
    """`patients in CR or CRi after infusion`; the vocabulary's words for a base."""
    return VOCABULARY.populations.get(base, _plain(base)) or "all patients"


_SIGNS = {"ge": "\u2265", "le": "\u2264", "gt": ">", "lt": "<"}


def _plain(name: str) -> str:
    """`age \u226560` of `age_ge_60`, `grade 3\u20134` of `grade_3_4`, and words of other names."""
    text = re.sub(r"(?<=\d)_(?=\d+$)", "\u2013", name).replace("_", " ")
    return re.sub(r"\b(ge|le|gt|lt) (?=\d)", lambda found: _SIGNS[found[1]], text)


def say_p(p: float) -> str:
    """A recomputed P value to three digits that count: `.474`, `.00145`."""
    if math.isnan(p):
        return "not defined"
    if p < _SMALLEST_P:
        return f"<{format_fixed(_SMALLEST_P, 5)[1:]}"
    if p > 0.9995:
        return ">.999"
    return format_fixed(p, 2 - math.floor(math.log10(p)))[1:]


def printed_number(claim: Claim) -> str:
    """`83%`, `<0.001`: the number with its sign and its percent sign."""
    sign = "" if claim.comparator == "=" else claim.comparator
    return f"{sign}{claim.printed}{'%' if claim.unit == '%' else ''}"


def printed_p(claim: Claim) -> str:
    """A printed P value in journal style: `P = .47`, `P < .0001`."""
    return f"P {claim.comparator} {claim.printed.removeprefix('0') or '0'}"


def exact_percent(count: int, denominator: int, claim: Claim) -> str:
    """The percent with one more decimal than is printed."""
    return f"{format_fixed(100 * count / denominator, claim.decimals + 1)}%"


def either(numbers: Iterable[int]) -> str:
    """`75`, `75 or 76`, `73, 74 or 75`, `97 to 103`."""
    known = sorted(numbers)
    if len(known) > 3 and known[-1] - known[0] == len(known) - 1:
        return f"{known[0]} to {known[-1]}"
    return listed(str(n) for n in known).replace(" and ", " or ")


def of_patients(numbers: Collection[int]) -> str:
    """`1 patient`, `75 or 76 patients`."""
    return f"{either(numbers)} patient{'' if set(numbers) == {1} else 's'}"


def is_or_are(number: int) -> str:
    return "is" if number == 1 else "are"


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
