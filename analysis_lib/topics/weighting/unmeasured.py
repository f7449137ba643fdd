"""What could explain the hazard ratio away: unmeasured confounding, or one centre."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis_lib.estimates.effects import CENTRE, FittedEffect
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.cox_robust import LeftOut
from analysis_lib.stats.e_value import e_value
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import Ladder, exposure_ladder
from analysis_lib.topics.weighting.numbers import exposure_propensity, weigh_groups
from analysis_lib.topics.weighting.positivity import check_positivity
from analysis_lib.topics.weighting.survival import WeightedSurvival, weighted_survival


@dataclass(frozen=True)
class EValueLine:
    """One hazard ratio: under which model, at which key, from which results."""

    outcome: str
    outcome_label: str
    model: str
    level: str
    key: Key
    source: Results


@dataclass(frozen=True)
class EValues:
    """E-values of the ladder and of the weighted hazard ratios, in order."""

    exposure: Grouping
    lines: tuple[EValueLine, ...]
    results: Results


@once
def e_values(study: Study) -> EValues | Omitted:
    """E-value of every hazard ratio of the exposure, and of the limit of its interval.

    Left out where the groups were assigned at random: nothing confounds their comparison.
    """
    if study.is_randomised:
        return Omitted(
            "The groups were assigned at random, so that nothing confounds their comparison; "
            "E-values are left out."
        )
    lines: list[EValueLine] = []
    rows: list[Row] = []
    for outcome in study.parameters.endpoints:
        ladder = exposure_ladder(study, outcome)
        for rung in ladder.rungs:
            counts = rung.fit.factors[rung.exposure.variable].counts
            for level in rung.exposure.levels[1:]:
                pair = [counts[x] for x in (level, rung.exposure.reference)]
                share = sum(e for _, e in pair) / max(sum(n for n, _ in pair), 1)
                label = rung.label
                one = _line(ladder, label, level, rung.contrast(level), rung.results)
                lines.append(one)
                rows += _rows(one, share)
        for found in _weighted_lines(ladder, weighted_survival(study, outcome)):
            lines.append(found[0])
            rows += _rows(*found)
    return EValues(study.groups, tuple(lines), study_results(study, rows))


def _line(ladder: Ladder, label: str, level: str, key: Key, source: Results) -> EValueLine:
    return EValueLine(ladder.outcome, ladder.outcome_label, label, level, key, source)


def _weighted_lines(
    ladder: Ladder, survival: WeightedSurvival | Omitted
) -> Iterator[tuple[EValueLine, float]]:
    if isinstance(survival, Omitted):
        return
    for effect in survival.effects[1:]:
        curves = {curve.level: curve.estimate for curve in effect.curves.curves}
        for level in survival.exposure.levels[1:]:
            pair = [curves[x] for x in (level, survival.exposure.reference)]
            share = sum(x.n_events for x in pair) / sum(x.n for x in pair)
            label = f"{effect.scheme.label} weights"
            yield _line(ladder, label, level, effect.contrast(level), effect.results), share


def _rows(line: EValueLine, share: float) -> Iterator[Row]:
    names = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
    ratio, low, high = (line.source.value(line.key._replace(statistic=x)) for x in names)
    found = e_value(ratio, low, high, event_share=share)
    here = context(line.key)
    yield here.at("e_value", found.estimate, method=found.method)
    yield here.at("e_value_limit", found.limit, method=found.method)


ANALYSIS = "leave_one_centre_out"
METHOD = "Cox model of the primary adjusted terms without one centre, Efron ties, Wald interval"


@dataclass(frozen=True)
class LeaveOneOut:
    """The primary adjusted model of one endpoint without each centre in turn.

    `without` holds the groups that have an estimate without at least one centre.
    """

    outcome: str
    outcome_label: str
    effect: FittedEffect
    without: dict[str, tuple[LeftOut, ...]]
    results: Results


@once
def leave_one_centre_out(study: Study, outcome: str) -> LeaveOneOut | Omitted:
    """The adjusted hazard ratio of every group without one centre at a time."""
    if study.parameters.small_cell:
        return Omitted(
            "Each centre is left out in turn, so that the difference is its patients; with small "
            "counts suppressed this is not shown."
        )
    ladder = exposure_ladder(study, outcome)
    effect = ladder.baseline
    exposure = effect.exposure
    if isinstance(ladder.errors, Omitted):
        return Omitted(
            ladder.errors.reason.replace("errors by centre are", "leaving one centre out is")
        )
    fitted = ladder.errors.left_out
    without = {level: fitted[exposure.variable, level] for level in exposure.levels[1:]}
    without = {level: x for level, x in without.items() if _any_estimate(x)}
    if not without:
        return Omitted(
            f"{ladder.outcome_label}: without one centre at a time no adjusted hazard ratio has an "
            "estimate; leaving one centre out is left out."
        )
    rows = [row for level in without for row in _centre_rows(effect, level, without[level])]
    return LeaveOneOut(
        ladder.outcome, ladder.outcome_label, effect, without, study_results(study, rows)
    )


def _any_estimate(found: tuple[LeftOut, ...]) -> bool:
    return any(np.isfinite(x.hazard_ratio) for x in found)


def _centre_rows(effect: FittedEffect, level: str, found: tuple[LeftOut, ...]) -> Iterator[Row]:
    whole = Key(ANALYSIS, effect.key.outcome, "infused").compared(effect.exposure, level)
    for one in found:
        here = context(whole._replace(variable=CENTRE, level=one.label), n=one.n)
        yield here.at("events", one.events, unit="patients")
        yield from here.interval("hazard_ratio", one.hazard_ratio, *one.interval, method=METHOD)
    ratios = np.array([x.hazard_ratio for x in found])
    known = ratios[np.isfinite(ratios)]
    here = context(whole, n=effect.fit.n)
    yield here.at("minimum", float(known.min()), method=METHOD)
    yield here.at("maximum", float(known.max()), method=METHOD)


def parts(study: Study) -> Iterator[OfStudy]:
    """The propensity, the weighted groups, positivity, and what could explain a ratio away."""
    yield exposure_propensity(study)
    yield weigh_groups(study)
    yield check_positivity(study)
    yield e_values(study)
    for outcome in study.parameters.endpoints:
        yield weighted_survival(study, outcome)
        yield leave_one_centre_out(study, outcome)
