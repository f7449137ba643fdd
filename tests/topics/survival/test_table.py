"""Survival and follow-up: the right number in the right place, and the sentences on follow-up."""

from __future__ import annotations

import math

from analysis_lib.results.rows import Omitted
from analysis_lib.topics.survival.numbers import followup
from analysis_lib.topics.survival.table import table_survival
from analysis_lib.topics.survival.words import describe_followup

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


def test_follow_up_says_how_complete_it_is_by_arm(study):
    found = followup(study)
    text = str(describe_followup(found))
    shares = [
        f"{100 * row.value:.1f}%" for row in found.results if row.key.statistic == "completeness"
    ]
    assert len(shares) == 3
    assert f"{shares[0]} was (Clark's C): {shares[1]} in the InO-naïve group" in text
