"""Every other choice changes one thing, and what cannot be changed is said."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.study.study import make_study
from analysis_lib.topics.effect.numbers import other_choices, sensitivity_to_choices


def made(study):
    return sensitivity_to_choices(study)


@pytest.fixture(scope="module")
def sensitivity(study):
    return made(study)


def choice_of(study, name):
    return next(one for one in other_choices(study).made if one.name == name)


def test_each_model_is_shown_as_specified_and_under_every_other_choice(sensitivity):
    names = [
        [effect.specification.name.rpartition("_")[2] for effect in family.others]
        for family in sensitivity.families
    ]
    assert names == [
        ["nonresponse", "missing", "population", "followup"],
        ["nonresponse", "missing", "population", "followup", "bridging"],
        ["missing", "population", "followup", "bridging"],
    ]
    assert sensitivity.left_out == ()
    assert {f.chosen.label for f in sensitivity.families} == {"As specified"}


def test_nonresponse_as_an_event_adds_the_assessed_nonresponders_and_no_death(study):
    changed = choice_of(study, "nonresponse").study.patients
    without = ~study.patients["pfs_event"]
    added = changed["pfs_event"] & without
    assert added.sum() > 0
    assert (study.patients["response"][added] == "no_response").all()
    assert (changed["os_months"] == study.patients["os_months"]).all()
    assert (changed["pfs_months"] <= study.patients["pfs_months"]).all()


def test_responders_hold_no_nonresponder_so_that_rule_changes_nothing_for_them(sensitivity):
    published = sensitivity.families[0]
    assert published.others[0].fit.estimates.equals(published.chosen.fit.estimates)


def test_restriction_by_date_keeps_whoever_was_infused_early_enough(root, extract, write_extract):
    # The last of the living is lost a month after an early infusion; the rule "follow-up or
    # death" leaves that patient out, the date of infusion does not.
    alive = (extract["death_date"] == "") & (extract["relapse_date"] == "")
    early = extract["infusion_date"] < "2023-07-01"
    eligible = (extract["product_access"] == "standard_of_care") & (
        extract["infusion_date"] >= "2021-10-01"
    )
    lost = extract.index[alive & early & eligible][-1]
    month_later = pd.Timestamp(extract.loc[lost, "infusion_date"]) + pd.Timedelta(days=30)
    extract.loc[lost, "last_contact_date"] = month_later.date().isoformat()
    for column in ("response_date", "consolidation_date"):
        extract.loc[lost, column] = ""
    patient = extract.loc[lost, "patient_id"]
    path = str(write_extract(extract))
    study = make_study(parse_parameters({"preset": "aldoss_2024", "cohort": path}), root=root)
    other = choice_of(study, "followup")
    assert patient not in set(study.patients["patient_id"])
    assert patient in set(other.study.patients["patient_id"])
    assert other.study.patients["infusion_date"].max() <= pd.Timestamp("2023-08-01")
    assert other.label == "Infused by 1 August 2023, any follow-up"


def test_a_choice_goes_the_other_way_where_the_parameters_have_made_it(study_of):
    parameters = {
        "nonresponse_is_pfs_event": True,
        "missing_rule": "missing_as_level",
        "model_population": "infused",
    }
    families = made(study_of(**parameters)).families
    labels = [effect.label for effect in families[0].others[:3]]
    assert labels == [
        "Assessed non-response is no event (progression-free survival)",
        "Complete cases only",
        "Responders only",
    ]
    assert families[0].others[2].specification.population == "responders"


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"minimum_followup_days": 0}, "No minimum follow-up is asked for"),
        ({"minimum_followup_days": 3000}, "Nobody was infused 3000 days before the data lock"),
        ({"include": {"bridging_therapy": ["yes"]}}, "Bridging therapy is the same"),
    ],
)
def test_a_choice_that_cannot_be_made_is_left_out_with_its_reason(study_of, parameters, reason):
    assert any(text.startswith(reason) for text in made(study_of(**parameters)).left_out)


def test_a_restriction_that_leaves_one_group_is_left_out_with_its_reason(
    root, extract, write_extract
):
    late = (extract["infusion_date"] >= "2022-01-01") | (extract["ino_response"] == "")
    parameters = {
        "preset": "aldoss_2024",
        "cohort": str(write_extract(extract[late])),
        "minimum_followup_days": 668,
    }
    left_out = made(make_study(parse_parameters(parameters), root=root)).left_out
    assert any(
        text.startswith("Restricted to infusions by 31 December 2021: ") for text in left_out
    )


def test_an_extract_without_an_assessment_says_what_it_cannot_do(root, extract, write_extract):
    needed = ["patient_id", "age_years", "sex", "infusion_date", "death_date", "last_contact_date"]
    parameters = {
        "preset": "aldoss_2024",
        "cohort": str(write_extract(extract[needed])),
        "exposure": "sex",
        "model_population": "infused",
    }
    study = make_study(parse_parameters(parameters), root=root)
    found = made(study)
    assert len(found.left_out) == 3
    assert {one.label for f in found.families for one in f.others} == {
        "A missing category is a level",
        "Infused by 1 August 2023, any follow-up",
    }
