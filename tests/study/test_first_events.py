"""Which event came first, when toxicity began, and what is salvage: dates recounted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from analysis_lib.intake.check import check_extract, of_severity
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.study.derive import set_salvage_apart
from analysis_lib.study.endpoints import first_failure, toxicity_onset
from analysis_lib.study.study import make_study

LOCK = "2023-10-30"
DATES = ("infusion_date", "relapse_date", "death_date", "last_contact_date", "response_date")


def patient(**given) -> pd.DataFrame:
    dates = {"infusion_date": "2022-01-01", **given}
    frame = pd.DataFrame({name: pd.to_datetime([dates.get(name)]) for name in DATES})
    onset = pd.array([given.get("onset")], dtype="Int64")
    return frame.assign(
        response=given.get("response"), crs=given.get("crs", "no"), crs_onset_days=onset
    )


def failure(frame: pd.DataFrame, *, nonresponse: bool = False) -> object:
    return first_failure(frame, data_lock=LOCK, nonresponse_is_event=nonresponse).iloc[0]


def onset_of(frame: pd.DataFrame) -> tuple[float, bool, bool]:
    found = toxicity_onset(frame, "crs", data_lock=LOCK, horizon_days=30)
    return tuple(found.iloc[0])


def test_relapse_comes_before_the_death_that_follows_it_or_falls_on_its_day() -> None:
    for death in ("2022-05-01", "2022-03-01"):
        assert failure(patient(relapse_date="2022-03-01", death_date=death)) == "relapse"
    assert failure(patient(death_date="2022-05-01")) == "death"
    assert pd.isna(failure(patient(last_contact_date="2022-05-01")))


def test_what_follows_the_data_lock_did_not_happen() -> None:
    assert pd.isna(failure(patient(relapse_date="2023-11-01", death_date="2023-12-01")))


def test_a_non_response_is_an_event_only_where_it_is_said_to_be() -> None:
    one = patient(response="no_response", response_date="2022-02-01", death_date="2022-03-01")
    assert failure(one) == "death"
    assert failure(one, nonresponse=True) == "nonresponse"
    responded = patient(response="cr", response_date="2022-02-01", death_date="2022-03-01")
    assert failure(responded, nonresponse=True) == "death"


@pytest.mark.parametrize("counts", [False, True])
def test_every_event_of_progression_free_survival_has_one_cause(study_of, counts) -> None:
    study = study_of(nonresponse_is_pfs_event=counts)
    cause = first_failure(study.patients, data_lock=LOCK, nonresponse_is_event=counts)
    assert (cause.notna() == study.patients["pfs_event"]).all()


def test_onset_death_before_it_and_neither() -> None:
    seen = {"last_contact_date": "2022-12-01"}
    assert onset_of(patient(crs="yes", onset=3, **seen)) == (3, True, False)
    died = {"death_date": "2022-01-11", "last_contact_date": "2022-01-11"}
    assert onset_of(patient(**died)) == (10, False, True)
    assert onset_of(patient(crs="yes", onset=10, **died)) == (10, True, False)
    assert onset_of(patient(**seen)) == (30, False, False)
    assert onset_of(patient(last_contact_date="2022-01-21")) == (20, False, False)


def test_day_30_counts_and_day_31_does_not() -> None:
    seen = {"last_contact_date": "2022-12-01"}
    assert onset_of(patient(crs="yes", onset=30, **seen)) == (30, True, False)
    assert onset_of(patient(crs="yes", onset=31, **seen)) == (30, False, False)
    on_day_30 = {"death_date": "2022-01-31", "last_contact_date": "2022-01-31"}
    assert onset_of(patient(**on_day_30)) == (30, False, True)
    on_day_31 = {"death_date": "2022-02-01", "last_contact_date": "2022-02-01"}
    assert onset_of(patient(**on_day_31)) == (30, False, False)


def test_who_is_not_evaluable_or_has_no_date_is_left_out() -> None:
    for frame in (patient(crs=None), patient(crs="yes")):
        assert toxicity_onset(frame, "crs", data_lock=LOCK, horizon_days=30).empty


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
