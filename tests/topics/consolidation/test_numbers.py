"""Consolidation after response: who is counted when, and what cannot be studied."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.parse import DAYS_PER_MONTH, parse_parameters
from analysis_lib.results.rows import Omitted
from analysis_lib.stats.cox import fit_cox
from analysis_lib.study.study import make_study
from analysis_lib.topics.consolidation.follow_up import (
    CLONED,
    CONSOLIDATED,
    RESPONDERS,
    Estimator,
    responders_at_landmarks,
)
from analysis_lib.topics.consolidation.numbers import consolidation_effects
from analysis_lib.topics.consolidation.simulated import (
    consolidation_simulation_results,
    simulated_estimators,
    simulation_key,
)
from analysis_lib.topics.whole import check_vocabulary


@pytest.fixture(scope="module")
def effects(study):
    return consolidation_effects(study, "pfs")


@pytest.fixture(scope="module")
def responders(study):
    patients = study.patients[study.patients["cr_cri"] == "yes"]
    days = (patients["consolidation_date"] - patients["infusion_date"]).dt.days
    return patients.assign(begin_days=days)


@pytest.fixture
def study_from(root, write_extract):
    def make(frame, **parameters):
        given = {"preset": "aldoss_2024", "cohort": str(write_extract(frame)), **parameters}
        return make_study(parse_parameters(given), root=root)

    return make


def value(one, contrast, estimator, statistic, *, adjusted=False):
    analysis = estimator.analysis + "_adjusted" * adjusted
    key = contrast.key(analysis, one.outcome, estimator.time_months)
    return one.results.value(key._replace(statistic=statistic))


def test_the_fixed_estimate_is_the_cox_model_of_the_report(effects, responders):
    any_, hct = effects.contrasts[:2]
    for contrast in (any_, hct):
        covariate = pd.DataFrame({contrast.variable: responders[contrast.variable]})
        levels = [contrast.reference, *responders[contrast.variable].cat.categories]
        covariate[contrast.variable] = covariate[contrast.variable].cat.set_categories(
            list(dict.fromkeys(levels))
        )
        fit = fit_cox(responders["pfs_months"], responders["pfs_event"], covariate)
        term = fit.coefficient(contrast.variable, contrast.level)
        for statistic in ("hazard_ratio", "std_error", "p_value"):
            found = value(effects, contrast, effects.estimators[0], statistic)
            assert found == pytest.approx(getattr(term, statistic), rel=1e-6)


def test_the_time_varying_estimate_loses_no_patient_and_no_event(effects, responders):
    any_, varying = effects.contrasts[0], effects.estimators[1]
    assert value(effects, any_, varying, "n") == len(responders)
    assert value(effects, any_, varying, "events") == responders["pfs_event"].sum()
    begun = responders["begin_days"] / DAYS_PER_MONTH < responders["pfs_months"]
    assert value(effects, any_, varying, "n_at_level") == begun.sum()
    assert value(effects, any_, varying, "events_at_level") == responders["pfs_event"][begun].sum()


def test_a_landmark_holds_who_is_in_remission_there_for_either_endpoint(study, responders):
    for outcome in ("pfs", "os"):
        one = consolidation_effects(study, outcome)
        for estimator in one.estimators[2:]:
            at_risk = responders[responders["pfs_months"] * DAYS_PER_MONTH > estimator.days]
            treated = at_risk["begin_days"] <= estimator.days
            any_ = one.contrasts[0]
            assert value(one, any_, estimator, "n") == len(at_risk)
            assert value(one, any_, estimator, "n_at_level") == treated.sum()
            events = at_risk[f"{outcome}_event"]
            assert value(one, any_, estimator, "events_at_level") == events[treated].sum()


def test_landmark_counts_add_up_and_agree_with_a_recount(study, responders):
    counts = responders_at_landmarks(study)
    for landmark in counts.landmarks:

        def count(key, statistic, time=landmark.time_months):
            return counts.results.value(key._replace(time_months=time, statistic=statistic))

        parts = ("events_to_date", "censored_to_date", "at_risk")
        assert sum(count(RESPONDERS, x) for x in parts) == count(RESPONDERS, "n")
        days = responders["pfs_months"] * DAYS_PER_MONTH
        assert count(RESPONDERS, "at_risk") == (days > landmark.days).sum()
        later = (responders["begin_days"] > landmark.days) & (responders["begin_days"] < days)
        assert count(CONSOLIDATED, "begins_later") == later.sum()
        kinds = [
            count(CONSOLIDATED._replace(variable="consolidation", level=x), "at_risk")
            for x in counts.kinds
        ]
        assert 0 < sum(kinds) <= count(CONSOLIDATED, "at_risk")
    begun = responders["begin_days"].dropna()
    assert counts.results.value(CONSOLIDATED._replace(statistic="median")) == begun.median()


def test_a_kind_that_few_could_get_is_compared_among_these_too(effects, study):
    among = [x for x in effects.contrasts if x.population != "responders"]
    assert [(x.level, x.population) for x in among] == [("tki", "responders[ph_positive=yes]")]
    could = (study.patients["cr_cri"] == "yes") & (study.patients["ph_positive"] == "yes")
    assert value(effects, among[0], effects.estimators[0], "n") == could.sum()


def test_where_all_are_of_one_kind_it_is_not_compared_twice(extract, study_from):
    given = extract["consolidation_date"] != ""
    kinds = extract["consolidation"].mask(given, "allo_hct")
    one = consolidation_effects(study_from(extract.assign(consolidation=kinds)), "os")
    assert [x.variable for x in one.contrasts] == ["consolidation_any"]
    assert [x.analysis for x in one.curves] == ["simon_makuch_any"]


def test_adjusted_estimates_need_events(effects):
    few = [
        row
        for row in effects.results
        if row.key.statistic == "hazard_ratio" and "fewer than 5 events" in row.method
    ]
    assert few and all(math.isnan(row.value) for row in few)
    assert all(row.key.analysis.endswith("_adjusted") for row in few)
    any_, varying = effects.contrasts[0], effects.estimators[1]
    crude = value(effects, any_, varying, "hazard_ratio")
    adjusted = value(effects, any_, varying, "hazard_ratio", adjusted=True)
    assert math.isfinite(adjusted) and adjusted != crude
    left_out = len(effects.follow_up.patients) - effects.incomplete
    assert value(effects, any_, varying, "n", adjusted=True) == left_out


def test_the_adjustment_follows_the_exposure_and_its_own_terms(study_of):
    other = consolidation_effects(study_of(exposure="prior_hct"), "pfs")
    assert other.adjustment[0] == "prior_hct" and "ino" not in other.adjustment
    fewer = consolidation_effects(study_of(consolidation_terms=["sex", "mrd_status"]), "os")
    assert fewer.adjustment == ("ino", "sex", "mrd_status") and fewer.dropped == ()
    default = consolidation_effects(study_of(), "os")
    assert default.adjustment[1:3] == ("response", "mrd_status")
    assert default.dropped == ("prior_hct",)  # the last, for want of events
    itself = study_of(
        exposure="consolidation_any", as_published_terms=["prior_hct"], candidates=["sex"]
    )
    assert "consolidation_any" not in consolidation_effects(itself, "os").adjustment


def test_curves_begin_at_the_first_landmark_and_patients_move_between_them(effects, responders):
    first = effects.estimators[2].days
    before, after = effects.curves[0].curves
    kept = responders[responders["pfs_months"] * DAYS_PER_MONTH > first]
    assert before.estimate.times[0] == after.estimate.times[0] == first / DAYS_PER_MONTH
    moved = (kept["begin_days"] > first) & (
        kept["begin_days"] < kept["pfs_months"] * DAYS_PER_MONTH
    )
    assert before.estimate.moved.sum() == moved.sum() > 0
    assert after.estimate.n == moved.sum() + (kept["begin_days"] <= first).sum()
    censored = before.estimate.censored.sum() + after.estimate.censored.sum()
    assert censored == (~kept["pfs_event"]).sum()
    for time in effects.curves[0].risk_times[1:]:
        at_risk = sum(int(x.estimate.number_at_risk([time])[0]) for x in (before, after))
        assert at_risk == (kept["pfs_months"] >= time).sum()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"consolidation": "", "consolidation_date": ""}, "records no consolidation"),
        ({"consolidation_date": ""}, "no day on which consolidation began"),
        ({"consolidation": "none", "consolidation_date": ""}, "No responder was consolidated"),
        (
            {"response_circulating_blasts": "yes", "response_not_evaluable_reason": ""},
            "No infused patient is known to have responded",
        ),
    ],
)
def test_what_cannot_be_studied_is_said(extract, study_from, change, reason):
    study = study_from(extract.assign(**change), model_population="infused")
    for found in (
        consolidation_effects(study, "pfs"),
        responders_at_landmarks(study),
        consolidation_simulation_results(study),
    ):
        assert isinstance(found, Omitted) and reason in found.reason


def test_consolidation_that_cannot_be_placed_is_counted_and_left_out(extract, study_from):
    given = extract["consolidation_date"] != ""
    undated = given & (given.cumsum() % 3 == 0)
    dates = extract["consolidation_date"].mask(undated, "")
    study = study_from(extract.assign(consolidation_date=dates, response_date=""))
    one = consolidation_effects(study, "os")
    responded = study.patients["cr_cri"] == "yes"
    lost = (study.patients["consolidation"] != "none") & study.patients["consolidation_date"].isna()
    assert one.follow_up.unplaced == (responded & lost).sum() > 0
    assert one.follow_up.without_entry == len(one.follow_up.patients)
    assert value(one, one.contrasts[0], one.estimators[1], "n") == (responded & ~lost).sum()


def test_beyond_all_follow_up_nobody_is_at_risk(study):
    def looked_at(*days):  # a default landmark may lie beyond a short cohort's follow-up
        parameters = replace(study.parameters, consolidation_landmarks=list(days))
        return consolidation_effects(replace(study, parameters=parameters), "pfs")

    one = looked_at(60, 3000)
    last = one.estimators[-1]
    key = one.contrasts[0].key(last.analysis, "pfs", last.time_months)
    row = one.results.row(key._replace(statistic="hazard_ratio"))
    assert math.isnan(row.value) and row.method == "not estimable: nobody at risk"
    assert value(one, one.contrasts[0], last, "n") == 0
    assert looked_at(3000).curves == ()


def test_nobody_fails_after_consolidation(extract, study_from):
    given = extract["consolidation_date"] != ""
    blank = {x: extract[x].mask(given, "") for x in ("relapse_date", "death_date")}
    cause = extract["cause_of_death"].mask(given, "")
    one = consolidation_effects(study_from(extract.assign(**blank, cause_of_death=cause)), "pfs")
    rows = [x for x in one.results if x.key.statistic == "hazard_ratio"]
    assert rows and all(math.isnan(x.value) for x in rows)
    assert any("no events at this level" in x.method for x in rows)


def test_a_simulation_is_rebuilt_from_its_rows(study, effects):
    results = consolidation_simulation_results(study, cohorts=4)
    check_vocabulary(results, study.dictionary)
    found = simulated_estimators(results)
    tried = (*effects.estimators, Estimator(CLONED))
    assert found == tuple((x, y) for x in ("pfs", "os") for y in tried)
    again = consolidation_simulation_results(study, cohorts=4)
    assert [x.value for x in again] == pytest.approx([x.value for x in results], nan_ok=True)
    for outcome, estimator in found:
        row = results.row(simulation_key(outcome, estimator)._replace(statistic="replications"))
        assert row.value == 4
        bias = results.value(row.key._replace(statistic="bias"))
        ratio = results.value(row.key._replace(statistic="hazard_ratio"))
        assert ratio == pytest.approx(np.exp(bias), nan_ok=True)


def test_landmarks_are_days_in_order(study_of):
    assert parse_parameters({"consolidation_landmarks": "[90, 45.5]"}).consolidation_landmarks == [
        45.5,
        90,
    ]
    for wrong, message in (([], "must not be empty"), ([0], "between 1"), (["60"], "a number")):
        with pytest.raises(ParameterError, match=f"consolidation_landmarks.*{message}"):
            parse_parameters({"consolidation_landmarks": wrong})
