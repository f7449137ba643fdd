"""Populations and contrasts are written and read again, whatever a level is called."""

import math

import pytest

from analysis_lib.results.rows import Key, context
from analysis_lib.study.groups import Contrast, Population

ODD = ("yes", "a_vs_b", "_vs_", "grade [3]", "a=b", "x_vs_vs_y", "größer\nals")


@pytest.mark.parametrize("level", ODD)
def test_a_population_is_read_as_it_was_written(level):
    group = Population("infused", "sex", level)
    assert Population.parse(str(group)) == group
    assert group.of("responders") == ("responders", "sex", level)
    assert Population.parse("infused") == ("infused", "", "")


@pytest.mark.parametrize("text", ["", "infused[", "infused[sex]", "in fused[sex=male]"])
def test_a_text_that_names_no_group_is_a_base_as_a_whole(text):
    assert Population.parse(text) == (text, "", "")


@pytest.mark.parametrize("level", ODD)
@pytest.mark.parametrize("reference", ODD)
def test_a_contrast_is_read_as_it_was_written(level, reference):
    text = str(Contrast(level, reference))
    assert Contrast(level, reference) in Contrast.readings(text)
    assert Contrast.parse(text, [level, reference]) == (level, reference)


def test_a_contrast_is_divided_where_the_levels_say():
    assert Contrast.parse("a_vs_b_vs_c") == ("a", "b_vs_c")
    assert Contrast.parse("a_vs_b_vs_c", ["c"]) == ("a_vs_b", "c")
    assert Contrast.parse("a_vs_b_vs_c", ["a_vs_b"]) == ("a_vs_b", "c")
    assert Contrast.parse("") is None


def test_a_key_of_a_level_stands_against_the_reference_unless_it_is_that():
    key = Key("cox_a", "pfs", "infused")
    assert key.of_level("sex", "male", "female")[3:6] == ("sex", "male", "male_vs_female")
    assert key.of_level("sex", "female", "female")[3:6] == ("sex", "female", "")
    assert key.of_level("age_years")[3:6] == ("age_years", "", "")


def test_an_interval_is_three_rows_and_counts_are_of_patients():
    here = context(Key("cox_a", "pfs", "infused"), n=90)
    rows = here.interval("hazard_ratio", 1.5, 1.1, None, method="Cox")
    assert [row.key.statistic for row in rows] == [
        "hazard_ratio",
        "hazard_ratio_ci_low",
        "hazard_ratio_ci_high",
    ]
    assert [row.value for row in rows[:2]] == [1.5, 1.1] and math.isnan(rows[2].value)
    assert {(row.n, row.method) for row in rows} == {(90, "Cox")}
    counts = here.patients({"n": 90, "events": 3})
    assert [(x.key.statistic, x.value, x.unit) for x in counts] == [
        ("n", 90, "patients"),
        ("events", 3, "patients"),
    ]
