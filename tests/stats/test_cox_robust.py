"""Cluster-robust errors of Cox models: R's coxph, a hand calculation, what cannot be had."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_robust import clustered_errors
from analysis_lib.stats.partial_likelihood import risk_sets, score_residuals

FIELDS = ("std_error", "ci_low", "ci_high", "p_value")


@pytest.mark.parametrize("name", ["veteran", "lung", "lung_months", "larynx"])
def test_clustered_errors_match_coxph_with_ties(name: str, model, golden) -> None:
    expected = golden("cox_clustered").query("data == @name")
    time, event, covariates = model(name)
    fit = fit_cox(time, event, covariates)
    found = clustered_errors(fit, time, event, covariates, np.arange(len(time)) % 17)
    assert found.clusters == 17
    assert [(c.variable, c.level) for c in found.coefficients] == list(
        zip(expected["variable"], expected["level"], strict=True)
    )
    for field in FIELDS:
        values = [getattr(c, field) for c in found.coefficients]
        np.testing.assert_allclose(values, expected[field], rtol=1e-6, err_msg=field)
    assert [c.coefficient for c in found.coefficients] == [c.coefficient for c in fit.coefficients]


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


def test_two_groups_of_two_recounted_by_hand() -> None:
    # x = 1, 0, 1, 0 with events at 1, 2, 3, 4; b is the hazard ratio (see test_cox.py), m and h
    # the mean of those at risk and the hazard at each event.
    b = (1 + sqrt(17)) / 2
    m = [b / (b + 1), b / (b + 2), b / (b + 1)]
    h = [1 / (2 * b + 2), 1 / (b + 2), 1 / (b + 1)]
    residuals = [
        (1 - m[0]) * (1 - b * h[0]),
        -m[1] + m[0] * h[0] + m[1] * h[1],
        (1 - m[2]) - b * sum((1 - m[i]) * h[i] for i in range(3)),
        sum(m[i] * h[i] for i in range(3)),
    ]
    covariates = pd.DataFrame({"x": [1.0, 0.0, 1.0, 0.0]})
    survival = [1.0, 2.0, 3.0, 4.0], [True] * 4
    fit = fit_cox(*survival, covariates)
    found = clustered_errors(fit, *survival, covariates, ["a", "a", "b", "b"])
    meat = (residuals[0] + residuals[1]) ** 2 + (residuals[2] + residuals[3]) ** 2
    variance = fit.coefficient("x").std_error ** 2
    assert found.coefficient("x").std_error == pytest.approx(variance * sqrt(meat), rel=1e-8)


def test_patients_of_a_level_without_events_carry_no_residual(model) -> None:
    time, event, covariates = model("lung_empty")
    fit = fit_cox(time, event, covariates)
    clusters = np.arange(len(time)) % 17
    found = clustered_errors(fit, time, event, covariates, clusters)
    kept = (covariates["ecog"] != 9).to_numpy()
    inside = covariates[kept].assign(ecog=covariates["ecog"][kept].cat.remove_categories([9]))
    again = fit_cox(time[kept], event[kept], inside)
    expected = clustered_errors(again, time[kept], event[kept], inside, clusters[kept])
    assert not found.coefficient("ecog", "9").estimable
    for level in ("1", "2"):
        assert found.coefficient("ecog", level).std_error == pytest.approx(
            expected.coefficient("ecog", level).std_error, rel=1e-9
        )


def test_an_infinite_coefficient_leaves_no_robust_error(model) -> None:
    time, event, covariates = model("lung_early")
    fit = fit_cox(time, event, covariates)
    found = clustered_errors(fit, time, event, covariates, np.arange(len(time)) % 17)
    assert fit.coefficient("age").estimable
    assert not any(one.estimable for one in found.coefficients)
    assert found.coefficient("age").reason == "the model has an infinite coefficient"
    with pytest.raises(KeyError):
        found.coefficient("weight")


def test_without_an_event_there_is_no_error_and_no_crash(model) -> None:
    time, _, covariates = model("lung")
    event = [False] * len(time)
    fit = fit_cox(time, event, covariates)
    found = clustered_errors(fit, time, event, covariates, np.arange(len(time)) % 17)
    assert {one.reason for one in found.coefficients} == {"no events"}
    assert found.clusters == 17


def test_a_single_cluster_is_refused(model) -> None:
    time, event, covariates = model("lung")
    fit = fit_cox(time, event, covariates)
    with pytest.raises(StatisticsError, match="two or more"):
        clustered_errors(fit, time, event, covariates, ["C01"] * len(time))
