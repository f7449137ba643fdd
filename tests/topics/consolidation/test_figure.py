"""Simon-Makuch curves, and what is said where contrasts rest on few events."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis_lib.estimates.few_events import LEAST_EVENTS
from analysis_lib.results.rows import Omitted
from analysis_lib.stats.firth_cox import METHOD as PENALISED
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.consolidation.figure import plot_simon_makuch
from analysis_lib.topics.consolidation.numbers import ConsolidationEffects, consolidation_effects
from analysis_lib.topics.consolidation.table import table_triptych


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


def test_every_ratio_on_few_events_is_penalised_and_no_other(study_of):
    effects = [consolidation_effects(study_of(), x) for x in ("pfs", "os")]
    rows = [row for one in effects for row in one.results]
    penalised = 0
    for row in rows:
        if row.key.statistic != "hazard_ratio" or math.isnan(row.value):
            continue
        results = next(x.results for x in effects if x.outcome == row.key.outcome)
        at_level, events = results.values(row.key, "events_at_level", "events")
        few = at_level < LEAST_EVENTS or events - at_level < LEAST_EVENTS
        assert not (at_level < LEAST_EVENTS and not row.method.startswith(PENALISED)), row
        assert few or not row.method.startswith(PENALISED), row
        penalised += row.method.startswith(PENALISED)
    assert penalised > 20
    notes = " ".join(table_triptych(*effects).layout.notes)
    assert "With fewer than 5 events in either group the ratio is that of Firth's penalty" in notes


def test_a_term_that_is_dropped_is_said(study_of):
    one = consolidation_effects(study_of(), "os")
    assert one.dropped == ("prior_hct",)
    said = "without prior allogeneic HCT: not recorded, the same in everyone, or too few events"
    assert said in " ".join(table_triptych(one).layout.notes)
