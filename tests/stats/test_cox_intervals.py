"""Cox regression over pieces of follow-up: R's coxph on start and stop, lifelines, and edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxTimeVaryingFitter

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_intervals import fit_cox_intervals
from analysis_lib.stats.cox_results import CoxFit
from analysis_lib.stats.follow_up import Intervals, landmark_follow_up, split_follow_up
from analysis_lib.stats.partial_likelihood import fit_efron

COVARIATES = ["age", "surgery"]


def fit_pieces(table: pd.DataFrame, pieces: Intervals) -> CoxFit:
    covariates = table[COVARIATES].iloc[pieces.patient].reset_index(drop=True)
    covariates.insert(0, "treated", pieces.treated.astype(float))
    return fit_cox_intervals(
        pieces.start, pieces.stop, pieces.event, covariates, patient=pieces.patient
    )


def fit_named(data, name: str) -> CoxFit:
    """The model that R calls by this name."""
    if name == "pbcseq":
        table = data(name)
        covariates = table[["log_bili", "edema", "age"]]
        return fit_cox_intervals(
            table["start"], table["stop"], table["event"], covariates, patient=table["id"]
        )
    table = data("jasa_months" if name == "jasa_months" else "jasa")
    time, event, wait = table["time"], table["event"], table["wait"]
    if "landmark" in name:
        at = float(name.rpartition("_")[2])
        return fit_pieces(table, landmark_follow_up(time, event, wait, at=at))
    entry = np.full(len(table), 14.0 if name == "jasa_late" else 0.0)
    return fit_pieces(table, split_follow_up(time, event, wait, entry=entry))


def test_every_model_matches_coxph(data, golden) -> None:
    for name, rows in golden("cox_intervals").groupby("data"):
        fit = fit_named(data, name)
        assert fit.events == rows.iloc[0].events
        assert fit.log_likelihood == pytest.approx(rows.iloc[0].log_likelihood, rel=1e-10)
        assert fit.log_likelihood_null == pytest.approx(rows.iloc[0].log_likelihood_null, rel=1e-10)
        for row in rows.itertuples():
            found = fit.coefficient(row.variable)
            for field in ("coefficient", "std_error", "ci_low", "ci_high", "p_value"):
                assert getattr(found, field) == pytest.approx(getattr(row, field), rel=1e-6), row


@pytest.mark.parametrize("name", ["jasa", "jasa_months"])
def test_lifelines_agrees(data, name: str) -> None:
    table = data(name)
    pieces = split_follow_up(table["time"], table["event"], table["wait"])
    frame = table[COVARIATES].iloc[pieces.patient].reset_index(drop=True)
    frame = frame.assign(
        treated=pieces.treated.astype(float),
        id=pieces.patient,
        start=pieces.start,
        stop=pieces.stop,
        event=pieces.event,
    )
    other = CoxTimeVaryingFitter().fit(
        frame, id_col="id", event_col="event", fit_options={"precision": 1e-12}
    )
    fit = fit_pieces(table, pieces)
    for variable in ("treated", *COVARIATES):
        found = fit.coefficient(variable)
        assert found.coefficient == pytest.approx(other.params_[variable], rel=1e-6)
        assert found.std_error == pytest.approx(other.standard_errors_[variable], rel=1e-6)


@pytest.mark.parametrize("name", ["veteran", "lung_months", "larynx", "lung_empty"])
def test_one_piece_a_patient_is_the_cox_model_of_the_report(model, name: str) -> None:
    time, event, covariates = model(name)
    plain = fit_cox(time, event, covariates)
    zero = np.zeros(len(time))
    pieces = fit_cox_intervals(zero, time, event, covariates, patient=np.arange(len(time)))
    assert (pieces.n, pieces.events) == (plain.n, plain.events)
    assert pieces.degrees_of_freedom == plain.degrees_of_freedom
    assert pieces.factors == plain.factors
    for found, expected in zip(pieces.coefficients, plain.coefficients, strict=True):
        assert (found.level, found.n, found.events) == (expected.level, expected.n, expected.events)
        assert (found.estimable, found.reason) == (expected.estimable, expected.reason)
        if found.estimable:
            assert found.coefficient == pytest.approx(expected.coefficient, rel=1e-6)
            assert found.std_error == pytest.approx(expected.std_error, rel=1e-6)


def test_the_fast_likelihood_takes_the_same_pieces(data) -> None:
    table = data("jasa_months")
    pieces = split_follow_up(table["time"], table["event"], table["wait"])
    fast = fit_efron(
        pieces.stop, pieces.event, pieces.treated[:, None].astype(float), entry=pieces.start
    )
    slow = fit_cox_intervals(
        pieces.start,
        pieces.stop,
        pieces.event,
        pd.DataFrame({"treated": pieces.treated}),
        patient=pieces.patient,
    ).coefficient("treated")
    assert fast.coefficients[0] == pytest.approx(slow.coefficient, rel=1e-9)
    assert fast.information[0, 0] ** -0.5 == pytest.approx(slow.std_error, rel=1e-9)


def test_splitting_a_piece_changes_nothing(data) -> None:
    table = data("jasa_months").reset_index(drop=True)
    whole = split_follow_up(table["time"], table["event"], table["wait"])
    halves = (whole.stop - whole.start) / 2
    first = (whole.start, whole.start + halves, np.zeros(len(halves), dtype=bool))
    second = (whole.start + halves, whole.stop, whole.event)
    start, stop, event = (np.concatenate(x) for x in zip(first, second, strict=True))
    again = Intervals(np.tile(whole.patient, 2), start, stop, event, np.tile(whole.treated, 2))
    for variable in ("treated", *COVARIATES):
        one = fit_pieces(table, whole).coefficient(variable)
        other = fit_pieces(table, again).coefficient(variable)
        assert other.coefficient == pytest.approx(one.coefficient, rel=1e-8)
        assert other.std_error == pytest.approx(one.std_error, rel=1e-8)


def fit_small(start, stop, event, treated) -> CoxFit:
    covariates = pd.DataFrame({"state": pd.Categorical(treated, ["no", "yes"])})
    return fit_cox_intervals(start, stop, event, covariates, patient=np.arange(len(stop)))


def test_a_state_without_events_has_no_estimate_and_says_why() -> None:
    treated = ["no", "no", "no", "yes"]
    fit = fit_small([0.0, 0, 0, 2], [1.0, 2, 3, 4], [True, True, True, False], treated)
    named = fit.coefficient("state", "yes")
    assert not named.estimable
    assert (named.reason, named.n, named.events) == ("no events at this level", 1, 0)


def test_states_that_are_never_at_risk_together_cannot_be_compared() -> None:
    fit = fit_small(
        [0.0, 0, 5, 5], [1.0, 2, 6, 7], [True, True, True, True], ["no", "no", "yes", "yes"]
    )
    assert not fit.coefficient("state", "yes").estimable


def test_a_coefficient_that_runs_away_leaves_the_others_finite() -> None:
    rng = np.random.default_rng(1)
    n = 60
    time, x = rng.exponential(5, n) + 1, rng.normal(size=n)
    early = (time <= np.sort(time)[4]).astype(float)
    covariates = pd.DataFrame({"early": early, "x": x})
    event = np.ones(n, dtype=bool)
    expected = fit_cox(time, event, covariates)
    fit = fit_cox_intervals(np.zeros(n), time, event, covariates, patient=np.arange(n))
    assert not fit.coefficient("early").estimable and not expected.coefficient("early").estimable
    found, limit = fit.coefficient("x"), expected.coefficient("x")
    assert found.coefficient == pytest.approx(limit.coefficient, abs=1e-5)
    assert found.std_error == pytest.approx(limit.std_error, rel=1e-4)


@pytest.mark.parametrize(
    ("event", "reason"),
    [([False] * 4, "no events"), ([True, False, False, False], "fewer events (1)")],
)
def test_too_few_events_are_not_fitted(event: list[bool], reason: str) -> None:
    covariates = pd.DataFrame({"x": [1.0, 2, 3, 5], "y": [1.0, 0, 1, 0]})
    fit = fit_cox_intervals([0] * 4, [1.0, 2, 3, 4], event, covariates, patient=range(4))
    assert fit.notes[0].startswith(f"not fitted: {reason}")
    assert not any(x.estimable for x in fit.coefficients)


def test_rows_must_belong_together() -> None:
    covariates = pd.DataFrame({"x": [1.0, 2.0]})
    with pytest.raises(StatisticsError, match="stop and patient"):
        fit_cox_intervals([0, 0], [1.0, 2], [True, True], covariates, patient=[1])
