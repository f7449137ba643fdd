"""Cox regression: R's coxph, a hand calculation and invariants."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.stats.cox import fit_cox

FIELDS = ("coefficient", "std_error", "hazard_ratio", "ci_low", "ci_high", "z", "p_value")
ROWS = st.tuples(st.integers(1, 9), st.booleans(), st.integers(0, 4), st.sampled_from("xyz"))
COHORTS = st.lists(ROWS, min_size=8, max_size=30)


@pytest.mark.parametrize("name", ["veteran", "lung", "lung_months", "larynx"])
def test_cox_matches_coxph(name: str, model, golden) -> None:
    expected = golden("cox").query("data == @name")
    fit = fit_cox(*model(name))
    assert [(c.variable, c.level) for c in fit.coefficients] == list(
        zip(expected["variable"], expected["level"], strict=True)
    )
    for field in FIELDS:
        found = [getattr(c, field) for c in fit.coefficients]
        np.testing.assert_allclose(found, expected[field], rtol=1e-6, err_msg=field)
    first = expected.iloc[0]
    assert (fit.n, fit.events, fit.degrees_of_freedom) == (first.n, first.events, len(expected))
    assert fit.log_likelihood == pytest.approx(first.log_likelihood, rel=1e-10)
    assert fit.log_likelihood_null == pytest.approx(first.log_likelihood_null, rel=1e-10)
    assert fit.ties == "Efron"
    assert fit.notes == ()


def test_two_groups_of_two_recounted_by_hand() -> None:
    # Partial likelihood b/(2b+2) * 1/(b+2) * b/(b+1) with b the hazard ratio; the derivative of
    # its logarithm vanishes where b^2 - b - 4 = 0.
    group = pd.DataFrame({"x": [1.0, 0.0, 1.0, 0.0]})
    fit = fit_cox([1.0, 2.0, 3.0, 4.0], [True] * 4, group)
    b = (1 + sqrt(17)) / 2
    assert fit.coefficient("x").hazard_ratio == pytest.approx(b, rel=1e-9)
    likelihood = b / (2 * b + 2) / (b + 2) * b / (b + 1)
    assert fit.log_likelihood == pytest.approx(log(likelihood), rel=1e-12)
    assert fit.log_likelihood_null == pytest.approx(-log(4 * 3 * 2 * 1))


def test_confidence_level_sets_the_wald_limits(model) -> None:
    fit = fit_cox(*model("lung"), confidence_level=0.9)
    age = fit.coefficient("age")
    assert age.ci_low == pytest.approx(exp(age.coefficient - 1.6448536269514722 * age.std_error))
    assert age.ci_high == pytest.approx(exp(age.coefficient + 1.6448536269514722 * age.std_error))
    assert fit.confidence_level == 0.9


def test_covariance_is_keyed_by_design_column(model) -> None:
    fit = fit_cox(*model("lung"))
    assert list(fit.covariance.columns) == ["age", "sex", "ecog=1", "ecog=2", "ecog=3"]
    assert sqrt(fit.covariance.loc["ecog=2", "ecog=2"]) == pytest.approx(
        fit.coefficient("ecog", "2").std_error
    )


def test_counts_per_level_are_those_of_the_table(model) -> None:
    time, event, covariates = model("lung")
    fit = fit_cox(time, event, covariates)
    level = covariates["ecog"] == 2
    found = fit.coefficient("ecog", "2")
    assert (found.n, found.events) == (level.sum(), event[level].sum())
    assert found.reference == "0"
    assert fit.factors["ecog"].counts["0"] == (
        (covariates["ecog"] == 0).sum(),
        event[covariates["ecog"] == 0].sum(),
    )


def test_boolean_column_enters_as_an_indicator(model) -> None:
    time, event, covariates = model("lung")
    flag = covariates["sex"] == 2
    as_bool = fit_cox(time, event, pd.DataFrame({"female": flag}))
    as_number = fit_cox(time, event, pd.DataFrame({"female": flag.astype(float)}))
    assert as_bool.coefficients == as_number.coefficients


def test_model_without_covariates_has_the_null_likelihood(model) -> None:
    time, event, covariates = model("lung")
    fit = fit_cox(time, event, covariates[[]])
    assert fit.coefficients == ()
    assert fit.log_likelihood == fit.log_likelihood_null
    assert fit.degrees_of_freedom == 0


def test_changing_the_reference_turns_the_hazard_ratio_over(model) -> None:
    time, event, covariates = model("lung")
    sex = pd.Categorical(covariates["sex"], [1, 2])
    turned = pd.Categorical(covariates["sex"], [2, 1])
    forward = fit_cox(time, event, pd.DataFrame({"sex": sex})).coefficient("sex", "2")
    backward = fit_cox(time, event, pd.DataFrame({"sex": turned})).coefficient("sex", "1")
    assert forward.coefficient == pytest.approx(-backward.coefficient, rel=1e-9)
    assert forward.p_value == pytest.approx(backward.p_value, rel=1e-9)


def test_shifting_and_scaling_a_covariate_scales_its_coefficient(model) -> None:
    time, event, covariates = model("lung")
    years = fit_cox(time, event, covariates[["age"]]).coefficient("age")
    decades = fit_cox(time, event, (covariates[["age"]] - 60) / 10).coefficient("age")
    assert decades.coefficient == pytest.approx(10 * years.coefficient, rel=1e-9)
    assert decades.z == pytest.approx(years.z, rel=1e-9)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(COHORTS)
def test_row_order_and_time_unit_do_not_matter_and_nothing_explodes(cohort) -> None:
    time, event, x, group = (np.array(column) for column in zip(*cohort, strict=True))
    covariates = pd.DataFrame({"x": x, "g": pd.Categorical(group, list("xyz"))})
    fit = fit_cox(time, event, covariates)
    again = fit_cox(time[::-1] * 30.4375, event[::-1], covariates[::-1])
    for found, other in zip(fit.coefficients, again.coefficients, strict=True):
        assert found.estimable == other.estimable
        assert found.estimable == (found.reason == "") == np.isfinite(found.coefficient)
        assert found.coefficient == pytest.approx(other.coefficient, abs=1e-5, nan_ok=True)
        assert not found.estimable or found.std_error < 50
    if fit.estimates.size:
        assert fit.log_likelihood >= fit.log_likelihood_null - 1e-9
