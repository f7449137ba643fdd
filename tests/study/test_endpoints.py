from __future__ import annotations

import itertools

import pandas as pd
import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.study.derive import classify_response
from analysis_lib.study.endpoints import (
    followup,
    months,
    overall_survival,
    progression_free_survival,
)
from analysis_lib.study.study import make_study

LOCK = "2023-10-30"


def patients(**dates):
    columns = ("infusion_date", "relapse_date", "death_date", "last_contact_date", "response_date")
    frame = pd.DataFrame({name: pd.to_datetime([dates.get(name)]) for name in columns})
    return frame.assign(response=dates.get("response"))


def pfs(frame, *, nonresponse=False):
    made = progression_free_survival(frame, data_lock=LOCK, nonresponse_is_event=nonresponse)
    return made.loc[0, "pfs_months"] * 30.4375, made.loc[0, "pfs_event"]


def os(frame):
    made = overall_survival(frame, data_lock=LOCK)
    return made.loc[0, "os_months"] * 30.4375, made.loc[0, "os_event"]


def test_twelve_months_are_365_25_days():
    assert months(pd.Series([365.25, 182.625])).tolist() == [12, 6]


def test_relapse_before_death_is_the_pfs_event_and_death_the_os_event():
    one = patients(
        infusion_date="2022-01-01",
        relapse_date="2022-01-11",
        death_date="2022-02-20",
        last_contact_date="2022-02-20",
    )
    assert pfs(one) == (10, True)
    assert os(one) == (50, True)


def test_alive_without_relapse_is_censored_at_last_contact():
    one = patients(infusion_date="2022-01-01", last_contact_date="2022-04-11")
    assert pfs(one) == os(one) == (100, False)


def test_nothing_after_the_data_lock_is_counted():
    one = patients(
        infusion_date="2023-10-20",
        relapse_date="2023-11-05",
        death_date="2023-12-01",
        last_contact_date="2023-12-01",
    )
    assert pfs(one) == os(one) == (10, False)


@pytest.mark.parametrize(("counts", "expected"), [(False, (100, False)), (True, (28, True))])
def test_assessed_non_response_is_an_event_only_where_the_parameter_says_so(counts, expected):
    one = patients(
        infusion_date="2022-01-01",
        response_date="2022-01-29",
        response="no_response",
        last_contact_date="2022-04-11",
    )
    assert pfs(one, nonresponse=counts) == expected


def test_an_unevaluable_response_is_no_event_until_relapse_or_death():
    one = patients(infusion_date="2022-01-01", last_contact_date="2022-04-11")
    assert pfs(one, nonresponse=True) == (100, False)


def test_followup_turns_death_into_censoring():
    one = patients(
        infusion_date="2022-01-01", death_date="2022-01-31", last_contact_date="2022-01-31"
    )
    made = followup(overall_survival(one, data_lock=LOCK))
    assert not made.loc[0, "followup_event"]


def test_per_patient_pfs_never_exceeds_os_and_every_death_is_a_pfs_event(study):
    frame = study.patients
    assert (frame["pfs_months"] <= frame["os_months"]).all()
    assert frame.loc[frame["os_event"], "pfs_event"].all()
    assert (frame["pfs_months"] >= 0).all()


@pytest.mark.parametrize(("day", "early"), [(29, "yes"), (30, "yes"), (31, "no")])
def test_death_within_30_days_includes_day_30(root, extract, write_extract, day, early):
    row = extract.index[extract["death_date"] == ""][0]
    infusion = pd.Timestamp(extract.at[row, "infusion_date"])
    died = (infusion + pd.Timedelta(day, "D")).date().isoformat()
    later = ("relapse_date", "consolidation_date", "response_date", "crs_onset_date")
    extract.loc[row, [*later, "icans_onset_date"]] = ""
    extract.loc[row, ["death_date", "last_contact_date"]] = died
    path = write_extract(extract)
    study = make_study(parse_parameters({"preset": "aldoss_2024", "cohort": str(path)}), root=root)
    patient = study.patients.set_index("patient_id").loc[extract.at[row, "patient_id"]]
    assert patient["death_30d"] == early


COLUMNS = (
    "response_marrow_blasts_percent",
    "response_circulating_blasts",
    "response_extramedullary_disease",
    "response_anc_per_ul",
    "response_platelets_per_ul",
)


def classify(*measured):
    return classify_response(pd.DataFrame([measured], columns=COLUMNS)).iloc[0]


@pytest.mark.parametrize(
    ("blasts", "circulating", "extramedullary", "anc", "platelets"),
    list(
        itertools.product(
            (0.0, 4.9, 5.0, 60.0),
            ("no", "yes"),
            ("no", "yes"),
            (999, 1000, 1001),
            (99e3, 1e5, 101e3),
        )
    ),
)
def test_truth_table_of_the_article(blasts, circulating, extramedullary, anc, platelets):
    disease = blasts in (5.0, 60.0) or circulating == "yes" or extramedullary == "yes"
    recovered = anc == 1001 and platelets == 101e3
    expected = "no_response" if disease else "cr" if recovered else "cri"
    assert classify(blasts, circulating, extramedullary, anc, platelets) == expected


@pytest.mark.parametrize("absent", range(len(COLUMNS)))
def test_a_remission_needs_every_measurement(absent):
    measured = [1.0, "no", "no", 2000.0, 2e5]
    measured[absent] = None
    assert pd.isna(classify(*measured))


def test_disease_needs_only_one():
    assert classify(80.0, None, None, None, None) == "no_response"
    assert classify(None, "yes", None, None, None) == "no_response"
    assert classify(None, None, "yes", None, None) == "no_response"
