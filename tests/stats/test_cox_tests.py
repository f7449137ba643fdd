"""Tests of Cox models: likelihood ratio, inflation factors, contrasts between any two levels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_results import CoxFit, contrast
from analysis_lib.stats.cox_tests import (
    drop_one_tests,
    generalized_vif,
    global_test,
    likelihood_ratio_test,
)


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


@pytest.mark.parametrize("name", ["veteran", "lung", "lung_months", "larynx"])
def test_gvif_matches_the_determinants_computed_in_r(name: str, model, golden) -> None:
    found = generalized_vif(fit_cox(*model(name)))
    expected = golden("generalized_vif").query("data == @name")
    assert list(found) == expected["variable"].tolist()
    for row in expected.itertuples():
        vif = found[row.variable]
        assert (vif.gvif, vif.degrees_of_freedom) == (pytest.approx(row.gvif, rel=1e-6), row.df)
        assert vif.scaled == pytest.approx(row.gvif ** (1 / (2 * row.df)), rel=1e-6)


def test_two_covariates_inflate_each_other_alike(model) -> None:
    time, event, covariates = model("lung")
    fit = fit_cox(time, event, covariates[["age", "sex"]])
    found = generalized_vif(fit)
    correlation = fit.covariance.loc["age", "sex"] / np.sqrt(np.diag(fit.covariance)).prod()
    assert found["age"].gvif == pytest.approx(1 / (1 - correlation**2))
    assert found["sex"].gvif == pytest.approx(found["age"].gvif)


def test_covariate_alone_is_not_inflated(model) -> None:
    time, event, covariates = model("lung")
    assert generalized_vif(fit_cox(time, event, covariates[["age"]]))["age"].gvif == 1.0


def test_covariate_without_coefficient_has_no_gvif(model) -> None:
    time, event, covariates = model("lung")
    found = generalized_vif(fit_cox(time, event, covariates.assign(site=1.0)))
    assert np.isnan(found["site"].gvif)
    assert found["age"].gvif > 1
    none = generalized_vif(fit_cox([1.0], [False], pd.DataFrame({"age": [60.0]})))
    assert np.isnan(none["age"].gvif)


@pytest.fixture(scope="module")
def lung_fit(model) -> CoxFit:
    return fit_cox(*model("lung"))


def test_contrast_matches_refitting_with_another_reference(lung_fit, golden) -> None:
    for row in golden("contrast").itertuples():
        found = contrast(lung_fit, row.variable, row.level, row.versus)
        expected = (row.coefficient, row.std_error, row.p_value)
        values = (found.coefficient, found.std_error, found.p_value)
        assert values == pytest.approx(expected, rel=1e-6)
        assert (found.level, found.reference) == (row.level, row.versus)


def test_contrast_with_the_reference_is_the_coefficient_itself(lung_fit) -> None:
    assert contrast(lung_fit, "ecog", "2", "0") == lung_fit.coefficient("ecog", "2")


def test_levels_stay_comparable_when_the_reference_has_no_events(model) -> None:
    time, event, covariates = model("lung_empty")
    declared = covariates.assign(ecog=covariates["ecog"].cat.reorder_categories([9, 0, 1, 2]))
    found = contrast(fit_cox(time, event, declared), "ecog", "2", "1")
    usual = contrast(fit_cox(time, event, covariates), "ecog", "2", "1")
    assert found.coefficient == pytest.approx(usual.coefficient, rel=1e-9)
    assert found.std_error == pytest.approx(usual.std_error, rel=1e-9)


@pytest.mark.parametrize("pair", [("9", "1"), ("1", "9")])
def test_contrast_with_a_level_without_events_is_not_estimable(pair, model) -> None:
    found = contrast(fit_cox(*model("lung_empty")), "ecog", *pair)
    assert not found.estimable
    assert found.reason == "no events at this level"
    assert np.isnan(found.hazard_ratio)


def test_contrast_in_a_model_that_was_not_fitted_says_why(model) -> None:
    time, event, covariates = model("lung")
    fit = fit_cox(time, np.zeros(len(event), dtype=bool), covariates)
    assert contrast(fit, "ecog", "1", "0").reason == "no events"


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (("age", "1", "2"), "'age'"),
        (("ecog", "7", "1"), "'7' is no level of 'ecog'"),
        (("ecog", "1", "1"), "two levels"),
    ],
)
def test_impossible_contrast_is_refused(question, message: str, lung_fit) -> None:
    with pytest.raises(StatisticsError, match=message):
        contrast(lung_fit, *question)
