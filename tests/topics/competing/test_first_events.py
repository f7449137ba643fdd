"""Who had which event first, as rows that add up and as the sentence reads them."""

from __future__ import annotations

import json

from analysis_lib.format import take_notes
from analysis_lib.topics.competing.numbers import (
    NEITHER,
    first_event_key,
    relapse_and_death_by_exposure,
)
from analysis_lib.topics.competing.words import describe_first_events


def test_everyone_is_in_one_row_and_each_number_leads_to_its_own(study_of):
    study = study_of()
    found = relapse_and_death_by_exposure(study)
    outcomes = [cause.incidence.question.outcome for cause in found.causes]
    rows = [found.results.row(first_event_key(x)) for x in (*outcomes, NEITHER)]
    assert sum(row.value for row in rows) == len(study.patients) == rows[0].denominator
    assert rows[2].value == (~study.patients["pfs_event"]).sum()
    take_notes()
    said = describe_first_events(found)
    assert f"{int(rows[2].value)} had neither by last contact" in str(said)
    places = {tuple(json.loads(note[2])) for note in take_notes() if len(note) > 2}
    for row in rows:
        assert (*row.key, "value") in places


def test_where_small_counts_are_withheld_neither_cannot_be_worked_out(study_of):
    found = relapse_and_death_by_exposure(study_of(small_cell=11))
    shown = [
        row.value
        for row in found.results
        if row.key.analysis == "first_event" and not row.suppressed
    ]
    assert len(shown) != 2
