"""Kaplan-Meier curves of some groups, and their numbers as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis_lib.results.disclosure.curves import coarsen, shown_median, shown_time
from analysis_lib.results.rows import Key, Results, Row, context
from analysis_lib.stats.cox_results import CoxFit
from analysis_lib.stats.kaplan_meier import KaplanMeier
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study


@dataclass(frozen=True)
class Curve:
    """The Kaplan-Meier curve of one group."""

    level: str
    label: str
    population: str
    estimate: KaplanMeier


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
    curves: tuple[Curve, ...]
    unplaced: int
    landmarks: tuple[float, ...]
    risk_times: tuple[float, ...]
    confidence_level: float
    results: Results
    time_zero: str = "infusion"
    event: str = "death"

    @property
    def test_key(self) -> Key:
        """What the keys of the log-rank test have in common."""
        return Key(self.analysis, self.outcome, "infused", contrast=self.tested.contrast)

    def contrast(self, level: str) -> Key:
        """The key of one tested group against the reference."""
        return self.test_key._replace(contrast=f"{level}_vs_{self.tested.reference}")


def drawn(study: Study, curves: Iterable[Curve]) -> tuple[Curve, ...]:
    """The curves as they may be shown: coarsened where small counts are suppressed."""
    small_cell = study.parameters.small_cell
    return tuple(replace(x, estimate=coarsen(x.estimate, small_cell)) for x in curves)


def curve_rows(
    here: Row, estimate: KaplanMeier, landmarks: tuple[float, ...], *, small_cell: int = 0
) -> list[Row]:
    """n, events, the estimate and its interval at each landmark, and the median.

    With `small_cell` the estimates are those of the coarsened curve.
    """
    method = estimate.method
    rows = [
        here.at("n", estimate.n, unit="patients"),
        here.at("events", estimate.n_events, unit="patients"),
        here.at("maximum", float(estimate.times[-1]), unit="months"),
    ]
    for landmark in landmarks:
        at = estimate.at(shown_time(estimate, landmark, small_cell))
        row = context(here.key._replace(time_months=float(landmark)), n=here.n)
        rows += [
            row.at("survival", at.survival, unit="proportion", method=method),
            row.at("survival_ci_low", at.ci_low, unit="proportion", method=method),
            row.at("survival_ci_high", at.ci_high, unit="proportion", method=method),
            row.at("events_to_date", estimate.at(landmark).events, unit="patients"),
        ]
    median = shown_median(estimate, small_cell)
    return [
        *rows,
        here.at("median", median.estimate, unit="months", method=method),
        here.at("median_ci_low", median.ci_low, unit="months", method=method),
        here.at("median_ci_high", median.ci_high, unit="months", method=method),
    ]


def risk_rows(here: Row, estimate: KaplanMeier, times: tuple[float, ...]) -> list[Row]:
    """Patients at risk at each time."""
    counts = estimate.number_at_risk(times)
    return [
        context(here.key._replace(time_months=time), n=here.n).at(
            "at_risk", int(count), unit="patients"
        )
        for time, count in zip(times, counts, strict=True)
    ]


def hazard_ratio_rows(here: Row, fit: CoxFit) -> list[Row]:
    """The hazard ratio of every level against its reference; nan if not estimable."""
    rows = []
    for term in fit.coefficients:
        contrast = f"{term.level}_vs_{term.reference}" if term.level else ""
        row = context(here.key._replace(contrast=contrast), n=here.n)
        method = f"Cox model, {fit.ties} ties, Wald interval"
        rows += [
            row.at("hazard_ratio", term.hazard_ratio, method=method),
            row.at("hazard_ratio_ci_low", term.ci_low, method=method),
            row.at("hazard_ratio_ci_high", term.ci_high, method=method),
        ]
    return rows
