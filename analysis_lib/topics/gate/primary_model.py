"""What the gate asks of the primary model: its size, and whether the missing rule decides."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis_lib.estimates.effects import Effect
from analysis_lib.estimates.specification import complete_cases
from analysis_lib.results.disclosure.rules import withheld
from analysis_lib.results.rows import Key, Omitted, Row, context
from analysis_lib.stats.model_size import expected_shrinkage, required_size, risk_margin
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import Ladder, exposure_ladder, sensitivity_to_choices
from analysis_lib.topics.gate.rules import EVENTS
from analysis_lib.topics.missing.imputed import imputed_effects

METHOD = "criteria of Riley et al. (2019), R-squared 15% of its maximum"


def shrinkage(ladder: Ladder) -> Row:
    """What the primary model's patients, events and parameters let expect of its coefficients."""
    fit = ladder.baseline.fit
    key = ladder.baseline.key._replace(statistic="expected_shrinkage")
    if not (fit.degrees_of_freedom and fit.events):
        return Row(key, math.nan)
    return Row(key, expected_shrinkage(fit.n, fit.degrees_of_freedom, fit.events / fit.n))


def size_key(outcome: str) -> Key:
    """The key of what an endpoint's primary model asks for."""
    return Key(EVENTS.name, outcome, "infused")


def size_rows(study: Study, ladder: Ladder) -> Iterator[Row]:
    """Events per parameter, the size asked for, and how well everyone's risk is known.

    Each tells the events, and is withheld with them.
    """
    rows = _sizes(study, ladder)
    events = ladder.baseline.results.row(ladder.baseline.key, "events")
    return map(withheld, rows) if events.suppressed else rows


def _sizes(study: Study, ladder: Ladder) -> Iterator[Row]:
    fit, last = ladder.baseline.fit, max(study.parameters.landmarks)
    parameters = fit.degrees_of_freedom
    if not (parameters and fit.events):
        return
    here = context(size_key(ladder.outcome), n=fit.n)
    needed = required_size(parameters, fit.events / fit.n).patients
    time, _ = complete_cases(study, ladder.baseline.specification).followed
    yield here.at("events_per_parameter", fit.events / parameters)
    yield here.at("patients_needed", needed, unit="patients", method=METHOD)
    yield here.at("events_needed", math.ceil(needed * fit.events / fit.n), method=METHOD)
    margin = risk_margin(fit.events, float(time.sum()), last)
    yield here.at("risk_margin", margin, unit="proportion", method=METHOD)


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
