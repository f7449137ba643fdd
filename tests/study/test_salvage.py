"""Treatment after infusion that was not given in remission is salvage, and no consolidation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from analysis_lib.intake.check import check_extract, of_severity
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.study.derive import set_salvage_apart
from analysis_lib.study.study import make_study

WARNED = {
    "consolidation_after_relapse": "after_relapse",
    "consolidation_before_response": "before_response",
    "consolidation_without_remission": "without_response",
}


@pytest.fixture
def study_from(root, write_extract):
    def make(frame, **parameters):
        given = {"preset": "aldoss_2024", "cohort": str(write_extract(frame)), **parameters}
        return make_study(parse_parameters(given), root=root)

    return make


@pytest.fixture
def treated(extract):
    """Who was not consolidated is treated 15 or 150 days after infusion, if still followed."""
    free = extract["consolidation"] == "none"
    later = extract.index % 2 == 0
    days = [
        plus(day, 150 if x else 15) for day, x in zip(extract["infusion_date"], later, strict=True)
    ]
    chosen = free & (pd.Series(days) <= extract["last_contact_date"])
    return extract.assign(
        consolidation=extract["consolidation"].mask(chosen, "allo_hct"),
        consolidation_date=extract["consolidation_date"].mask(chosen, pd.Series(days)),
    )


def plus(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def by_hand(patient: dict[str, str]) -> str:
    """The reason from the texts of one row, without the library."""
    measured = [patient[f"response_{x}"] for x in ("circulating_blasts", "extramedullary_disease")]
    blasts = patient["response_marrow_blasts_percent"]
    counts = [patient[f"response_{x}_per_ul"] for x in ("anc", "platelets")]
    diseased = "yes" in measured or (blasts != "" and float(blasts) >= 5)
    in_remission = not diseased and all([blasts, *measured, *counts])
    given = patient["consolidation_date"]
    if patient["consolidation"] in ("", "none"):
        return ""
    if diseased:
        return "without_response"
    if given and patient["relapse_date"] and given >= patient["relapse_date"]:
        return "after_relapse"
    if given and in_remission and given < patient["response_date"]:
        return "before_response"
    return ""


def reasons(study) -> dict[str, str]:
    patients = study.patients.set_index("patient_id")
    return patients["salvage_reason"].astype("object").fillna("").to_dict()


def test_who_is_salvage_agrees_with_a_recount_by_hand(treated, study_from):
    found = reasons(study_from(treated))
    expected = {x["patient_id"]: by_hand(x) for x in treated.to_dict("records")}
    assert found == {patient: expected[patient] for patient in found}
    assert set(found.values()) == {"", *WARNED.values()}


def test_the_patients_warned_of_are_those_who_count_as_salvage(treated, study_from, dictionary):
    found = check_extract(treated, dictionary)
    warned = {x.patient_id: WARNED[x.rule_name] for x in found if x.rule_name in WARNED}
    study = study_from(treated, minimum_age=0, minimum_followup_days=0)
    assert len(study.patients) == len(treated)
    assert warned == {patient: reason for patient, reason in reasons(study).items() if reason}
    assert of_severity(found, "error") == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"consolidation_date": "2023-01-31"}, ""),
        ({"consolidation_date": "2023-02-01"}, "after_relapse"),
        ({"consolidation_date": "2023-02-02"}, "after_relapse"),
        ({"consolidation_date": "2022-12-31"}, ""),
        ({"consolidation_date": "2022-12-30"}, "before_response"),
        ({"consolidation_date": ""}, ""),
        ({"consolidation": "", "consolidation_date": ""}, ""),
        ({"consolidation": "none", "consolidation_date": ""}, ""),
        ({"consolidation_date": "", "response_circulating_blasts": "yes"}, "without_response"),
        # Of a response that was not evaluable nobody can say whether treatment followed it.
        ({"consolidation_date": "2022-12-30", "response_circulating_blasts": ""}, ""),
        ({"consolidation_date": "2023-02-01", "response_circulating_blasts": ""}, "after_relapse"),
    ],
)
def test_the_days_of_response_and_relapse_are_the_bounds(extract, study_from, change, reason):
    row = extract.index[extract["patient_id"] == "SYN-006"][0]
    course = {"response_date": "2022-12-31", "relapse_date": "2023-02-01"}
    for name, value in {**course, "consolidation": "tki", **change}.items():
        extract.loc[row, name] = value
    study = study_from(extract)
    patient = study.patients[study.patients["patient_id"] == "SYN-006"].iloc[0]
    given = {"consolidation": "tki", **change}
    assert reasons(study)["SYN-006"] == reason
    recorded = str(patient["consolidation"]).replace("nan", "")
    assert recorded == ("none" if reason else given["consolidation"])
    day = pd.Timestamp(given["consolidation_date"] or "NaT")
    kept = patient[["consolidation_date", "salvage_date"]].tolist()
    assert [str(x) for x in kept] == [str(x) for x in ((pd.NaT, day) if reason else (day, pd.NaT))]


def test_a_level_that_says_salvage_is_salvage(extract, dictionary):
    row = extract.index[extract["patient_id"] == "SYN-006"][0]
    known = dictionary["consolidation"]
    levels = (*known.levels, "salvage_hct")
    more = replace(known, levels=levels, level_labels=(*known.level_labels, "Salvage HCT"))
    extract.loc[row, ["consolidation", "consolidation_date"]] = ["salvage_hct", "2023-02-01"]
    patients = pd.DataFrame(
        {
            "consolidation": pd.Categorical(extract["consolidation"], more.levels),
            "response": "cr",
            **{
                name: pd.to_datetime(extract[name])
                for name in ("consolidation_date", "response_date", "relapse_date")
            },
        }
    )
    apart = set_salvage_apart(patients)
    assert apart.loc[row, "salvage_reason"] == "recorded"
    assert apart.loc[row, "consolidation"] == "none"
    warned = {x.rule_name for x in check_extract(extract, dictionary.with_variables([more]))}
    assert warned == {"small_levels"}
