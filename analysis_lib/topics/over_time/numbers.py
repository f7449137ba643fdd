"""Whether the exposure's hazard ratio is the same at all times, and what holds if not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan

import pandas as pd

from analysis_lib.estimates.effects import FittedEffect, coefficient_rows, penalised
from analysis_lib.estimates.few_events import no_ratio, rests_on_few
from analysis_lib.estimates.specification import complete_cases
from analysis_lib.format import format_number
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.cox_results import CoxFit
from analysis_lib.stats.cox_tests import PeriodHazards, period_hazards
from analysis_lib.stats.proportional_hazards import (
    ProportionalHazards,
    ResidualSmooth,
    proportional_hazards_test,
    smooth_residuals,
)
from analysis_lib.stats.restricted_mean import (
    RestrictedMean,
    RestrictedMeanDifference,
    restricted_mean,
    restricted_mean_difference,
)
from analysis_lib.study.endpoints import time_and_event
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import exposure_ladder

ANALYSIS = "restricted_mean"


@dataclass(frozen=True)
class RestrictedMeans:
    """Mean months free of the event up to each time, by group and as difference to the first."""

    outcome: str
    outcome_label: str
    event: str
    exposure: Grouping
    times: tuple[float, ...]
    results: Results

    def group_key(self, level: str, time: float) -> Key:
        """The key of one group up to one time."""
        return _mean_key(self.outcome, time).within(self.exposure, level)

    def contrast_key(self, level: str, time: float) -> Key:
        """The key of one group against the reference up to one time."""
        return _mean_key(self.outcome, time)._replace(contrast=self.exposure.against(level))


def _mean_key(outcome: str, time: float) -> Key:
    return Key(ANALYSIS, outcome, "infused", time_months=time)


@once
def restricted_means(study: Study, outcome: str) -> RestrictedMeans | Omitted:
    """`pfs` or `os`, crude, up to each of the times of the parameters.

    A time beyond the follow-up of a group has no estimate in it, unless its curve has come down
    to 0 before; the other groups and times keep theirs.
    """
    if reason := study.only_from_start("the mean time free of the event"):
        return Omitted(reason)
    times = tuple(study.parameters.rmst_months)
    rows = [row for time in times for row in _rows(study, outcome, time)]
    return RestrictedMeans(
        outcome,
        study.dictionary[outcome].label,
        study.event_phrase(outcome),
        study.groups,
        times,
        study_results(study, rows),
    )


def _rows(study: Study, outcome: str, time: float) -> list[Row]:
    groups, key = study.groups, _mean_key(outcome, time)
    found = {
        level: restricted_mean(
            *time_and_event(groups.members(study.patients, level), outcome),
            time,
            confidence_level=study.confidence_level,
        )
        for level in groups.levels
    }
    rows: list[Row] = []
    for level, one in found.items():
        here = context(key.within(groups, level), n=one.n)
        rows += here.patients({"events_to_date": one.events, "at_risk": one.at_risk})
        rows += _estimate_rows(here, ANALYSIS, one)
    reference = found[groups.reference]
    for level in groups.levels[1:]:
        difference = restricted_mean_difference(found[level], reference)
        here = context(key._replace(contrast=groups.against(level)), n=found[level].n + reference.n)
        rows += _estimate_rows(here, f"{ANALYSIS}_difference", difference)
        method = _method(difference, difference.std_error)
        rows.append(here.at("p_value", difference.p_value, method=method))
    return rows


def _estimate_rows(
    here: Row, name: str, one: RestrictedMean | RestrictedMeanDifference
) -> list[Row]:
    method = _method(one, one.std_error)
    uncertain = {"std_error": one.std_error, "ci_low": one.ci_low, "ci_high": one.ci_high}
    return [
        here.at(name, one.estimate, unit="months", method=_method(one, one.estimate)),
        *(
            here.at(f"{name}_{end}", value, unit="months", method=method)
            for end, value in uncertain.items()
        ),
    ]


def _method(one: RestrictedMean | RestrictedMeanDifference, value: float) -> str:
    """How the value was estimated, or why it was not: a mean can be known without its error."""
    return f"not estimable: {one.reason}" if isnan(value) else one.method


BEFORE, AFTER, CHANGE = "cox_before_cut", "cox_after_cut", "cox_change_at_cut"
CHANGE_METHOD = "ratio of the hazard ratios of the two periods, Wald interval and test"


@dataclass(frozen=True)
class HazardPeriods:
    """Crude hazard ratios up to the cut and after it, and the test that they are the same.

    `key` is what the keys of the change have in common.
    """

    outcome: str
    outcome_label: str
    exposure: Grouping
    cut: float
    fitted: PeriodHazards
    key: Key
    results: Results

    def contrast(self, analysis: str, level: str) -> Key:
        """The key of one group against the reference: in a period, or of its change."""
        return self.key._replace(analysis=analysis).compared(self.exposure, level)


@once
def hazard_periods(study: Study, outcome: str) -> HazardPeriods | Omitted:
    """`pfs` or `os` in all infused, cut at the time of the parameters."""
    if reason := study.only_from_start("the hazard ratio before and after a cut"):
        return Omitted(reason)
    groups, cut = study.groups, study.parameters.hazard_cut_months
    patients = groups.among(study.patients)
    time, event = time_and_event(patients, outcome)
    if not (time > cut).any():
        return Omitted(
            f"Nobody is followed for longer than {format_number(cut)} months; hazard ratios "
            "before and after it are left out."
        )
    covariates = pd.DataFrame({groups.variable: groups.of(patients)})
    fitted = period_hazards(time, event, covariates, cut, confidence_level=study.confidence_level)
    key = Key(CHANGE, outcome, "infused", groups.variable, time_months=cut)
    later, name = time > cut, groups.variable
    before = penalised(fitted.before, time.clip(upper=cut), event & ~later, covariates, name)
    after = penalised(fitted.after, time[later], event[later], covariates[later], name)
    rows = [
        *_fit_rows(key._replace(analysis=BEFORE, variable=""), before),
        *_fit_rows(key._replace(analysis=AFTER, variable=""), after),
        *_change_rows(key, groups, fitted),
    ]
    label = study.dictionary[outcome].label
    return HazardPeriods(outcome, label, groups, cut, fitted, key, study_results(study, rows))


def _fit_rows(key: Key, fit: CoxFit) -> list[Row]:
    here = context(key, n=fit.n)
    return [*here.patients({"n": fit.n, "events": fit.events}), *coefficient_rows(key, fit)]


def _on_few(fit: CoxFit, groups: Grouping, level: str) -> bool:
    return rests_on_few(fit, fit.coefficient(groups.variable, level))


def _change_rows(key: Key, groups: Grouping, fitted: PeriodHazards) -> list[Row]:
    rows, n = [], fitted.whole.n
    for level in groups.levels[1:]:
        term = fitted.change(groups.variable, level)
        if term.estimable and any(_on_few(x, groups, level) for x in (fitted.before, fitted.after)):
            term = no_ratio(term)
        here = context(key.compared(groups, level), n=n)
        method = CHANGE_METHOD if term.estimable else f"not estimable: {term.reason}"
        ends = (term.hazard_ratio, term.ci_low, term.ci_high)
        rows += here.interval("hazard_ratio_change", *ends, method=method)
        rows.append(here.at("p_value", term.p_value, method=method))
    test = fitted.interaction
    here = context(key, n=n)
    return [*rows, here.at("lr_p_value", test.p_value, method="Likelihood ratio test")]


CRUDE = "proportional_hazards_crude"


@dataclass(frozen=True)
class HazardCheck:
    """One model's score test of the exposure, and its residuals with their smooth if any."""

    label: str
    effect: FittedEffect
    tested: ProportionalHazards
    smooth: ResidualSmooth | None
    key: Key
    results: Results

    @property
    def p_value(self) -> float:
        return self.results.value(self.key)


