"""What the adjusted comparison can carry: checks that every conclusion has to pass."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis_lib.dictionary import AT_ZERO, BRIDGING, INFUSED
from analysis_lib.estimates.effects import FittedEffect
from analysis_lib.format import at_row
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.study.choices import never_treated
from analysis_lib.study.groups import Population
from analysis_lib.study.study import Study
from analysis_lib.topics.baseline.numbers import Baseline, baseline_by_exposure
from analysis_lib.topics.effect.numbers import Ladder, exposure_ladder
from analysis_lib.topics.gate.primary_model import (
    UnderRules,
    ratios_under_rules,
    shrinkage,
    size_rows,
)
from analysis_lib.topics.gate.rules import (
    BALANCE,
    CLUSTERS,
    COMPLETENESS,
    DIFFERENTIAL,
    EVENTS,
    FAIL,
    HAZARDS,
    KNOWN,
    MISSING,
    MISSING_RULE,
    PASS,
    POSITIVITY,
    RECORDED,
    SELECTION,
    UNHELD,
    UNKNOWN,
    VERDICTS,
    Rule,
)
from analysis_lib.topics.survival.numbers import followup
from analysis_lib.topics.weighting.numbers import (
    IPTW,
    OVERLAP,
    Propensity,
    determines,
    exposure_propensity,
    weigh_groups,
)
from analysis_lib.topics.weighting.positivity import fixed_covariates


@dataclass(frozen=True)
class Check:
    """A rule with the worst value found, the key of the number that gave it, and the verdict."""

    rule: Rule
    value: float
    worst: Key | None
    verdict: str


@dataclass(frozen=True)
class Gate:
    """All checks; `lacking` says why a check has no value.

    `baseline` is Table 1 and `ratios` the primary ratios under each rule for missing values, of
    which sentences say more than a check's worst value.
    """

    checks: tuple[Check, ...]
    lacking: str
    baseline: Baseline
    ratios: tuple[UnderRules, ...]
    results: Results

    def of(self, verdict: str) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.verdict == verdict)


@once
def gate(study: Study) -> Gate:
    """Balance, events, hazards, missing values, positivity, follow-up and number of centres."""
    ladders = [exposure_ladder(study, outcome) for outcome in study.parameters.endpoints]
    propensity, weighting = exposure_propensity(study), weigh_groups(study)
    adjusted = [row for ladder in ladders for row in ladder.baseline.results]
    names = {ladder.baseline.key.analysis for ladder in ladders}
    of_model = [row for row in adjusted if row.key.analysis in names]
    balanced = [] if isinstance(weighting, Omitted) else list(weighting.results)
    extremes = [] if isinstance(propensity, Omitted) else [_extreme(propensity)]
    extremes += [Row(Key("positivity", "", "infused", x), 1.0) for x in fixed_covariates(study)]
    complete = [x for x in _of(followup(study).results, "completeness") if _of_group(x)]
    exposure = study.groups.variable
    baseline, ratios = baseline_by_exposure(study), tuple(ratios_under_rules(study))
    weighted = [x for x in _of(balanced, "standardized_difference") if _is_weighted(x)]
    checks = (
        *_of_confounding(study, _check(BALANCE, weighted), *_unheld(study, baseline)),
        _check(EVENTS, [shrinkage(ladder) for ladder in ladders]),
        _check(HAZARDS, [x for x in _of(of_model, "ph_p_value") if x.key.variable == exposure]),
        _check(MISSING, [_left_out(ladder) for ladder in ladders]),
        *_recorded(study),
        *_known(study),
        _check(MISSING_RULE, [Row(x.key, x.otherwise) for x in ratios]),
        *_of_confounding(study, _check(POSITIVITY, extremes)),
        *_selection(study),
        _check(COMPLETENESS, complete),
        _check(DIFFERENTIAL, list(_spread(complete))),
        *_clusters(ladders),
    )
    shown = [_released(study, x, ladders[0].baseline) for x in checks]
    sizes = [row for ladder in ladders for row in size_rows(study, ladder)]
    results = study_results(study, [*_rows(shown), *sizes])
    lacking = propensity.reason if isinstance(propensity, Omitted) else ""
    judged = tuple(replace(x, value=_worst(x, results)) for x in shown)
    return Gate(judged, lacking, baseline, ratios, results)


def _worst(check: Check, results: Results) -> float:
    return results.value(Key(check.rule.name, population="infused", statistic="worst"))


def _of(rows: Results | Sequence[Row], statistic: str) -> list[Row]:
    return [row for row in rows if row.key.statistic == statistic]


def _of_group(row: Row) -> bool:
    return bool(Population.parse(row.key.population).variable)


def _is_weighted(row: Row) -> bool:
    return row.key.analysis in (f"weighting_{IPTW}", f"weighting_{OVERLAP}")


def _unheld(study: Study, baseline: Baseline) -> Iterator[Check]:
    """Table 1's differences in what the primary model holds in no form.

    Bridging, which follows the decision on the course of the disease, is no term of it by design,
    and what the exposure itself fixes is no covariate of it.
    """
    dictionary, exposure = study.dictionary, study.groups.variable
    held = {dictionary.characteristic(term) for term in study.parameters.baseline_terms}
    lacking = {
        variable.name
        for variable in baseline.variables
        if dictionary.characteristic(variable.name) not in held
        and variable.known != BRIDGING
        and not determines(study.patients, exposure, variable.name)
    }
    differences = _of(baseline.results, "standardized_difference")
    if lacking:
        yield _check(UNHELD, [x for x in differences if x.key.variable in lacking])


def _of_confounding(study: Study, *checks: Check) -> tuple[Check, ...]:
    """Asked where anything but chance decided who is in which group."""
    return () if study.is_randomised else checks


def _known(study: Study) -> Iterator[Check]:
    """The share of the exposure and the terms of which nobody says when they are known."""
    names = (study.groups.variable, *study.parameters.baseline_terms)
    unstated = [name for name in names if not study.dictionary[name].known]
    if unstated:
        row = Row(Key(KNOWN.name, population="infused"), len(unstated) / len(names))
        yield _check(KNOWN, [row])


def _clusters(ladders: Sequence[Ladder]) -> Iterator[Check]:
    """The centres of each model whose errors by centre are shown."""
    shown = [x for x in ladders if not isinstance(x.errors, Omitted)]
    if shown:
        yield _check(CLUSTERS, [x.results.row(x.baseline.key, "clusters") for x in shown])


def _left_out(ladder: Ladder) -> Row:
    key = ladder.baseline.key._replace(statistic="excluded")
    considered = ladder.baseline.considered
    return Row(key, (considered - ladder.baseline.fit.n) / max(considered, 1))


def _recorded(study: Study) -> Iterator[Check]:
    """The share of the covariates chosen for the primary model that nobody has on record."""
    terms = study.parameters.baseline_terms
    lacking = [name for name in terms if study.patients[name].isna().all()]
    if lacking:
        row = Row(Key(RECORDED.name, population="infused"), len(lacking) / len(terms))
        yield _check(RECORDED, [row])


def _selection(study: Study) -> Iterator[Check]:
    """The difference in the share who never reached the treatment, where somebody counted them."""
    known = study.dictionary[study.groups.variable].known
    if study.is_randomised or known in (AT_ZERO, INFUSED):
        return
    lost = never_treated(study.parameters, study.groups)
    if not lost:
        yield Check(SELECTION, math.nan, None, UNKNOWN)
        return
    here = {x: len(study.groups.members(study.patients, x)) for x in study.groups.levels}
    shares = [lost[x] / (lost[x] + here[x]) for x in study.groups.levels]
    row = Row(Key(SELECTION.name, population="infused"), max(shares) - min(shares))
    yield _check(SELECTION, [row])


def _extreme(propensity: Propensity) -> Row:
    """Patients with an extreme propensity of any group, out of those with a propensity."""
    row = _of(propensity.results, "extreme")[0]
    return Row(row.key._replace(level=""), propensity.extreme().mean())


def _spread(complete: Sequence[Row]) -> Iterator[Row]:
    """The difference between the groups, under the key of everyone."""
    values = [row.value for row in complete]
    if values:
        yield Row(complete[0].key._replace(population="infused"), max(values) - min(values))


def _check(rule: Rule, rows: Sequence[Row]) -> Check:
    """The worst of the numbers; a withheld one may be worse, so that with it nothing is passed."""
    known = [row for row in rows if math.isfinite(row.value)]
    if not known:
        return Check(rule, math.nan, None, UNKNOWN)
    worst = (min if rule.higher_is_better else max)(known, key=lambda row: row.value)
    verdict = rule.verdict(worst.value)
    if verdict != FAIL and any(row.suppressed for row in rows):
        return Check(rule, math.nan, None, UNKNOWN)
    return Check(rule, worst.value, worst.key, verdict)


def _released(study: Study, check: Check, model: FittedEffect) -> Check:
    """A count's number is withheld, and its verdict where that would bound few patients.

    The number is that of the gate's own row, also where it is none of another analysis.
    """
    least, counts = study.parameters.small_cell, (EVENTS, MISSING, POSITIVITY, SELECTION)
    own = Key(check.rule.name, population="infused", statistic="worst")
    shown = replace(check, value=at_row(check.value, own))
    if not least or check.rule not in counts or math.isnan(check.value):
        return shown
    low, high = check.rule.bounds(check.verdict, model.considered)
    if check.rule is EVENTS:  # to fail takes fewer than 7 patients a parameter
        low, high = 0, 7 * model.fit.degrees_of_freedom if check.verdict == FAIL else math.inf
    if check.value and low < least and high - low <= least:
        return Check(check.rule, math.nan, None, UNKNOWN)
    return replace(check, value=withheld_count(study, shown.value))


def _rows(checks: Sequence[Check]) -> Iterator[Row]:
    everything = context(Key("gate", population="infused"))
    yield everything.at("checks_asked", len(checks))
    yield everything.at("checks_passed", sum(check.verdict == PASS for check in checks))
    for check in checks:
        rule = check.rule
        here = context(Key(rule.name, population="infused"))
        yield here.at("worst", check.value, unit=rule.unit, method=rule.label)
        yield here.at("passes_at", rule.passes, unit=rule.unit)
        yield here.at("fails_beyond", rule.fails, unit=rule.unit)
        yield here.at("verdict", VERDICTS.index(check.verdict), method=check.verdict)


def parts(study: Study) -> Iterator[OfStudy]:
    """The checks."""
    yield gate(study)
