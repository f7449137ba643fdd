"""Toxicity, response, survival and follow-up: the right number in the right place."""

from __future__ import annotations

import math
import re
from dataclasses import replace

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


def test_counts_show_their_denominator_where_it_is_not_the_columns(analyses, cells):
    rows = tuple(
        replace(row, denominator=50) if row.key.outcome == "anakinra" else row
        for row in analyses.toxicity.results
    )
    changed = replace(analyses.toxicity, results=replace(analyses.toxicity.results, rows=rows))
    table = table_toxicity(changed)
    assert "/50 (" in cells(table, "Anakinra")[0]
    assert "/" not in cells(table, "Tocilizumab")[0]


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