@dataclass(frozen=True)
class Proportionality:
    """The checks of one endpoint; `results` hold the crude one, the primary model has its own."""

    outcome: str
    outcome_label: str
    exposure: Grouping
    checks: tuple[HazardCheck, ...]
    results: Results
    time_zero: str


@once
def proportionality(study: Study, outcome: str) -> Proportionality:
    """The score test of the exposure alone and beside the baseline covariates.

    Grambsch & Therneau (1994), Biometrika 81:515.
    """
    ladder = exposure_ladder(study, outcome)
    cases = complete_cases(study, ladder.crude.specification)
    tested = proportional_hazards_test(
        *cases.followed, cases.covariates, from_start=cases.entry is None
    )
    name = ladder.exposure.variable
    here = context(Key(CRUDE, outcome, "infused", name), n=ladder.crude.fit.n)
    row = here.at("ph_p_value", tested.terms[0].p_value, method=tested.method)
    results = study_results(study, (row,))
    adjusted = ladder.baseline
    of_model = adjusted.key._replace(variable=name, statistic="ph_p_value")
    return Proportionality(
        ladder.outcome,
        ladder.outcome_label,
        ladder.exposure,
        (
            _check(study, ladder.crude, tested, row.key, results),
            _check(study, adjusted, adjusted.proportional_hazards, of_model, adjusted.results),
        ),
        results,
        study.time_zero_phrase,
    )


def _check(
    study: Study, effect: FittedEffect, tested: ProportionalHazards, key: Key, results: Results
) -> HazardCheck:
    smooth = smooth_residuals(
        tested.residuals, effect.exposure.variable, confidence_level=study.confidence_level
    )
    return HazardCheck(effect.label, effect, tested, smooth, key, results)


def parts(study: Study) -> Iterator[OfStudy]:
    """Means, periods and the test of proportional hazards of every endpoint."""
    for outcome in study.parameters.endpoints:
        yield restricted_means(study, outcome)
        yield hazard_periods(study, outcome)
        yield proportionality(study, outcome)
