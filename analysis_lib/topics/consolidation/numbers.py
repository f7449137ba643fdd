"""Consolidation: fixed, time-varying and landmark estimates, and Simon-Makuch curves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.curves import (
    Curve,
    SurvivalComparison,
    compare_curves,
    risk_rows,
    round_times_of,
    survival_rows,
)
from analysis_lib.parameters.parse import DAYS_PER_MONTH
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context, population
from analysis_lib.results.store import once
from analysis_lib.stats.follow_up import Intervals, split_follow_up
from analysis_lib.stats.inputs import BoolArray
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier_intervals
from analysis_lib.study.endpoints import time_and_event
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.cloned import strategy_results
from analysis_lib.topics.consolidation.estimates import Contrast, contrast_models, estimate_rows
from analysis_lib.topics.consolidation.follow_up import (
    ANY,
    KIND,
    NO,
    NONE,
    POPULATION,
    YES,
    Estimator,
    FollowUp,
    consolidation_follow_up,
    estimators,
    responders_at_landmarks,
)
from analysis_lib.topics.consolidation.receipt import receipt_results

BY_ANY, BY_KIND = "simon_makuch_any", "simon_makuch_kind"
BEFORE = "Not consolidated yet"


def simon_makuch(study: Study, follow_up: FollowUp, outcome: str) -> tuple[SurvivalComparison, ...]:
    """Curves of any consolidation and of its kinds, from the first landmark on.

    Before it almost nobody is consolidated, and one event among few would decide the curve. They
    are of those in remission there, as Simon & Makuch (1984), Stat Med 3:35, begin at a landmark.
    """
    first = min(study.parameters.consolidation_landmarks) / DAYS_PER_MONTH
    groupings = {BY_ANY: _states(ANY, study, (NO, YES), ("Consolidated",))}
    if follow_up.kinds and len(follow_up.held) > 1:  # of one kind, any is that kind
        variable = study.dictionary[KIND]
        names = tuple(f"After {lower_first(variable.level_label(x))}" for x in follow_up.kinds)
        groupings[BY_KIND] = _states(KIND, study, (NONE, *follow_up.kinds), names)
    compared = (
        _compare(study, follow_up, outcome, analysis, states, first)
        for analysis, states in groupings.items()
    )
    return tuple(comparison for comparison in compared if comparison is not None)


def _states(
    variable: str, study: Study, levels: tuple[str, ...], reached: tuple[str, ...]
) -> Grouping:
    labels = (BEFORE, *reached)
    phrases = tuple(lower_first(label) for label in labels)
    return Grouping(variable, study.dictionary[variable].label, levels, labels, phrases)


def _compare(
    study: Study, follow_up: FollowUp, outcome: str, analysis: str, states: Grouping, first: float
) -> SurvivalComparison | None:
    """None where fewer than two states are ever reached."""
    patients = follow_up.patients[follow_up.patients["pfs_months"] > first]
    if patients.empty:
        return None
    curves = _curves(patients, outcome, states, first, study.confidence_level)
    if len(curves) < 2:
        return None
    times = _risk_times(curves, first)
    return compare_curves(
        study,
        analysis,
        outcome,
        _among(states, [curve.level for curve in curves]),
        curves,
        [row for curve in curves for row in _rows(study, analysis, outcome, curve, times)],
        risk_times=times,
    )


def _curves(
    patients: pd.DataFrame, outcome: str, states: Grouping, first: float, level: float
) -> tuple[Curve, ...]:
    time, event = time_and_event(patients, outcome)
    entry = patients["entry_months"].clip(lower=first)
    pieces = split_follow_up(time, event, patients["begin_months"], entry=entry)
    own = patients[states.variable].astype(object).to_numpy()[pieces.patient]
    reached = np.where(pieces.treated, own, states.reference)
    curves = []
    for name, label in zip(states.levels, states.labels, strict=True):
        rows = reached == name
        if rows.any():
            where = population(POPULATION, states, name)
            curves.append(Curve(name, label, where, _estimate(pieces, rows, level)))
    return tuple(curves)


def _estimate(pieces: Intervals, rows: BoolArray, level: float) -> KaplanMeier:
    goes_on = ~pieces.treated & np.isin(pieces.patient, pieces.patient[pieces.treated])
    return kaplan_meier_intervals(
        pieces.start[rows],
        pieces.stop[rows],
        pieces.event[rows],
        moves=goes_on[rows],
        confidence_level=level,
    )


def _risk_times(curves: tuple[Curve, ...], first: float) -> tuple[float, ...]:
    """The landmark and the round times that keep clear of it."""
    times = round_times_of(curves)
    step = times[1] - times[0] if len(times) > 1 else 0.0
    return (first, *(x for x in times if x >= first + step / 2 and x > first))


def _among(states: Grouping, held: list[str]) -> Grouping:
    kept = [i for i, name in enumerate(states.levels) if name in held]
    levels, labels, phrases = (
        tuple(names[i] for i in kept) for names in (states.levels, states.labels, states.phrases)
    )
    return replace(states, levels=levels, labels=labels, phrases=phrases)


def _rows(
    study: Study, analysis: str, outcome: str, curve: Curve, times: tuple[float, ...]
) -> list[Row]:
    estimate = curve.estimate
    here = context(Key(analysis, outcome, curve.population), n=estimate.n)
    # At the landmark itself, where the curve begins, those who are at risk just after it.
    at_first = int(estimate.number_at_risk([np.nextafter(times[0], np.inf)])[0])
    first = context(here.key._replace(time_months=times[0]), n=here.n)
    rows = [
        *here.patients({"n": estimate.n, "events": estimate.n_events}),
        *first.patients({"at_risk": at_first}),
        *risk_rows(here, estimate, times[1:]),
    ]
    for landmark in study.parameters.landmarks:
        rows += survival_rows(here, estimate, landmark, study.parameters.small_cell)
    return rows


@dataclass(frozen=True)
class ConsolidationEffects:
    """Consolidation against none for one endpoint, by contrast and by estimator.

    `adjustment` names the covariates of the adjusted estimates, `dropped` those that steer the
    choice and are no baseline term or the same in everyone, `incomplete` counts the patients
    that they leave out; `curves` are those of Simon and Makuch.
    """

    outcome: str
    outcome_label: str
    follow_up: FollowUp
    contrasts: tuple[Contrast, ...]
    estimators: tuple[Estimator, ...]
    adjustment: tuple[str, ...]
    dropped: tuple[str, ...]
    incomplete: int
    curves: tuple[SurvivalComparison, ...]
    results: Results


@once
def consolidation_effects(study: Study, outcome: str) -> ConsolidationEffects | Omitted:
    """Hazard of the endpoint after consolidation against without it, among responders.

    The fixed estimate counts the time before consolidation as if it came after it: who is to be
    consolidated cannot fail before (Suissa 2008, Am J Epidemiol 167:492). The time-varying one
    counts it from its first day (Mantel & Byar 1974, J Am Stat Assoc 69:81), the landmark ones by
    a day fixed in advance (Anderson, Cain & Gelber 1983, J Clin Oncol 1:710).
    """
    follow_up = consolidation_follow_up(study)
    if isinstance(follow_up, Omitted):
        return follow_up
    models = contrast_models(study, follow_up, outcome)
    tried = estimators(study)
    curves = simon_makuch(study, follow_up, outcome)
    level = study.parameters.confidence_level
    rows = [
        *(row for m in models for e in tried for row in estimate_rows(m, e, outcome, level)),
        *(row for comparison in curves for row in comparison.results),
    ]
    return ConsolidationEffects(
        outcome,
        study.dictionary[outcome].label,
        follow_up,
        tuple(contrast for model in models for contrast in model.contrasts),
        tried,
        tuple(models[0].covariates.columns),
        tuple(x for x in study.parameters.consolidation_terms if x not in models[0].covariates),
        withheld_count(study, len(models[0].patients) - len(models[0].covariates)),
        curves,
        study_results(study, rows),
    )


def parts(study: Study) -> Iterator[OfStudy]:
    """Responders at the landmarks, every estimator of each endpoint, and both strategies."""
    yield responders_at_landmarks(study)
    yield receipt_results(study)
    for outcome in study.parameters.endpoints:
        yield consolidation_effects(study, outcome)
        yield strategy_results(study, outcome)
