"""Simon-Makuch curves as a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.consolidation.figure import plot_simon_makuch
from analysis_lib.topics.consolidation.numbers import ConsolidationEffects, consolidation_effects


@pytest.fixture(scope="module")
def effects(study: Study) -> list[ConsolidationEffects]:
    made = [consolidation_effects(study, outcome) for outcome in ("pfs", "os")]
    return [one for one in made if not isinstance(one, Omitted)]


def test_texts_keep_apart_and_say_what_is_compared(
    effects: list[ConsolidationEffects], see: Callable
) -> None:
    seen = see(plot_simon_makuch(*effects))
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
    assert plot_simon_makuch(reason) is reason
