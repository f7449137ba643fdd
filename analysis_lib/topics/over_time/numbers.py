"""Whether the exposure's hazard ratio is the same at all times, and what holds if not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isnan

import pandas as pd

from analysis_lib.estimates.effects import Effect
from analysis_lib.estimates.models import coefficient_rows, design
from analysis_lib.format import format_number
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.once import once
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context, population
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
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import Ladder, exposure_ladder

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
        where = population("infused", self.exposure, level)
        return Key(ANALYSIS, self.outcome, where, time_months=time)

    def contrast_key(self, level: str, time: float) -> Key:
        """The key of one group against the reference up to one time."""
        contrast = f"{level}_vs_{self.exposure.reference}"
        return Key(ANALYSIS, self.outcome, "infused", contrast=contrast, time_months=time)


@once
def restricted_means(study: Study, outcome: str) -> RestrictedMeans:
    """`pfs` or `os`, crude, up to each of the times of the parameters.

    A time beyond the follow-up of a group has no estimate in it, unless its curve has come down
    to 0 before; the other groups and times keep theirs.
    """
    means = RestrictedMeans(
        outcome,
        study.dictionary[outcome].label,
        study.event_phrase(outcome),
        study.groups,
        tuple(float(time) for time in study.parameters.rmst_months),
        study_results(study, ()),
    )
    rows = [row for time in means.times for row in _rows(study, means, time)]
    return replace(means, results=study_results(study, rows))


def _rows(study: Study, means: RestrictedMeans, time: float) -> list[Row]:
    exposure = means.exposure
    found = {level: _estimate(study, means, level, time) for level in exposure.levels}
    rows: list[Row] = []
    for level, one in found.items():
        rows += _mean_rows(context(means.group_key(level, time), n=one.n), one)
    reference = found[exposure.reference]
    for level in exposure.levels[1:]:
        difference = restricted_mean_difference(found[level], reference)
        n = found[level].n + reference.n
        rows += _difference_rows(context(means.contrast_key(level, time), n=n), difference)
    return rows


def _estimate(study: Study, means: RestrictedMeans, level: str, time: float) -> RestrictedMean:
    members = means.exposure.members(study.patients, level)
    return restricted_mean(
        members[f"{means.outcome}_months"],
        members[f"{means.outcome}_event"],
        time,
        confidence_level=study.parameters.confidence_level,
    )


def _mean_rows(here: Row, one: RestrictedMean) -> list[Row]:
    method = _method(one, one.std_error)
    known = _method(one, one.estimate)
    return [
        here.at("events_to_date", one.events, unit="patients"),
        here.at("at_risk", one.at_risk, unit="patients"),
        here.at("restricted_mean", one.estimate, unit="months", method=known),
        here.at("restricted_mean_std_error", one.std_error, unit="months", method=method),
        here.at("restricted_mean_ci_low", one.ci_low, unit="months", method=method),
        here.at("restricted_mean_ci_high", one.ci_high, unit="months", method=method),
    ]


def _difference_rows(here: Row, one: RestrictedMeanDifference) -> list[Row]:
    method = _method(one, one.std_error)
    name = "restricted_mean_difference"
    return [
        here.at(name, one.estimate, unit="months", method=_method(one, one.estimate)),
        here.at(f"{name}_std_error", one.std_error, unit="months", method=method),
        here.at(f"{name}_ci_low", one.ci_low, unit="months", method=method),
        here.at(f"{name}_ci_high", one.ci_high, unit="months", method=method),
        here.at("p_value", one.p_value, method=method),
    ]


def _method(one: RestrictedMean | RestrictedMeanDifference, value: float) -> str:
    """How the value was estimated, or why it was not: a mean can be known without its error."""
    return f"not estimable: {one.reason}" if isnan(value) else one.method


BEFORE, AFTER, CHANGE = "cox_before_cut", "cox_after_cut", "cox_change_at_cut"
CHANGE_METHOD = "ratio of the hazard ratios of the two periods, Wald interval and test"


@dataclass(frozen=True)
class HazardPeriods:
    """Crude hazard ratios up to the cut and after it, and the test that they are the same."""

    outcome: str
    outcome_label: str
    exposure: Grouping
    cut: float
    fitted: PeriodHazards
    results: Results

    @property
    def key(self) -> Key:
        """What the keys of the change have in common."""
        return Key(CHANGE, self.outcome, "infused", self.exposure.variable, time_months=self.cut)

    def contrast(self, analysis: str, level: str) -> Key:
        """The key of one group against the reference: in a period, or of its change."""
        contrast = f"{level}_vs_{self.exposure.reference}"
        return self.key._replace(analysis=analysis, level=level, contrast=contrast)


@once
def hazard_periods(study: Study, outcome: str) -> HazardPeriods | Omitted:
    """`pfs` or `os` in all infused, cut at the time of the parameters."""
    groups, cut = study.groups, float(study.parameters.hazard_cut_months)
    patients = groups.among(study.patients)
    time, event = patients[f"{outcome}_months"], patients[f"{outcome}_event"]
    if not (time > cut).any():
        return Omitted(
            f"Nobody is followed for longer than {format_number(cut)} months; hazard ratios "
            "before and after it are left out."
        )
    covariates = pd.DataFrame(
        {groups.variable: patients[groups.variable].cat.set_categories(groups.levels)}
    )
    fitted = period_hazards(
        time, event, covariates, cut, confidence_level=study.parameters.confidence_level
    )
    label = study.dictionary[outcome].label
    found = HazardPeriods(outcome, label, groups, cut, fitted, study_results(study, ()))
    rows = [
        *_fit_rows(found, BEFORE, fitted.before),
        *_fit_rows(found, AFTER, fitted.after),
        *_change_rows(found),
    ]
    return replace(found, results=study_results(study, rows))


def _fit_rows(found: HazardPeriods, analysis: str, fit: CoxFit) -> list[Row]:
    key = found.key._replace(analysis=analysis, variable="")
    here = context(key, n=fit.n)
    return [
        here.at("n", fit.n, unit="patients"),
        here.at("events", fit.events, unit="patients"),
        *coefficient_rows(key, fit),
    ]


def _change_rows(found: HazardPeriods) -> list[Row]:
    fitted, rows = found.fitted, []
    for level in found.exposure.levels[1:]:
        term = fitted.change(found.exposure.variable, level)
        here = context(found.contrast(CHANGE, level), n=fitted.whole.n)
        method = CHANGE_METHOD if term.estimable else f"not estimable: {term.reason}"
        rows += [
            here.at("hazard_ratio_change", term.hazard_ratio, method=method),
            here.at("hazard_ratio_change_ci_low", term.ci_low, method=method),
            here.at("hazard_ratio_change_ci_high", term.ci_high, method=method),
            here.at("p_value", term.p_value, method=method),
        ]
    test = fitted.interaction
    here = context(found.key, n=fitted.whole.n)
    return [*rows, here.at("lr_p_value", test.p_value, method="Likelihood ratio test")]


CRUDE = "proportional_hazards_crude"


@dataclass(frozen=True)
class HazardCheck:
    """One model's score test of the exposure, and its residuals with their smooth if any."""

    label: str
    effect: Effect
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
    crude = _crude(study, ladder)
    key = ladder.baseline.key._replace(variable=ladder.exposure.variable, statistic="ph_p_value")
    adjusted = HazardCheck(
        ladder.baseline.specification.label,
        ladder.baseline,
        ladder.model.proportional_hazards,
        _smooth(ladder.model.proportional_hazards, ladder.exposure, study),
        key,
        ladder.model.results,
    )
    return Proportionality(
        ladder.outcome,
        ladder.outcome_label,
        ladder.exposure,
        (crude, adjusted),
        crude.results,
        study.time_zero_phrase,
    )


def _crude(study: Study, ladder: Ladder) -> HazardCheck:
    effect, outcome = ladder.crude, ladder.outcome
    covariates, _ = design(study.patients, effect.specification, study)
    used = study.patients.loc[covariates.index]
    tested = proportional_hazards_test(
        used[f"{outcome}_months"], used[f"{outcome}_event"], covariates
    )
    here = context(Key(CRUDE, outcome, "infused", ladder.exposure.variable), n=effect.fit.n)
    row = here.at("ph_p_value", tested.terms[0].p_value, method=tested.method)
    return HazardCheck(
        effect.specification.label,
        effect,
        tested,
        _smooth(tested, ladder.exposure, study),
        row.key,
        study_results(study, (row,)),
    )


def _smooth(tested: ProportionalHazards, exposure: Grouping, study: Study) -> ResidualSmooth | None:
    return smooth_residuals(
        tested.residuals,
        exposure.variable,
        confidence_level=study.parameters.confidence_level,
    )


def parts(study: Study) -> Iterator[OfStudy]:
    """Means, periods and the test of proportional hazards of every endpoint."""
    for outcome in study.parameters.endpoints:
        yield restricted_means(study, outcome)
        yield hazard_periods(study, outcome)
        yield proportionality(study, outcome)
