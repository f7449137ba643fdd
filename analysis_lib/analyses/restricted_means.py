"""Restricted mean survival time by exposure, for when hazards are not proportional."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isnan

from analysis_lib.analyses.results import Key, Results, Row, context, population, study_results
from analysis_lib.cohort import Grouping, Study
from analysis_lib.stats import (
    RestrictedMean,
    RestrictedMeanDifference,
    restricted_mean,
    restricted_mean_difference,
)

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
