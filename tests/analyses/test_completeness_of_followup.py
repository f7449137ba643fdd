"""Clark's C of the report, recounted from the dates of the extract."""

from __future__ import annotations

from datetime import date

import pytest

from analysis_lib.analyses import Key, followup

LOCK = date(2023, 10, 30)


def test_clarks_c_recounted_from_the_dates(study, extract):
    eligible = extract[extract["patient_id"].isin(study.patients["patient_id"])]
    observed = potential = 0
    for row in eligible.itertuples():
        start = date.fromisoformat(row.infusion_date)
        died = bool(row.death_date) and date.fromisoformat(row.death_date) <= LOCK
        end = date.fromisoformat(row.death_date if died else row.last_contact_date)
        observed += (min(end, LOCK) - start).days
        potential += ((end if died else LOCK) - start).days
    key = Key("followup", "followup", "infused", "completeness", statistic="completeness")
    results = followup(study).results
    assert results.value(key) == pytest.approx(observed / potential)
    assert 0 < results.value(key) < 1


def test_the_person_time_of_the_arms_adds_up(study):
    results = followup(study).results
    for statistic in ("observed_person_time", "potential_person_time"):
        whole, *arms = (
            results.value(Key("followup", "followup", where, "completeness", statistic=statistic))
            for where in ("infused", "infused[ino=naive]", "infused[ino=exposed]")
        )
        assert sum(arms) == pytest.approx(whole)
