"""Consolidation by estimator and Simon-Makuch curves as figures."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import INK, ReportFigure
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.consolidation.figure import (
    plot_simon_makuch,
    plot_triptych,
)
from analysis_lib.topics.consolidation.numbers import ConsolidationEffects, consolidation_effects


@pytest.fixture(scope="module")
def effects(study: Study) -> list[ConsolidationEffects]:
    made = [consolidation_effects(study, outcome) for outcome in ("pfs", "os")]
    return [one for one in made if not isinstance(one, Omitted)]


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
    study: Study, effects: list[ConsolidationEffects], see: Callable
) -> None:
    for figure in (
        plot_triptych(*effects),
        plot_simon_makuch(*effects),
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


def test_what_is_omitted_stays_omitted(study: Study) -> None:
    reason = Omitted("No responder was consolidated.")
    assert plot_triptych(reason) is reason
    assert plot_simon_makuch(reason) is reason
