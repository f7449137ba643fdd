"""What a claim is called in tables, figures, sentences and files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis_lib.analyses.results import Key
from analysis_lib.analyses.vocabulary import LEVELS, OUTCOMES, POPULATIONS, STATISTICS, VARIABLES
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import format_number
from analysis_lib.labels import level_label

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
_POPULATION = re.compile(r"^(?P<base>\w+)(\[(?P<variable>\w+)=(?P<level>[^\]]+)\])?$")
_EVERYONE = "infused"


def statistic_words(statistic: str) -> str:
    """A statistic in a word or two: `percent`, `lower limit`."""
    return SHORT_STATISTICS.get(statistic, STATISTICS.get(statistic, statistic))


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
        time = "" if key.time_months is None else f"at {format_number(key.time_months)} months"
        return _joined(self.subject(key), self.model(key), time)

    def model(self, key: Key) -> str:
        """`model A`; empty where the number is of no model."""
        return MODELS.get(key.analysis.rpartition("_")[2], "")

    def subject(self, key: Key) -> str:
        """Outcome, variable and level: `Sex: Female`; empty where all patients are counted."""
        if key.variable in VARIABLES:
            return "" if key.variable == _EVERYONE else VARIABLES[key.variable]
        # A grade group names its outcome itself; of a model the section names it.
        redundant = key.variable.startswith(key.outcome) or _is_own(key)
        names = [] if key.variable and redundant else [self._name(key.outcome)]
        if key.variable:
            names.append(self._level(key) if key.level else self._name(key.variable))
        return ": ".join(name for name in names if name)

    def patients(self, key: Key) -> str:
        """The group or groups, and who of them where it is not everyone; empty for all."""
        match = _POPULATION.match(key.population)
        if match is None:
            return ""
        everyone = match["base"] == _EVERYONE
        base = "" if everyone else POPULATIONS.get(match["base"], match["base"])
        group = self.group(key)
        compared = "" if _is_own(key) else self._contrast(key)
        named = _joined(group, compared)
        return f"{named}, {base.removeprefix('patients ')}" if named and base else named or base

    def group(self, key: Key) -> str:
        """The group of patients that a number is about; empty for everyone."""
        match = _POPULATION.match(key.population)
        if match is None or not match["variable"]:
            return ""
        name, level = match["variable"], match["level"]
        text = self._level_text(name, level)
        return f"{self._name(name)}: {text}" if self._is_counted(name) else text

    def _name(self, name: str) -> str:
        return self.dictionary[name].label if name in self.dictionary else OUTCOMES.get(name, name)

    def _is_counted(self, name: str) -> bool:
        """Whether a variable is a quantity, whose levels are `some` and `none`."""
        return name in self.dictionary and not self.dictionary[name].is_categorical

    def _level(self, key: Key) -> str:
        """A level with its variable, and with the reference of a hazard ratio."""
        name, (_, own, reference) = key.variable, key.contrast.partition("_vs_")
        text = self._level_text(name, key.level)
        if name in self.dictionary and self.dictionary[name].type == "yes_no":
            return text
        against = f" vs {lower_first(self._level_text(name, reference))}" if own else ""
        return f"{self._name(name)}: {text}{against}"

    def _level_text(self, name: str, level: str) -> str:
        if name not in self.dictionary:
            return level.replace("_", " ")
        known = self.dictionary[name]
        if known.type == "yes_no":
            return known.group_label(level)
        if self._is_counted(name):
            return LEVELS.get(level, level).partition(":")[0]
        return level_label(known, level)

    def _contrast(self, key: Key) -> str:
        """`InO-exposed vs InO-naïve`; empty where the levels are of no known category."""
        level, _, reference = key.contrast.partition("_vs_")
        known = [x for x in self.dictionary.variables if x.type == "category"]
        for one in sorted(known, key=lambda x: x.name != key.variable):
            if reference and {level, reference} <= set(one.levels):
                return f"{level_label(one, level)} vs {level_label(one, reference)}"
        return ""


def _is_own(key: Key) -> bool:
    """Whether the contrast is that of the key's own level, as of a hazard ratio."""
    return bool(key.level) and key.contrast.startswith(f"{key.level}_vs_")


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
