"""What a claim is called, and how the numbers of a comparison are written."""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.comparison.compare import (
    NOT_COMPUTABLE,
    REPRODUCED,
    ROUNDED,
    Compared,
    prints,
)
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import (
    EN_DASH,
    MINUS,
    NOT_ESTIMABLE,
    constant,
    format_fixed,
    format_number,
    note,
    round_half_up,
)
from analysis_lib.labels import level_label
from analysis_lib.marks import Placed
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Contrast, Population
from analysis_lib.topics import VOCABULARY

_MOST_DIGITS = 12
SIGNS = {"<=": "≤", ">=": "≥", "~": "about ", "=": ""}


def printed_text(claim: Claim) -> str:
    """The number as the article prints it: `83%`, `<0.0001`."""
    value = _placed(claim, "printed", claim.value) if claim.in_scope else claim.value
    return _printed_as(claim, claim.comparator, value)


def _printed_as(claim: Claim, comparator: str, value: float) -> str:
    """A number as the article prints it, whose row is that of the value."""
    return f"{SIGNS.get(comparator, comparator)}{_number(note(claim.printed, value), claim)}"


def _placed(claim: Claim, statistic: str, value: float) -> float:
    """A number of a claim that knows its row."""
    return Placed(value, (*claim.row(statistic), "value"))


def computed_text(compared: Compared) -> str:
    """The number computed, with the decimals of the printed one.

    Beside a printed bound it says the bound where it keeps it, else as many digits as show why not.
    """
    if math.isnan(compared.computed):
        return EN_DASH if compared.status == NOT_COMPUTABLE else NOT_ESTIMABLE
    if compared.status == REPRODUCED:
        claim, is_rounded = compared.claim, compared.claim.comparator in ROUNDED
        sign = "=" if is_rounded else claim.comparator
        return _printed_as(claim, sign, compared.computed if is_rounded else claim.value)
    return _number(format_fixed(compared.computed, _digits(compared)), compared.claim)


def difference_text(compared: Compared) -> str:
    """Computed minus printed, both as written: `+0.38`; empty if reproduced."""
    if compared.status == REPRODUCED or math.isnan(compared.difference):
        return ""
    apart = _placed(compared.claim, "difference_from_printed", written_difference(compared))
    return _signed(format_fixed(apart, _digits(compared)))


def written_difference(compared: Compared) -> float:
    """Computed minus printed, the computed number rounded as it is written."""
    return round_half_up(compared.computed, _digits(compared)) - compared.claim.value


def distance_text(compared: Compared) -> str:
    """Computed minus printed in units of the last printed digit: `+3`; empty if reproduced."""
    if compared.status == REPRODUCED or math.isnan(compared.difference):
        return ""
    apart = _placed(compared.claim, "last_digits_from_printed", compared.last_digits)
    return _signed(format_number(apart))


def comparison_words(compared: Compared) -> str:
    """`printed 1.20, ours 1.58, +38`: both numbers and how far they are apart."""
    apart = distance_text(compared)
    ending = f", {apart}" if apart else ""
    return f"printed {printed_text(compared.claim)}, ours {computed_text(compared)}{ending}"


def _number(text: str, claim: Claim) -> str:
    return f"{text.replace('-', MINUS)}%" if claim.unit == "%" else text


def _digits(compared: Compared) -> int:
    """The printed decimals; beside a bound that is broken, as many as show it."""
    claim, digits = compared.claim, compared.claim.decimals
    if claim.comparator in ROUNDED:
        return digits
    while digits < _MOST_DIGITS and prints(claim, round_half_up(compared.computed, digits)):
        digits += 1
    return digits


def _signed(text: str) -> str:
    return text if text.startswith(MINUS) else f"+{text}"


SHORT_STATISTICS = {
    "n": "patients",
    "minimum": "smallest",
    "maximum": "largest",
    "proportion": "percent",
    "p_value": "P",
    "survival": "estimate",
    "survival_ci_low": "lower limit",
    "survival_ci_high": "upper limit",
    "hazard_ratio_ci_low": "hazard ratio, lower limit",
    "hazard_ratio_ci_high": "hazard ratio, upper limit",
}
MODELS = {"a": "model A", "b": "model B"}
UNITLESS = ("", "%", "patients")
_EVERYONE = "infused"


def statistic_words(statistic: str) -> str:
    """A statistic in a word or two: `percent`, `lower limit`."""
    return SHORT_STATISTICS.get(statistic, VOCABULARY.statistics.get(statistic, statistic))


