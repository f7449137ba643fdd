"""Toxicity as a table and as bars: the right number in the right place, and texts that fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from analysis_lib.study.study import Study
from analysis_lib.topics.toxicity.figure import grade_bars, grade_label, plot_toxicity_grades
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure
from analysis_lib.topics.toxicity.table import table_toxicity


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


EXPOSURES = ("ino", "prior_blinatumomab", "disease_subtype")


@pytest.fixture(scope="module", params=EXPOSURES)
def study_by(request: pytest.FixtureRequest, study_of: Callable[..., Study]) -> Study:
    return study_of(exposure=request.param)


def test_grade_bars_add_up_to_the_evaluable(study_by: Study) -> None:
    toxicity = toxicity_by_exposure(study_by)
    for name in toxicity.graded:
        for bar in grade_bars(toxicity, name):
            assert sum(count for count, _ in bar.parts) == bar.evaluable
            assert sum(share for _, share in bar.parts) == pytest.approx(1)


def test_grade_bars_are_the_counts_of_the_patients(study: Study) -> None:
    bar = grade_bars(toxicity_by_exposure(study), "crs")[0]
    grades = study.patients["crs_grade"].dropna().astype(int)
    bounds = [(0, 0), (1, 2), (3, 4), (5, 5)]
    assert [count for count, _ in bar.parts] == [
        int(grades.between(low, high).sum()) for low, high in bounds
    ]


def test_segments_carry_count_and_share(study: Study, see: Callable) -> None:
    toxicity = toxicity_by_exposure(study)
    written = see(plot_toxicity_grades(toxicity)).written
    count, share = grade_bars(toxicity, "crs")[0].parts[1]
    assert f"{count:g} ({int(100 * share + 0.5)}%)" in written
    assert grade_label("grade_3_4") in written
