"""Survival and follow-up: the right number in the right place."""

from __future__ import annotations

import math

from analysis_lib.results.rows import Omitted
from analysis_lib.topics.survival.table import table_survival

OMITTED = Omitted("The extract records none of it.")


def test_survival_passes_over_what_is_omitted(analyses):
    assert table_survival(OMITTED, analyses.by_exposure) == table_survival(analyses.by_exposure)


def test_log_rank_compares_the_tested_groups_and_the_others_have_a_dash(analyses):
    lines = table_survival(analyses.by_response).layout.lines
    assert [line.cells[-2] for line in lines[:2]] == ["–", "reference"]
    assert [bool(line.cells[-1]) for line in lines] == [False, True, False]
    notes = " ".join(table_survival(analyses.by_response).layout.notes)
    assert " vs ".join(analyses.by_response.tested.labels) in notes


def test_survival_states_events_and_landmarks_of_each_curve(analyses, tables):
    comparison = analyses.by_exposure
    lines = [x for x in tables["survival"].layout.lines if x.group == comparison.outcome_label]
    assert [line.label for line in lines] == [curve.label for curve in comparison.curves]
    for line, curve in zip(lines, comparison.curves, strict=True):
        assert line.cells[:2] == (str(curve.estimate.n), str(curve.estimate.n_events))
        survival = curve.estimate.at(6).survival
        assert line.cells[2].startswith(f"{100 * survival:.0f} (")
        median = curve.estimate.median().estimate
        assert line.cells[-3].startswith("not reached" if math.isnan(median) else f"{median:.1f} (")


def test_followup_states_the_survivors_number(tables, extract, cells):
    alive = int((extract["death_date"] == "").sum())
    assert cells(tables["followup"], "Patients, n")[0] == str(alive)