@dataclass(frozen=True)
class ClaimWords:
    """Names numbers by the labels of a dictionary."""

    dictionary: Dictionary

    def label(self, claim: Claim) -> str:
        """All that a key says: `Sex: Female, percent, InO-exposed`."""
        return _joined(self.number(claim), self.patients(claim.key))

    def number(self, claim: Claim) -> str:
        """What is counted or estimated: `Sex: Female, percent`."""
        unit = "" if claim.unit in UNITLESS else f" ({claim.unit})"
        text = _joined(self.name(claim.key), f"{statistic_words(claim.key.statistic)}{unit}")
        return text[:1].upper() + text[1:]

    def name(self, key: Key) -> str:
        """Of what, in which model, at what time, without the statistic."""
        time = ""
        if key.time_months is not None:
            months = constant(key.time_months, "time of a number that the article prints")
            time = f"at {format_number(months)} months"
        return _joined(self.subject(key), self.model(key), time)

    def model(self, key: Key) -> str:
        """`model A`; empty where the number is of no model."""
        return MODELS.get(key.analysis.rpartition("_")[2], "")

    def subject(self, key: Key) -> str:
        """Outcome, variable and level: `Sex: Female`; empty where all patients are counted."""
        if key.variable in VOCABULARY.variables:
            return "" if key.variable == _EVERYONE else VOCABULARY.variables[key.variable]
        # A grade group names its outcome itself; of a model the section names it.
        redundant = key.variable.startswith(key.outcome) or compares_own_level(key)
        names = [] if key.variable and redundant else [self._name(key.outcome)]
        if key.variable:
            names.append(self._level(key) if key.level else self._name(key.variable))
        return ": ".join(name for name in names if name)

    def patients(self, key: Key) -> str:
        """The group or groups, and who of them where it is not everyone; empty for all."""
        base = Population.parse(key.population).base
        if not base:
            return ""
        base = "" if base == _EVERYONE else VOCABULARY.populations.get(base, base)
        compared = "" if compares_own_level(key) else self._contrast(key)
        named = _joined(self.group(key), compared)
        return f"{named}, {base.removeprefix('patients ')}" if named and base else named or base

    def group(self, key: Key) -> str:
        """The group of patients that a number is about; empty for everyone."""
        _, name, level = Population.parse(key.population)
        if not name:
            return ""
        text = self._level_text(name, level)
        return f"{self._name(name)}: {text}" if self._is_counted(name) else text

    def _name(self, name: str) -> str:
        return (
            self.dictionary[name].label
            if name in self.dictionary
            else VOCABULARY.outcomes.get(name, name)
        )

    def _is_counted(self, name: str) -> bool:
        """Whether a variable is a quantity, whose levels are `some` and `none`."""
        return name in self.dictionary and not self.dictionary[name].is_categorical

    def _level(self, key: Key) -> str:
        """A level with its variable, and with the reference of a hazard ratio."""
        name, contrast = key.variable, Contrast.parse(key.contrast, [key.level])
        text = self._level_text(name, key.level)
        if name in self.dictionary and self.dictionary[name].type == "yes_no":
            return text
        against = (
            ""
            if contrast is None
            else f" vs {lower_first(self._level_text(name, contrast.reference))}"
        )
        return f"{self._name(name)}: {text}{against}"

    def _level_text(self, name: str, level: str) -> str:
        if name not in self.dictionary:
            return level.replace("_", " ")
        known = self.dictionary[name]
        if known.type == "yes_no":
            return known.group_label(level)
        if self._is_counted(name):
            return VOCABULARY.levels.get(level, level).partition(":")[0]
        return level_label(known, level)

    def _contrast(self, key: Key) -> str:
        """`InO-exposed vs InO-naïve`; empty where the levels are of no known category."""
        known = [x for x in self.dictionary.variables if x.type == "category"]
        for one in sorted(known, key=lambda x: x.name != key.variable):
            contrast = Contrast.parse(key.contrast, one.levels)
            if contrast is not None and {*contrast} <= {*one.levels}:
                return " vs ".join(level_label(one, level) for level in contrast)
        return ""


def compares_own_level(key: Key) -> bool:
    """Whether the contrast is that of the key's own level, as of a hazard ratio."""
    contrast = Contrast.parse(key.contrast, [key.level])
    return contrast is not None and contrast.level == key.level != ""


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
