"""Populations and contrasts are written and read again, whatever a level is called."""

import pytest

from analysis_lib.results.rows import Key
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
