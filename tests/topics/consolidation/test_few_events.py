"""Contrasts that rest on few events, and terms that cannot be held, are said to be so."""

from __future__ import annotations

import math

from analysis_lib.estimates.few_events import LEAST_EVENTS
from analysis_lib.stats.firth_cox import METHOD as PENALISED
from analysis_lib.topics.consolidation.numbers import consolidation_effects
from analysis_lib.topics.consolidation.table import table_triptych


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
