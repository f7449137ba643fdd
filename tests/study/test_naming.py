"""The noun for the day of treatment, and the names of endpoints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis_lib.dictionary import Dictionary
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.study.naming import (
    time_zero_phrase,
    with_censoring_as_it_is,
    with_named_endpoints,
    with_own_noun,
)
from analysis_lib.study.study import Study


@pytest.fixture
def transplanted(dictionary: Dictionary) -> Dictionary:
    day = replace(dictionary["infusion_date"], label="Transplantation")
    return with_own_noun(dictionary.with_variables([day]), dictionary)


def test_every_text_of_ours_takes_the_noun_of_the_cohort(transplanted: Dictionary) -> None:
    texts = [x for v in transplanted.variables for x in (v.label, v.definition)]
    assert not [x for x in texts if "infusion" in x.casefold()]
    assert transplanted["os"].definition.startswith("Transplantation to death")
    assert transplanted["response"].label == "Response"
    assert time_zero_phrase(transplanted, "infusion_date") == "transplantation"


def test_a_text_of_the_mapping_stays_as_it_is(dictionary: Dictionary) -> None:
    day = replace(dictionary["infusion_date"], label="Transplantation")
    theirs = replace(dictionary["steroids"], definition="Steroids after infusion of lymphocytes.")
    named = with_own_noun(dictionary.with_variables([day, theirs]), dictionary)
    assert named["steroids"].definition == "Steroids after infusion of lymphocytes."


def test_the_embedded_cohort_is_infused(dictionary: Dictionary) -> None:
    assert with_own_noun(dictionary, dictionary) is dictionary
    assert dictionary.own_words("Crude, all infused") == "Crude, all infused"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Crude, all infused", "Crude, all patients"),
        ("patients in CR or CRi after infusion", "patients in CR or CRi after transplantation"),
        ("all infused and eligible patients", "all eligible patients"),
        ("No response to the infusion is recorded", "No response is recorded"),
        ("Fixed\nat infusion", "Fixed\nat transplantation"),
    ],
)
def test_nobody_is_infused_where_nobody_was(transplanted, ours, theirs):
    assert transplanted.own_words(ours) == theirs


def test_an_endpoint_is_counted_from_the_time_zero_that_was_chosen(dictionary):
    named = with_named_endpoints(dictionary, Parameters(time_zero="apheresis_date"))
    assert {named[x].definition.split(" to ")[0] for x in ("pfs", "os", "followup")} == {
        "Apheresis"
    }


def test_non_response_as_an_event_makes_another_endpoint(study_of, root: Path) -> None:
    event_free = study_of(nonresponse_is_pfs_event=True).dictionary["pfs"]
    assert event_free.label == "Event-free survival"
    assert "relapse, assessed non-response or death" in event_free.definition
    assert study_of().dictionary["pfs"].label == "Progression-free survival"


def test_the_return_of_the_disease_is_called_what_the_cohort_calls_it(dictionary):
    own = replace(dictionary["relapse"], label="Recurrence")
    named = with_own_noun(dictionary.with_variables([own]), dictionary)
    assert named["pfs"].definition.startswith("Infusion to recurrence or death")
    assert named.own_words("Death without relapse, no relapses") == (
        "Death without recurrence, no recurrences"
    )
    event_free = with_named_endpoints(named, Parameters(nonresponse_is_pfs_event=True))["pfs"]
    assert "to recurrence, assessed non-response or death" in event_free.definition


def test_an_endpoint_has_no_lock_without_a_calendar_and_no_transplant_where_none_was(dictionary):
    day = pd.Timestamp("2020-01-01")
    patients = pd.DataFrame({"infusion_date": [day, day], "consolidation": ["none", None]})
    for name in ("pfs", "os", "followup"):
        definition = with_censoring_as_it_is(dictionary, patients, "infusion_date")[name].definition
        assert "lock" not in definition and "transplantation" not in definition
    given = patients.assign(infusion_date=[day, day + pd.Timedelta(days=1)])
    given["consolidation"] = ["none", "allo_hct"]
    kept = with_censoring_as_it_is(dictionary, given, "infusion_date")
    assert kept["pfs"] == dictionary["pfs"]


@pytest.mark.parametrize(("times", "text"), [(1, "189"), (100, "18\u00a0900")])
def test_a_cohort_is_called_by_what_its_records_are_and_how_many(
    study: Study, times: int, text: str
) -> None:
    many = replace(study, patients=pd.concat([study.patients] * times, ignore_index=True))
    assert many.cohort_label == f"{text} synthetic patients"
