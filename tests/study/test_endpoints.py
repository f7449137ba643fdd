from __future__ import annotations

import pandas as pd
import pytest

from analysis_lib.study.endpoints import (
    followup,
    months,
    overall_survival,
    progression_free_survival,
)

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
