from __future__ import annotations

import pytest

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.parameters.plan import plan_hash

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
