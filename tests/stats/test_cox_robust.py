"""Errors by centre, models without one group at a time, and the score residuals behind them."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_robust import NO_ESTIMATE, jackknife_errors, leave_one_out
from analysis_lib.stats.partial_likelihood import score_residuals
from analysis_lib.stats.risk_sets import risk_sets

FIELDS = ("std_error", "ci_low", "ci_high", "p_value")


@pytest.mark.parametrize("name", ["veteran", "lung", "lung_months", "larynx"])
def test_errors_match_refits_of_coxph_with_ties(name: str, model, golden) -> None:
    expected = golden("cox_jackknife").query("data == @name")
    columns = list(zip(expected["variable"], expected["level"], strict=True))
    time, event, covariates = model(name)
    fit = fit_cox(time, event, covariates)
    clusters = np.arange(len(time)) % 17
    found = jackknife_errors(fit, time, event, covariates, clusters, columns=columns)
    assert found.clusters == 17 and found.method.endswith("t interval with 16 degrees of freedom")
    assert [(c.variable, c.level) for c in found.coefficients] == columns
    for field in FIELDS:
        values = [getattr(c, field) for c in found.coefficients]
        np.testing.assert_allclose(values, expected[field], rtol=1e-6, err_msg=field)
    for one in found.coefficients:
        own = fit.coefficient(one.variable, one.level).coefficient
        # One patient alone is of the last level of lung: without a cluster there is no ratio.
        assert one.coefficient == own or one.reason == NO_ESTIMATE


def test_three_clusters_recounted_by_hand(model) -> None:
    time, event, covariates = model("veteran")
    clusters = np.arange(len(time)) % 3
    fit = fit_cox(time, event, covariates, confidence_level=0.9)
    found = jackknife_errors(fit, time, event, covariates, clusters, columns=[("trt", "")])
    term, own = found.coefficient("trt"), fit.coefficient("trt").coefficient
    without = []
    for one in range(3):
        kept = clusters != one
        again = fit_cox(time[kept], event[kept], covariates[kept])
        without.append(again.coefficient("trt").coefficient)
    error = sqrt(2 / 3 * sum((x - own) ** 2 for x in without))
    assert term.std_error == pytest.approx(error, rel=1e-8)
    assert term.ci_high == pytest.approx(exp(own + t.ppf(0.95, 2) * error), rel=1e-8)
    assert [x.coefficient for x in found.left_out["trt", ""]] == pytest.approx(without)
    with pytest.raises(KeyError):
        found.coefficient("weight")


def test_a_coefficient_that_rests_on_one_cluster_has_no_error() -> None:
    # Without the first cluster nobody with x = 1 is left.
    covariates = pd.DataFrame({"x": [1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]})
    survival = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], [True] * 8
    fit = fit_cox(*survival, covariates)
    clusters = list("aaaabbcc")
    found = jackknife_errors(fit, *survival, covariates, clusters, columns=[("x", "")])
    assert fit.coefficient("x").estimable
    assert found.coefficient("x").reason == NO_ESTIMATE


def test_what_has_no_estimate_has_no_error(model) -> None:
    time, event, covariates = model("lung_empty")
    clusters = np.arange(len(time)) % 17
    fit = fit_cox(time, event, covariates)
    found = jackknife_errors(
        fit, time, event, covariates, clusters, columns=[("ecog", "9"), ("ecog", "1")]
    )
    assert not found.coefficient("ecog", "9").estimable
    assert found.coefficient("ecog", "1").estimable


def test_without_an_event_there_is_no_error_and_no_crash(model) -> None:
    time, _, covariates = model("lung")
    event = [False] * len(time)
    fit = fit_cox(time, event, covariates)
    clusters = np.arange(len(time)) % 17
    found = jackknife_errors(fit, time, event, covariates, clusters, columns=[("age", "")])
    assert {one.reason for one in found.coefficients} == {"no events"}
    assert found.clusters == 17


def test_a_single_cluster_is_refused(model) -> None:
    time, event, covariates = model("lung")
    fit = fit_cox(time, event, covariates)
    with pytest.raises(StatisticsError, match="two or more"):
        jackknife_errors(fit, time, event, covariates, ["C01"] * len(time), columns=[("age", "")])


@pytest.mark.parametrize(("name", "column"), [("veteran", "trt"), ("lung_months", "sex")])
def test_refits_match_coxph(name: str, column: str, model, golden) -> None:
    expected = golden("leave_one_out").query("data == @name")
    time, event, covariates = model(name)
    groups = np.arange(len(time)) % 17
    found = leave_one_out(time, event, covariates, groups, column=(column, ""))
    assert [int(x.label) for x in found] == expected["label"].tolist()
    for field in ("n", "events", "coefficient", "std_error"):
        values = [getattr(x, field) for x in found]
        np.testing.assert_allclose(values, expected[field], rtol=1e-6, err_msg=field)


@pytest.mark.parametrize("name", ["veteran", "lung_empty", "lung_early"])
def test_every_refit_is_that_of_the_reports_estimator(name: str, model) -> None:
    time, event, covariates = model(name)
    groups = np.arange(len(time)) % 5
    key = ("age", "")
    for one in leave_one_out(time, event, covariates, groups, column=key):
        rows = groups != int(one.label)
        term = fit_cox(time[rows], event[rows], covariates[rows]).coefficient(*key)
        assert one.coefficient == pytest.approx(term.coefficient, rel=1e-6)
        assert one.interval == pytest.approx((term.ci_low, term.ci_high), rel=1e-6)
        assert one.hazard_ratio == pytest.approx(term.hazard_ratio, rel=1e-6)


def test_a_group_that_holds_all_events_or_a_whole_level_leaves_no_estimate(model) -> None:
    time, event, covariates = model("lung_empty")
    found = {
        x.label: x
        for x in leave_one_out(
            time, event, covariates, covariates["ecog"].astype(str), column=("ecog", "1")
        )
    }
    assert np.isnan(found["1"].coefficient) and np.isfinite(found["2"].coefficient)
    by_event = leave_one_out(time, event, covariates, event, column=("age", ""))
    assert np.isnan(by_event[1].hazard_ratio) and by_event[1].events == 0


def test_score_residuals_match_r_where_nearly_every_event_is_tied(model, golden) -> None:
    time, event, covariates = model("lung_months")
    fit = fit_cox(time, event, covariates)
    matrix = pd.get_dummies(covariates, columns=["ecog"], drop_first=True, dtype=float)
    sets = risk_sets(time.to_numpy(dtype=float), event.to_numpy())
    rows = matrix.to_numpy(dtype=float)[sets.order]
    found = score_residuals(sets, rows, fit.estimates.to_numpy())
    expected = golden("score_residuals").pivot(index="row", columns="column", values="residual")
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=0), 0, atol=1e-8)
