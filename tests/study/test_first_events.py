"""Which event came first, and when toxicity began: dates recounted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis_lib.study.endpoints import first_failure, toxicity_onset

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
