from __future__ import annotations

import pytest

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import Parameters, defaults
from analysis_lib.parameters.parse import is_chosen, parse_parameters
from analysis_lib.parameters.plan import plan_hash
from analysis_lib.parameters.presets import NEUTRAL_CHOICES

PLAN = {"where": "clinicaltrials.example/plan", "date": "2023-05-03"}


def with_hash(**parameters: object) -> dict[str, str]:
    return {**PLAN, "parameters": plan_hash(parse_parameters(parameters))}


def test_a_plan_with_these_parameters_is_taken():
    given = parse_parameters({"landmarks": [3], "analysis_plan": with_hash(landmarks=[3])})
    assert given.analysis_plan["date"] == "2023-05-03"


@pytest.mark.parametrize(
    "later", [{"landmarks": [9]}, {"baseline_terms": ["sex"]}, {"data_lock": "2023-10-31"}]
)
def test_a_choice_that_was_not_planned_is_refused_with_its_hash(later):
    planned = with_hash()
    with pytest.raises(ParameterError, match="it was not followed") as refused:
        parse_parameters({**later, "analysis_plan": planned})
    assert plan_hash(parse_parameters(later)) in str(refused.value)


def test_words_files_and_suppression_are_no_choice_of_the_analysis():
    words = {"title": "Ours", "exposure_label": "InO", "small_cell": 11}
    assert plan_hash(parse_parameters(words)) == plan_hash(Parameters())


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"where": "a place"}, "lacks 'date'"),
        ({**PLAN, "parameters": "x", "who": "us"}, "has 'who'"),
        ({"where": "a place", "date": "May 2023", "parameters": "x"}, "must be a date"),
    ],
)
def test_a_plan_says_where_when_and_what(plan, message):
    with pytest.raises(ParameterError, match=message):
        parse_parameters({"analysis_plan": plan})


def test_the_embedded_cohort_takes_the_choices_of_the_article(root):
    assert parse_parameters({}) == Parameters()
    by_path = parse_parameters({"cohort": str(root / "data" / "cohort.csv")})
    assert (by_path.preset, by_path.minimum_followup_days) == ("aldoss_2024", 90)


def test_any_other_cohort_takes_none_of_them():
    given = parse_parameters({"cohort": "ours.csv"})
    assert given.preset == "neutral"
    assert {name: getattr(given, name) for name in NEUTRAL_CHOICES} == NEUTRAL_CHOICES
    assert not any(is_chosen(given, name) for name in NEUTRAL_CHOICES)


def test_what_is_set_goes_before_either_preset():
    given = parse_parameters({"cohort": "ours.csv", "minimum_age": 18, "data_lock": "2024-01-31"})
    assert (given.minimum_age, given.data_lock, given.infusion_start) == (18, "2024-01-31", "")
    assert is_chosen(given, "minimum_age") and not is_chosen(given, "minimum_followup_days")
    article = parse_parameters({"cohort": "ours.csv", "preset": "aldoss_2024"})
    assert article.minimum_followup_days == defaults()["minimum_followup_days"]


def test_what_was_resolved_is_read_again_as_it_is():
    given = parse_parameters({"cohort": "ours.csv"})
    again = {name: getattr(given, name) for name in defaults()} | {"cohort": "data/cohort.csv"}
    assert parse_parameters(again).preset == "neutral"


def test_a_primary_estimand_is_of_an_endpoint_that_is_analysed():
    with pytest.raises(ParameterError, match="is os_crude, but endpoints names pfs only"):
        parse_parameters({"endpoints": ["pfs"], "primary_estimand": "os_crude"})
    assert parse_parameters({"endpoints": ["os"]}).primary_estimand == ""


def test_nobody_has_declared_the_primary_estimand_of_another_exposure():
    other = {"exposure": "prior_blinatumomab"}
    assert parse_parameters({}).primary_estimand == "pfs_adjusted"
    assert parse_parameters(other).primary_estimand == ""
    assert (
        parse_parameters({**other, "primary_estimand": "os_crude"}).primary_estimand == "os_crude"
    )
