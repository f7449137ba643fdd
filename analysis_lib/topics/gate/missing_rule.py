"""Whether the rule for missing values decides on which side of 1 a primary ratio lies."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis_lib.estimates.effects import Effect
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import exposure_ladder, sensitivity_to_choices
from analysis_lib.topics.missing.imputed import imputed_effects

COMPLETE, LEVEL, IMPUTED = "complete_cases", "missing_as_level", "imputed"
ABOVE, BELOW, AROUND = "above", "below", "around"


@dataclass(frozen=True)
class UnderRules:
    """One ratio of the primary model: where its interval lies against 1 under each rule.

    `key` is its contrast, `chosen` the rule of the primary model. A rule without an interval is
    not among the `sides`.
    """

    key: Key
    level: str
    chosen: str
    sides: Mapping[str, str]

    @property
    def otherwise(self) -> float:
        """The share of the other rules whose interval lies elsewhere; nan where there is none."""
        others = [side for rule, side in self.sides.items() if rule != self.chosen]
        if self.chosen not in self.sides or not others:
            return math.nan
        return sum(side != self.sides[self.chosen] for side in others) / len(others)


def ratios_under_rules(study: Study) -> Iterator[UnderRules]:
    """Each group's ratio in the primary model of each endpoint."""
    chosen = study.parameters.missing_rule
    for outcome in study.parameters.endpoints:
        effects = _by_rule(study, outcome)
        for level in study.groups.levels[1:]:
            sides = {rule: _side(effect, level) for rule, effect in effects.items()}
            known = {rule: side for rule, side in sides.items() if side}
            yield UnderRules(effects[chosen].contrast(level), level, chosen, known)


def _by_rule(study: Study, outcome: str) -> dict[str, Effect]:
    """The primary model of one endpoint under each rule that was followed."""
    chosen = study.parameters.missing_rule
    found: dict[str, Effect] = {chosen: exposure_ladder(study, outcome).baseline}
    for family in sensitivity_to_choices(study).families:
        for effect in family.others:
            if (family.outcome, effect.key.analysis) == (
                outcome,
                "cox_sensitivity_baseline_missing",
            ):
                found[LEVEL if chosen == COMPLETE else COMPLETE] = effect
    imputed = imputed_effects(study)
    for pair in () if isinstance(imputed, Omitted) else imputed.pairs:
        if (pair.outcome, pair.imputed.key.analysis) == (outcome, "cox_imputed_baseline"):
            found[IMPUTED] = pair.imputed
    return found


def _side(effect: Effect, level: str) -> str:
    """Where an interval lies; empty where there is none."""
    low, high = effect.results.values(
        effect.contrast(level), "hazard_ratio_ci_low", "hazard_ratio_ci_high"
    )
    if math.isnan(low) or math.isnan(high):
        return ""
    return ABOVE if low > 1 else BELOW if high < 1 else AROUND
