"""Toxicity: the right number in the right place."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

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
