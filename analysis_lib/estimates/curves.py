"""Kaplan-Meier curves of some groups, and their numbers as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from analysis_lib.results.disclosure.curves import (
    drawn_curve,
    rounded_times,
    shown_at,
    shown_median,
)
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Results, Row, context
from analysis_lib.stats.cumulative_incidence import CumulativeIncidence
from analysis_lib.stats.kaplan_meier import KaplanMeier
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study

Estimate = TypeVar("Estimate", KaplanMeier, CumulativeIncidence)


@dataclass(frozen=True)
class Curve(Generic[Estimate]):
    """The curve of one group: its survival, or a cumulative incidence."""

    level: str
    label: str
    population: str
    estimate: Estimate


def drawn(study: Study, curves: Iterable[Curve[Estimate]]) -> tuple[Curve[Estimate], ...]:
    """The curves as they may be shown: coarsened where small counts are suppressed."""
    small_cell = study.parameters.small_cell
    return tuple(replace(x, estimate=drawn_curve(x.estimate, small_cell)) for x in curves)


@dataclass(frozen=True)
class SurvivalComparison:
    """One endpoint in several groups.

    `tested` holds the groups that the log-rank test compares: all curves, or a part of them.
    `unplaced` counts the exposed patients who are in none of the curves. Times are counted from
    `time_zero`; `event` is what ends them, in words.
    """

    analysis: str
    outcome: str
    outcome_label: str
    grouping: Grouping
    tested: Grouping
    curves: tuple[Curve[KaplanMeier], ...]
    landmarks: tuple[float, ...]
    risk_times: tuple[float, ...]
    confidence_level: float
    results: Results
    time_zero: str
    event: str
    unplaced: float = 0

    @property
    def test_key(self) -> Key:
        """What the keys of the log-rank test have in common."""
        return Key(self.analysis, self.outcome, "infused", contrast=self.tested.contrast)

    def contrast(self, level: str) -> Key:
        """The key of one tested group against the reference."""
        return self.test_key._replace(contrast=f"{level}_vs_{self.tested.reference}")


def compare_curves(
    study: Study,
    analysis: str,
    outcome: str,
    grouping: Grouping,
    curves: Sequence[Curve[KaplanMeier]],
    rows: Iterable[Row],
    *,
    risk_times: tuple[float, ...],
    tested: Grouping | None = None,
    time_zero: str = "infusion",
) -> SurvivalComparison:
    """The comparison with its curves as they may be drawn; `tested` are its groups, or fewer."""
    return SurvivalComparison(
        analysis,
        outcome,
        study.dictionary[outcome].label,
        grouping,
        tested or grouping,
        drawn(study, curves),
        tuple(study.parameters.landmarks),
        risk_times,
        study.confidence_level,
        study_results(study, rows),
        time_zero,
        study.event_phrase(outcome),
    )


def round_times_of(curves: Iterable[Curve[KaplanMeier]]) -> tuple[float, ...]:
    """The round times of the table under the curves."""
    return rounded_times(max(float(curve.estimate.times[-1]) for curve in curves))


def rows_of_curves(
    study: Study,
    analysis: str,
    outcome: str,
    curves: Iterable[Curve[KaplanMeier]],
    risk_times: tuple[float, ...],
) -> list[Row]:
    """Every curve with the patients at risk under it."""
    landmarks = tuple(study.parameters.landmarks)
    rows = []
    for curve in curves:
        here = context(Key(analysis, outcome, curve.population), n=curve.estimate.n)
        rows += curve_rows(here, curve.estimate, landmarks, study.parameters.small_cell)
        rows += risk_rows(here, curve.estimate, risk_times)
    return rows


def curve_rows(
    here: Row, estimate: KaplanMeier, landmarks: Iterable[float], small_cell: int
) -> list[Row]:
    """n, events, the estimate and its interval at each landmark, and the median.

    With `small_cell` the estimates are those of the coarsened curve.
    """
    rows = [
        *here.patients({"n": estimate.n, "events": estimate.n_events}),
        here.at("maximum", float(estimate.times[-1]), unit="months"),
    ]
    for landmark in landmarks:
        rows += survival_rows(here, estimate, landmark, small_cell)
        row = context(here.key._replace(time_months=float(landmark)), n=here.n)
        rows += row.patients({"events_to_date": estimate.at(landmark).events})
    median = shown_median(estimate, small_cell)
    ends = (median.estimate, median.ci_low, median.ci_high)
    return rows + here.interval("median", *ends, unit="months", method=estimate.method)


def survival_rows(here: Row, estimate: KaplanMeier, landmark: float, small_cell: int) -> list[Row]:
    """The estimate at one time, and its interval."""
    at = shown_at(estimate, landmark, small_cell)
    row = context(here.key._replace(time_months=float(landmark)), n=here.n)
    ends = (at.survival, at.ci_low, at.ci_high)
    return row.interval("survival", *ends, unit="proportion", method=estimate.method)


def risk_rows(here: Row, estimate: KaplanMeier, times: Sequence[float]) -> list[Row]:
    """Patients at risk at each time."""
    counts = estimate.number_at_risk(times)
    return [
        context(here.key._replace(time_months=time), n=here.n).at(
            "at_risk", int(count), unit="patients"
        )
        for time, count in zip(times, counts, strict=True)
    ]
