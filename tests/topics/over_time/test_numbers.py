"""Restricted means, periods and residuals by exposure: what they hold, and what they cannot."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import make_study
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.over_time.numbers import (
    AFTER,
    BEFORE,
    CHANGE,
    hazard_periods,
    proportionality,
    restricted_means,
)
from analysis_lib.topics.whole import check_vocabulary

MEAN = "restricted_mean"


@pytest.fixture(scope="module")
def without_events(root, tmp_path_factory):
    """The study in which none of the never exposed died or relapsed."""
    extract = pd.read_csv(root / "data" / "cohort.csv", dtype=str, keep_default_na=False)
    doses = extract[["ino_doses_preapheresis", "ino_doses_bridging"]].replace("", "0")
    naive = doses.astype(int).sum(axis=1) == 0
    changed = extract.copy()
    cleared = ["death_date", "relapse_date", "cause_of_death", "response_not_evaluable_reason"]
    changed.loc[naive, cleared] = ""
    path = tmp_path_factory.mktemp("extract") / "extract.csv"
    changed.to_csv(path, index=False)
    return make_study(parse_parameters({"preset": "aldoss_2024", "cohort": str(path)}), root=root)


def test_every_event_is_in_one_period(study):
    periods = hazard_periods(study, "pfs")
    key = periods.key._replace(variable="")
    counted = {
        analysis: {
            x: periods.results.value(key._replace(analysis=analysis, statistic=x))
            for x in ("n", "events")
        }
        for analysis in (BEFORE, AFTER)
    }
    patients = study.patients
    later = patients["pfs_months"] > 6
    assert counted[BEFORE] == {
        "n": len(patients),
        "events": (patients["pfs_event"] & ~later).sum(),
    }
    assert counted[AFTER] == {"n": later.sum(), "events": (patients["pfs_event"] & later).sum()}


def test_the_change_is_the_later_ratio_over_the_earlier(study):
    periods = hazard_periods(study, "os")
    before, after = (
        periods.results.value(periods.contrast(x, "exposed")._replace(statistic="hazard_ratio"))
        for x in (BEFORE, AFTER)
    )
    key = periods.contrast(CHANGE, "exposed")._replace(statistic="hazard_ratio_change")
    assert periods.results.value(key) == pytest.approx(after / before)


def test_the_cut_is_a_parameter_and_part_of_the_key(study_of):
    periods = hazard_periods(study_of(hazard_cut_months=9), "pfs")
    assert periods.cut == 9
    assert {row.key.time_months for row in periods.results} == {9.0}
    # A chosen cut that nobody was followed to is refused; the default one says why it is not used.
    late = hazard_periods(study_of(data_lock="2022-03-01", minimum_followup_days=0), "pfs")
    assert isinstance(late, Omitted)
    assert "longer than 6 months" in late.reason


def test_the_mean_is_the_area_under_the_curve_that_the_report_draws(study):
    means = restricted_means(study, "os")
    members = study.patients[study.patients["ino"] == "exposed"]
    time, event = members["os_months"].to_numpy(), members["os_event"].to_numpy()
    survival, area, last = 1.0, 0.0, 0.0
    for t in np.unique(time[event & (time <= 12)]):
        area += survival * (t - last)
        survival *= 1 - (event & (time == t)).sum() / (time >= t).sum()
        last = t
    area += survival * (12 - last)
    key = means.group_key("exposed", 12.0)._replace(statistic=MEAN)
    assert means.results.value(key) == pytest.approx(area)


def test_beyond_the_follow_up_of_a_group_its_mean_is_omitted_with_the_reason(study_of):
    study = study_of(data_lock="2023-02-28")
    means = restricted_means(study, "pfs")
    assert means.times == (12.0, 18.0)
    for level in ("naive", "exposed"):
        row = means.results.row(means.group_key(level, 18.0)._replace(statistic=MEAN))
        assert math.isnan(row.value)
        assert row.method == "not estimable: follow-up ends before this time"
        near = means.results.row(means.group_key(level, 12.0)._replace(statistic=MEAN))
        assert 0 < near.value < 12
    check_vocabulary(means.results, study.dictionary)


def test_of_several_groups_each_has_a_mean_and_a_change_against_the_reference(study_of):
    study = study_of(exposure="disease_subtype")
    others = study.groups.levels[1:]
    assert len(others) == 2
    means, periods = restricted_means(study, "os"), hazard_periods(study, "os")
    for level in others:
        key = means.contrast_key(level, 12.0)._replace(statistic=f"{MEAN}_difference")
        own, reference = (
            means.results.value(means.group_key(x, 12.0)._replace(statistic=MEAN))
            for x in (level, study.groups.reference)
        )
        assert means.results.value(key) == pytest.approx(own - reference)
        assert periods.results.has(periods.contrast(CHANGE, level)._replace(statistic="p_value"))


def test_a_group_without_events_has_a_mean_without_an_interval(without_events):
    means = restricted_means(without_events, "os")
    key = means.group_key("naive", 12.0)
    assert means.results.value(key._replace(statistic=MEAN)) == 12.0
    end = means.results.row(key._replace(statistic=f"{MEAN}_ci_low"))
    assert math.isnan(end.value) and end.method.startswith("not estimable")


def test_a_group_without_events_has_no_ratio_in_either_period(without_events):
    periods = hazard_periods(without_events, "os")
    row = periods.results.row(
        periods.contrast(CHANGE, "exposed")._replace(statistic="hazard_ratio_change")
    )
    assert math.isnan(row.value)
    assert "no events at the reference level before the cut" in row.method
    checks = proportionality(without_events, "os").checks
    assert all(math.isnan(check.p_value) and check.smooth is None for check in checks)


def test_the_adjusted_check_is_that_of_the_primary_model(study):
    ladder = exposure_ladder(study, "pfs")
    found = proportionality(study, "pfs")
    crude, adjusted = found.checks
    [own] = [x for x in ladder.baseline.proportional_hazards.terms if x.variable == "ino"]
    assert adjusted.p_value == own.p_value != crude.p_value
    assert len(adjusted.tested.residuals.time) == ladder.baseline.fit.events
    assert len(crude.tested.residuals.time) == study.patients["pfs_event"].sum()
    # Only the crude test is new: the primary model's stands in its own results.
    assert [row.key.analysis for row in found.results] == ["proportional_hazards_crude"]
