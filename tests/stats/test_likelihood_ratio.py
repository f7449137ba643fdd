"""Likelihood ratio tests of nested Cox models."""

from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_tests import drop_one_tests, global_test, likelihood_ratio_test


@pytest.mark.parametrize("name", ["veteran", "lung", "lung_months", "larynx", "lung_empty"])
def test_drop_one_matches_drop1(name: str, model, golden) -> None:
    expected = golden("drop_one").query("data == @name")
    tests = drop_one_tests(fit_cox(*model(name)), *model(name))
    some = drop_one_tests(fit_cox(*model(name)), *model(name), of=list(tests)[:1])
    assert list(some) == list(tests)[:1]
    assert list(tests) == expected["variable"].tolist()
    for row in expected.itertuples():
        found = tests[row.variable]
        assert found.degrees_of_freedom == row.df
        assert found.statistic == pytest.approx(row.statistic, rel=1e-6)
        assert found.p_value == pytest.approx(row.p_value, rel=1e-6)


def test_model_against_the_null_model_doubles_the_gain(model, golden) -> None:
    time, event, covariates = model("lung")
    expected = golden("cox").query("data == 'lung'").iloc[0]
    full = fit_cox(time, event, covariates)
    gain = expected["log_likelihood"] - expected["log_likelihood_null"]
    for test in (
        likelihood_ratio_test(full, fit_cox(time, event, covariates[[]])),
        global_test(full),
    ):
        assert test.statistic == pytest.approx(2 * gain, rel=1e-9)
        assert test.degrees_of_freedom == 5


def test_different_patients_are_refused(model) -> None:
    time, event, covariates = model("lung")
    full = fit_cox(time, event, covariates)
    part = fit_cox(time[:100], event[:100], covariates[["age"]][:100])
    with pytest.raises(StatisticsError, match=r"\(227, 164\) and \(100, "):
        likelihood_ratio_test(full, part)


def test_covariate_without_information_has_no_degree_of_freedom(model) -> None:
    time, event, covariates = model("lung")
    covariates = covariates.assign(site=1.0)
    full = fit_cox(time, event, covariates)
    test = drop_one_tests(full, time, event, covariates)["site"]
    assert (test.statistic, test.degrees_of_freedom) == (0.0, 0)
    assert np.isnan(test.p_value)


def test_failed_fit_gives_no_p_value(model) -> None:
    time, event, covariates = model("lung")
    nobody = np.zeros(len(event), dtype=bool)
    tests = drop_one_tests(fit_cox(time, nobody, covariates), time, nobody, covariates)
    assert np.isnan([test.p_value for test in tests.values()]).all()
