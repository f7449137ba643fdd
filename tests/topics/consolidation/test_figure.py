"""Consolidation by estimator, Simon-Makuch curves and the simulation as figures."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis_lib.results.rows import Omitted, Results
from analysis_lib.show.figure import INK, ReportFigure
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.consolidation.figure import (
    plot_consolidation_simulation,
    plot_simon_makuch,
    plot_triptych,
)
from analysis_lib.topics.consolidation.numbers import ConsolidationEffects, consolidation_effects
from analysis_lib.topics.consolidation.simulated import (
    consolidation_simulation_results,
    simulated_estimators,
    simulation_key,
)


@pytest.fixture(scope="module")
def effects(study: Study) -> list[ConsolidationEffects]:
    made = [consolidation_effects(study, outcome) for outcome in ("pfs", "os")]
    return [one for one in made if not isinstance(one, Omitted)]


@pytest.fixture(scope="module")
def simulated(study: Study) -> Results:
    results = consolidation_simulation_results(study, cohorts=6)
    assert isinstance(results, Results)
    return results


def marks(figure: ReportFigure, axes: int) -> list[tuple[float, bool]]:
    """Position of every mark, and whether it is in colour."""
    lines = [x for x in figure.axes[axes].lines if x.get_marker() == "s"]
    return [(float(x.get_xdata()[0]), x.get_color() != INK) for x in lines]


def test_every_estimate_is_a_mark_and_the_time_varying_one_stands_out(
    study: Study, effects: list[ConsolidationEffects]
) -> None:
    figure = plot_triptych(*effects)
    assert isinstance(figure, ReportFigure)
    expected = []
    for one in effects:
        for contrast in one.contrasts:
            for x in one.estimators:
                key = contrast.key(x.analysis, one.outcome, x.time_months)
                ratio = one.results.value(key._replace(statistic="hazard_ratio"))
                if math.isfinite(ratio):
                    expected.append((ratio, x.kind == "time_varying"))
    assert marks(figure, 1) == expected
    assert len(expected) < len(effects) * 4 * 5  # some have no events and say so


def test_texts_keep_apart_and_say_what_is_compared(
    study: Study, effects: list[ConsolidationEffects], simulated: Results, see: Callable
) -> None:
    for figure in (
        plot_triptych(*effects),
        plot_simon_makuch(*effects),
        plot_consolidation_simulation(simulated),
    ):
        seen = see(figure)
        assert SYNTHETIC_LABEL in seen.written
        assert seen.overlapping == []
        assert seen.outside == []


def test_states_have_curves_and_numbers_at_risk_from_the_first_landmark(
    effects: list[ConsolidationEffects], see: Callable
) -> None:
    written = see(plot_simon_makuch(*effects)).written
    for one in effects:
        for comparison in one.curves:
            for curve in comparison.curves:
                assert curve.label in written
            before = comparison.curves[0].estimate
            first = comparison.risk_times[0]
            assert str(int((before.entered[before.times <= first]).sum())) in written


def test_without_curves_the_reason_is_shown(effects: list[ConsolidationEffects]) -> None:
    empty = [replace(one, curves=()) for one in effects]
    found = plot_simon_makuch(*empty)
    assert isinstance(found, Omitted) and "too few patients" in found.reason


def test_bias_and_coverage_are_marks_beside_their_targets(study: Study, simulated: Results) -> None:
    figure = plot_consolidation_simulation(simulated)
    assert isinstance(figure, ReportFigure)
    for axes, (statistic, scale) in enumerate((("bias", 1.0), ("coverage", 100.0))):
        expected = [
            (
                scale * simulated.value(simulation_key(*x)._replace(statistic=statistic)),
                x[1].kind == "time_varying",
            )
            for x in simulated_estimators(simulated)
        ]
        known = [x for x in expected if math.isfinite(x[0])]
        assert marks(figure, axes) == known


def test_what_is_omitted_stays_omitted(study: Study) -> None:
    reason = Omitted("No responder was consolidated.")
    assert plot_triptych(reason) is reason
    assert plot_simon_makuch(reason) is reason
    assert plot_consolidation_simulation(reason) is reason
