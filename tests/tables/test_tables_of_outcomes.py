"""Toxicity, response, survival and follow-up: the right number in the right place."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pandas as pd
import pytest

from analysis_lib.format import format_p
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.topics.baseline.table import table_age_groupings, table_baseline
from analysis_lib.topics.flow.table import table_doses
from analysis_lib.topics.regression.table import (
    table_diagnostics,
    table_model,
    table_model_comparison,
)
from analysis_lib.topics.response.table import table_consolidation, table_response
from analysis_lib.topics.survival.table import table_survival
from analysis_lib.topics.toxicity.table import table_toxicity

OMITTED = Omitted("The extract records none of it.")


def test_omitted_parts_pass_through():
    assert table_baseline(OMITTED) is OMITTED
    assert table_age_groupings(OMITTED) is OMITTED
    assert table_survival(OMITTED, OMITTED) is OMITTED
    assert table_doses(OMITTED) is OMITTED
    assert table_toxicity(OMITTED) is OMITTED
    assert table_response(OMITTED) is OMITTED
    assert table_consolidation(OMITTED) is OMITTED
    assert table_model(OMITTED) is OMITTED
    assert table_model_comparison(OMITTED) is OMITTED
    assert table_diagnostics(OMITTED) is OMITTED


def test_survival_passes_over_what_is_omitted(analyses):
    assert table_survival(OMITTED, analyses.by_exposure) == table_survival(analyses.by_exposure)


@pytest.mark.parametrize("group", ["CRS", "ICANS"])
def test_evaluable_and_any_grade_equal_the_extract(group, tables, extract, cells):
    grades = pd.to_numeric(extract[f"{group.lower()}_grade"])
    assert cells(tables["toxicity"], "Evaluable, n", group)[0] == str(grades.notna().sum())
    any_grade = cells(tables["toxicity"], "Any grade, of the evaluable", group)[0]
    assert any_grade.split()[0] == str((grades >= 1).sum())


def test_grades_stand_in_both_denominators(tables, extract):
    grades = pd.to_numeric(extract["crs_grade"])
    severe = [
        line.cells[0]
        for line in tables["toxicity"].layout.lines
        if (line.group, line.label) == ("CRS", "Grade 3–4")
    ]
    count = int(grades.between(3, 4).sum())
    expected = [count / grades.notna().sum(), count / (grades >= 1).sum()]
    assert severe == [f"{count} ({100 * x:.0f}%)" for x in expected]


def test_grade_5_has_a_line_only_where_somebody_had_it(analyses, tables):
    assert "Grade 5" not in [line.label for line in tables["toxicity"].layout.lines]
    rows = tuple(
        replace(row, value=1.0)
        if row.key.level == "grade_5" and (row.key.outcome, row.key.statistic) == ("crs", "count")
        else row
        for row in analyses.toxicity.results
    )
    changed = replace(analyses.toxicity, results=replace(analyses.toxicity.results, rows=rows))
    lines = table_toxicity(changed).layout.lines
    assert [line.group for line in lines if line.label == "Grade 5"] == ["CRS", "CRS"]


def test_counts_show_their_denominator_where_it_is_not_the_columns(analyses, cells):
    rows = tuple(
        replace(row, denominator=50) if row.key.outcome == "anakinra" else row
        for row in analyses.toxicity.results
    )
    changed = replace(analyses.toxicity, results=replace(analyses.toxicity.results, rows=rows))
    table = table_toxicity(changed)
    assert "/50 (" in cells(table, "Anakinra")[0]
    assert "/" not in cells(table, "Tocilizumab")[0]


def test_every_count_of_the_response_carries_its_denominator(tables, extract):
    assessed = extract["response_date"] != ""
    table = tables["response"].layout
    counted = [line for line in table.lines if line.cells[0] and "CI" not in line.label]
    assert len(counted) > 8
    assert all("/" in cell for line in counted for cell in line.cells[:3])
    assert f"/{int(assessed.sum())} (" in table.lines[0].cells[0]


def test_consolidation_by_kind_adds_up_to_the_responders(tables, cells):
    table = tables["consolidation"]
    kinds = ("Allogeneic HCT", "TKI", "Other", "None")
    counts = [[int(x.split("/")[0]) for x in cells(table, kind)[:3]] for kind in kinds]
    sizes = [int(x.split("/")[1].split()[0]) for x in cells(table, "TKI")[:3]]
    assert [sum(column) for column in zip(*counts, strict=True)] == sizes


@pytest.mark.parametrize(
    ("outcome", "builder", "left_out"),
    [
        ("mrd_negative", table_response, "MRD-negative remission"),
        ("consolidation_any", table_consolidation, "consolidation or maintenance"),
    ],
)
def test_what_nobody_is_known_for_has_a_note_instead_of_zeros(outcome, builder, left_out, analyses):
    rows = tuple(
        replace(row, denominator=0) if row.key.outcome == outcome else row
        for row in analyses.response.results
    )
    changed = replace(analyses.response, results=replace(analyses.response.results, rows=rows))
    layout = builder(changed).layout
    assert not any(left_out.lower() in group.lower() for group in layout.groups)
    assert f"Not recorded in the extract: {left_out}." in layout.notes


def test_an_extract_without_mrd_has_no_rows_of_it_and_a_note(analyses):
    rows = tuple(x for x in analyses.response.results if x.key.outcome != "mrd_negative")
    changed = replace(analyses.response, results=replace(analyses.response.results, rows=rows))
    layout = table_response(changed).layout
    assert not any("MRD" in group for group in layout.groups)
    assert "Not recorded in the extract: MRD-negative remission." in layout.notes


def test_a_p_value_that_does_not_exist_is_a_dash_with_a_note(analyses, cells):
    rows = tuple(
        replace(row, value=math.nan)
        if (row.key.outcome, row.key.statistic) == ("anakinra", "p_value")
        else row
        for row in analyses.toxicity.results
    )
    changed = replace(analyses.toxicity, results=replace(analyses.toxicity.results, rows=rows))
    table = table_toxicity(changed)
    assert cells(table, "Anakinra")[3] == "–"
    assert "–: not estimable or not compared." in table.layout.notes


def test_intervals_stand_below_their_proportion(tables):
    labels = [line.label for line in tables["response"].layout.lines]
    assert labels[:2] == ["CR or CRi", "95% CI, %"]


def test_log_rank_compares_the_tested_groups_and_the_others_have_a_dash(analyses):
    lines = table_survival(analyses.by_response).layout.lines
    assert [line.cells[-2] for line in lines[:2]] == ["–", "reference"]
    assert [bool(line.cells[-1]) for line in lines] == [False, True, False]
    notes = " ".join(table_survival(analyses.by_response).layout.notes)
    assert " vs ".join(analyses.by_response.tested.labels) in notes


def test_p_and_difference_stand_in_the_line_of_their_outcome(analyses, tables, cells):
    for outcome, label in (("tocilizumab", "Tocilizumab"), ("death_30d", "Death within 30 days")):
        key = Key("toxicity", outcome, "infused", contrast=analyses.toxicity.grouping.contrast)
        p, estimate, low, high = (
            analyses.toxicity.results.value(key._replace(statistic=x))
            for x in ("p_value", "difference", "difference_ci_low", "difference_ci_high")
        )
        shown = cells(tables["toxicity"], label)
        assert shown[3] == format_p(p)
        numbers = [float(x) for x in re.findall(r"-?\d+\.\d", shown[4].replace("−", "-"))]
        assert numbers == pytest.approx([100 * x for x in (estimate, low, high)], abs=0.0501)


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
