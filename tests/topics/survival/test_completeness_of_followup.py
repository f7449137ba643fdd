"""Clark's C of the report, recounted from the dates of the extract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analysis_lib.results.rows import Key
from analysis_lib.topics.gate.numbers import gate
from analysis_lib.topics.gate.rules import COMPLETENESS, DIFFERENTIAL, UNKNOWN
from analysis_lib.topics.survival.numbers import followup
from analysis_lib.topics.survival.table import table_followup
from analysis_lib.topics.survival.words import describe_followup

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


def test_nominal_dates_have_no_completeness_and_the_gate_does_not_assess_it(study):
    nominal = replace(study, patients=study.patients.assign(infusion_date=pd.Timestamp(2022, 1, 1)))
    found = followup(nominal)
    assert not found.has_calendar
    shown = {row.key.variable for row in found.results}
    assert shown == {"reverse_kaplan_meier", "survivors", "all_patients"}
    assert "Clark" not in table_followup(found).html
    assert "cannot be told" in str(describe_followup(found))
    checked = gate(nominal)
    assert {COMPLETENESS, DIFFERENTIAL} <= {check.rule for check in checked.of(UNKNOWN)}


def test_the_person_time_of_the_arms_adds_up(study):
    results = followup(study).results
    for statistic in ("observed_person_time", "potential_person_time"):
        whole, *arms = (
            results.value(Key("followup", "followup", where, "completeness", statistic=statistic))
            for where in ("infused", "infused[ino=naive]", "infused[ino=exposed]")
        )
        assert sum(arms) == pytest.approx(whole)
