"""Gamma frailty and strata of clusters: R's fits, limits by hand, what cannot be had."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.frailty_cox import NOT_FINITE, fit_frailty_cox

FIELDS = ("coefficient", "std_error", "ci_low", "ci_high", "p_value")
TERMS = {
    "kidney_plain": ["age", "sex"],
    "kidney": ["age", "sex", "disease"],
    "rats": ["rx", "sex"],
    "veteran": ["trt", "karno", "celltype"],
}
LEVELS = {
    "disease": ["Other", "GN", "AN", "PKD"],
    "celltype": ["squamous", "smallcell", "adeno", "large"],
}


@pytest.fixture
def clustered(data):
    """Time, event, covariates and clusters of a reference data set."""

    def read(name: str):
        table = data(name.removesuffix("_plain"))
        covariates = table[TERMS[name]].copy()
        for factor in LEVELS.keys() & set(covariates):
            covariates[factor] = pd.Categorical(covariates[factor], LEVELS[factor])
        clusters = table.get("cluster", pd.Series(np.arange(len(table)) % 17))
        return table["time"], table["event"], covariates, clusters

    return read


def matches(found, expected: pd.DataFrame, rtol: float = 1e-6) -> None:
    terms = [
        found.coefficient(variable, level)
        for variable, level in zip(expected["variable"], expected["level"], strict=True)
    ]
    for field in FIELDS:
        values = [getattr(term, field) for term in terms]
        np.testing.assert_allclose(values, expected[field], rtol=rtol, err_msg=field)


@pytest.mark.parametrize("name", ["kidney", "rats", "veteran"])
def test_a_given_variance_of_the_frailty_matches_coxph(name: str, clustered, golden) -> None:
    expected = golden("frailty_cox").query("data == @name and given == 0.5")
    assert len(expected)
    matches(fit_frailty_cox(*clustered(name), variance=0.5), expected)


@pytest.mark.parametrize("name", ["kidney_plain", "rats"])
def test_the_variance_of_the_frailty_matches_coxph(name: str, clustered, golden) -> None:
    expected = golden("frailty_cox").query("data == @name and given.isna()")
    found = fit_frailty_cox(*clustered(name))
    assert found.variance == pytest.approx(expected["variance"].iloc[0], rel=1e-6)
    matches(found, expected)


def test_clusters_that_do_not_differ_leave_the_plain_model(clustered, golden) -> None:
    time, event, covariates, clusters = clustered("kidney")
    assert golden("frailty_cox").query("data == 'kidney' and given.isna()")["variance"].max() < 1e-6
    found, plain = (
        fit_frailty_cox(time, event, covariates, clusters),
        fit_cox(time, event, covariates),
    )
    assert found.variance == 0
    assert found.coefficients == plain.coefficients


def test_a_vanishing_variance_comes_to_the_plain_model(clustered) -> None:
    time, event, covariates, clusters = clustered("rats")
    near = fit_frailty_cox(time, event, covariates, clusters, variance=1e-7)
    plain = fit_cox(time, event, covariates)
    for one, other in zip(near.coefficients, plain.coefficients, strict=True):
        assert one.coefficient == pytest.approx(other.coefficient, rel=1e-5)
        assert one.std_error == pytest.approx(other.std_error, rel=1e-5)


@pytest.mark.parametrize("name", ["rats", "veteran"])
def test_strata_match_coxph(name: str, clustered, golden) -> None:
    expected = golden("stratified_cox").query("data == @name").dropna(subset="coefficient")
    time, event, covariates, clusters = clustered(name)
    found = fit_cox(time, event, covariates, strata=clusters)
    matches(found, expected)
    assert found.log_likelihood == pytest.approx(expected["log_likelihood"].iloc[0], rel=1e-9)
    null = expected["log_likelihood_null"].iloc[0]
    assert found.log_likelihood_null == pytest.approx(null, rel=1e-9)


def test_what_is_the_same_within_every_stratum_has_no_ratio(clustered) -> None:
    time, event, covariates, clusters = clustered("rats")
    term = fit_cox(time, event, covariates, strata=clusters).coefficient("sex")
    assert not term.estimable and "same value" in term.reason


def test_one_stratum_is_the_plain_model(clustered) -> None:
    time, event, covariates, _ = clustered("veteran")
    one = fit_cox(time, event, covariates, strata=["a"] * len(time))
    assert one.coefficients == fit_cox(time, event, covariates).coefficients


def test_two_strata_by_hand() -> None:
    # One event among two in each: b at the maximum of b - 2 log(1 + e^b) is 0.
    x = pd.DataFrame({"x": [1.0, 0.0, 0.0, 1.0]})
    found = fit_cox(
        [1.0, 2.0, 3.0, 4.0], [True, False, True, False], x, strata=["a", "a", "b", "b"]
    )
    assert found.coefficient("x").coefficient == pytest.approx(0, abs=1e-12)
    assert found.coefficient("x").std_error == pytest.approx(2**0.5)


def test_an_infinite_coefficient_leaves_no_frailty_model(data) -> None:
    table = data("lung_early")
    found = fit_frailty_cox(
        table["time"], table["event"], table[["early", "age"]], np.arange(len(table)) % 5
    )
    assert np.isnan(found.variance)
    assert {term.reason for term in found.coefficients} == {NOT_FINITE}


def test_without_an_event_nothing_is_estimated(clustered) -> None:
    time, event, covariates, clusters = clustered("rats")
    found = fit_frailty_cox(time, event & False, covariates, clusters)
    assert {term.reason for term in found.coefficients} == {"no events"}
    assert np.isnan(found.variance) and found.events == 0


def test_bad_input_is_refused(clustered) -> None:
    time, event, covariates, clusters = clustered("rats")
    with pytest.raises(StatisticsError, match="two or more"):
        fit_frailty_cox(time, event, covariates, ["a"] * len(time))
    with pytest.raises(StatisticsError, match="variance must be 0 or above, but was -1"):
        fit_frailty_cox(time, event, covariates, clusters, variance=-1)
    with pytest.raises(StatisticsError):
        fit_cox(time, event, covariates, strata=clusters[:-1])
