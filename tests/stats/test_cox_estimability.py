"""What a Cox model cannot estimate is reported with its reason, never as a huge number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_maximum import infinite_direction
from analysis_lib.stats.cox_results import CoxFit
from analysis_lib.stats.inputs import check_survival
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.stats.proportional_hazards import event_moments, proportional_hazards_test

FIELDS = ("coefficient", "std_error", "hazard_ratio", "ci_low", "ci_high", "z", "p_value")


def reasons(fit: CoxFit) -> dict[tuple[str, str], str]:
    for c in fit.coefficients:
        assert c.estimable or np.isnan([getattr(c, field) for field in FIELDS]).all()
    return {(c.variable, c.level): c.reason for c in fit.coefficients if not c.estimable}


def test_level_without_events_leaves_the_others_at_the_limit_r_approaches(model, golden) -> None:
    expected = golden("cox").query("data == 'lung_empty'")
    fit = fit_cox(*model("lung_empty"))
    assert reasons(fit) == {("ecog", "9"): "no events at this level"}
    limit = expected[expected["level"] != "9"]
    found = [c for c in fit.coefficients if c.estimable]
    for field in FIELDS:
        # R stops at a coefficient of -18, so that its other coefficients are 1e-8 from the limit.
        values = [getattr(c, field) for c in found]
        np.testing.assert_allclose(values, limit[field], rtol=1e-5, err_msg=field)
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"].iloc[0], rel=1e-8)
    assert fit.log_likelihood_null == pytest.approx(expected["log_likelihood_null"].iloc[0])
    assert fit.degrees_of_freedom == 5
    assert any("ecog=9" in note and "n = 15" in note for note in fit.notes)
    assert (fit.coefficient("ecog", "9").n, fit.coefficient("ecog", "9").events) == (15, 0)


def test_covariate_that_orders_the_events_leaves_the_others_at_the_limit(model, golden) -> None:
    expected = golden("cox").query("data == 'lung_early' and variable != 'early'")
    fit = fit_cox(*model("lung_early"))
    assert reasons(fit) == {
        ("early", ""): "infinite coefficient: it orders the events without exception"
    }
    for field in FIELDS:
        values = [getattr(c, field) for c in fit.coefficients if c.estimable]
        np.testing.assert_allclose(values, expected[field], rtol=1e-5, err_msg=field)
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"].iloc[0], rel=1e-8)
    assert any("infinite" in note for note in fit.notes)


def test_reference_without_events_leaves_the_factor_not_estimable(model) -> None:
    time, event, covariates = model("lung_empty")
    declared = covariates.assign(ecog=covariates["ecog"].cat.reorder_categories([9, 0, 1, 2]))
    fit = fit_cox(time, event, declared)
    why = "no events at the reference level"
    assert reasons(fit) == {("ecog", level): why for level in "012"}
    # The other covariates do not depend on which level is called the reference.
    other = fit_cox(time, event, covariates)
    assert fit.coefficient("age").coefficient == pytest.approx(other.coefficient("age").coefficient)
    assert fit.log_likelihood == pytest.approx(other.log_likelihood)
    assert fit.factors["ecog"].working_reference == "0"


def test_empty_level_has_no_column(model) -> None:
    time, event, covariates = model("lung")
    padded = covariates.assign(ecog=covariates["ecog"].cat.add_categories([4]))
    fit, plain = fit_cox(time, event, padded), fit_cox(time, event, covariates)
    assert reasons(fit) == {("ecog", "4"): "no patients at this level"}
    assert fit.coefficients[:-1] == plain.coefficients
    assert fit.degrees_of_freedom == plain.degrees_of_freedom == 5
    assert fit.coefficient("ecog", "4").n == 0


def test_empty_reference_level_is_named(model) -> None:
    time, event, covariates = model("lung")
    empty = pd.Categorical(covariates["sex"], [0, 1, 2])
    fit = fit_cox(time, event, pd.DataFrame({"sex": empty, "age": covariates["age"]}))
    why = "no patients at the reference level"
    assert reasons(fit) == {("sex", "1"): why, ("sex", "2"): why}
    assert fit.degrees_of_freedom == 2


def test_constant_column_is_not_estimable_and_changes_nothing(model) -> None:
    time, event, covariates = model("lung")
    fit = fit_cox(time, event, covariates.assign(site=1.0))
    assert reasons(fit) == {("site", ""): "the same value in every patient at risk"}
    assert fit.coefficients[:-1] == fit_cox(time, event, covariates).coefficients


def test_covariate_far_from_zero_is_not_taken_for_constant(model) -> None:
    time, event, covariates = model("lung")
    years = fit_cox(time, event, covariates[["age"]]).coefficient("age")
    shifted = fit_cox(time, event, covariates[["age"]] + 1e9).coefficient("age")
    assert shifted.coefficient == pytest.approx(years.coefficient, rel=1e-5)


def test_collinear_columns_are_named(model) -> None:
    time, event, covariates = model("lung")
    both = covariates.assign(
        months=covariates["age"] * 12, mixed=covariates["age"] - covariates["sex"]
    )
    fit = fit_cox(time, event, both)
    assert reasons(fit) == {
        ("months", ""): "perfectly collinear with age",
        ("mixed", ""): "perfectly collinear with age, sex",
    }
    assert fit.coefficients[:5] == fit_cox(time, event, covariates).coefficients


def test_factor_nested_in_another_names_its_levels(model) -> None:
    time, event, covariates = model("lung")
    copy = covariates["ecog"].cat.rename_categories(["a", "b", "c", "d"])
    fit = fit_cox(time, event, covariates.assign(grade=copy))
    assert reasons(fit)["grade", "c"] == "perfectly collinear with ecog=2"


def test_no_events_at_all(model) -> None:
    time, event, covariates = model("lung")
    fit = fit_cox(time, np.zeros(len(event), dtype=bool), covariates)
    assert set(reasons(fit).values()) == {"no events"}
    assert len(reasons(fit)) == 5
    assert np.isnan(fit.log_likelihood)
    assert fit.events == 0


def test_fewer_events_than_parameters() -> None:
    covariates = pd.DataFrame(
        {"a": [1.0, 2, 2, 3, 1], "b": [3.0, 1, 2, 2, 5], "c": [1.0, 5, 3, 4, 2]}
    )
    fit = fit_cox([1.0, 2, 3, 4, 5], [True, False, True, False, False], covariates)
    assert set(reasons(fit).values()) == {"fewer events (2) than parameters (3)"}


def test_complete_separation_of_two_groups() -> None:
    group = pd.DataFrame({"arm": pd.Categorical(list("aaabbb"))})
    fit = fit_cox([1.0, 2, 3, 4, 5, 6], [True] * 6, group)
    assert reasons(fit)["arm", "b"].startswith("infinite coefficient")
    # In the limit each arm has its own risk sets: 3! orders of the first, 3! of the second.
    assert fit.log_likelihood == pytest.approx(-np.log(36))


def test_direction_of_a_finite_maximum_is_none(model) -> None:
    time, event, covariates = model("lung")
    matrix = covariates[["age", "sex"]].to_numpy(dtype=float)
    assert (
        infinite_direction(check_survival(time, event), matrix, np.zeros(len(time), dtype=int))
        is None
    )


def test_direction_of_separation_points_at_the_earlier_events() -> None:
    data = check_survival([1.0, 2, 3, 4], [True] * 4)
    matrix = np.array([[1.0, 2], [1, 5], [0, 4], [0, 3]])
    direction = infinite_direction(data, matrix, np.zeros(4, dtype=int))
    assert direction is not None
    assert direction[0] > 0
    assert direction[1] == 0


def test_direction_is_sought_within_strata() -> None:
    # The smaller x dies first in both strata; across them, in 2, 1, 4, 3, it does not.
    data = check_survival([2.0, 4.0, 1.0, 3.0], [True] * 4)
    matrix = np.array([[1.0], [3.0], [2.0], [4.0]])
    within = infinite_direction(data, matrix, np.array([0, 0, 1, 1]))
    assert within is not None and within[0] < 0
    assert infinite_direction(data, matrix, np.zeros(4, dtype=int)) is None


def test_two_covariates_that_order_the_events_one_within_the_other() -> None:
    first = [1.0, 1, 1, 0, 0, 0, 0, 0]
    second = [0.0, 0, 0, 1, 1, 0, 0, 0]
    third = [0.3, 0.1, 0.7, 0.9, 0.2, 0.8, 0.4, 0.6]
    covariates = pd.DataFrame({"first": first, "second": second, "third": third})
    fit = fit_cox(np.arange(1.0, 9.0), [True] * 8, covariates)
    assert set(reasons(fit)) == {("first", ""), ("second", "")}
    # In the limit the three groups have their own risk sets: 3!, 2! and 3! orders at null.
    assert fit.log_likelihood > -np.log(6 * 2 * 6)


@pytest.mark.parametrize("seed", range(3))
def test_rare_level_does_not_stop_the_fit(seed: int) -> None:
    # One patient of 50 at a level, with the third event: lifelines' own first step overshoots.
    x = np.random.default_rng(seed).normal(size=50)
    time, event = np.arange(1.0, 51.0), np.ones(50, dtype=bool)
    rare = pd.Categorical(np.where(time == 3, "b", "a"))
    fit = fit_cox(time, event, pd.DataFrame({"x": x, "rare": rare}))
    assert all(c.estimable for c in fit.coefficients)
    # At the maximum the Schoenfeld residuals of every column add up to zero.
    matrix = np.column_stack([x, rare == "b"]).astype(float)
    data, curve = check_survival(time, event), kaplan_meier(time, event)
    moments = event_moments(data, matrix, fit.estimates.to_numpy(), curve)
    np.testing.assert_allclose(moments.residuals.sum(axis=0), 0, atol=1e-8)
    np.testing.assert_allclose(np.linalg.inv(moments.variance), fit.covariance, rtol=1e-6)


@pytest.mark.parametrize("event", [True, False])
def test_one_patient(event: bool) -> None:
    fit = fit_cox([1.0], [event], pd.DataFrame({"age": [60.0]}))
    assert not fit.coefficient("age").estimable


def test_large_but_finite_effect_is_estimated() -> None:
    # The indicator orders all events but one, so that its coefficient is large and finite.
    time = np.arange(1.0, 41.0)
    early = (time <= 20).astype(float)
    early[[19, 20]] = [0.0, 1.0]
    fit = fit_cox(time, np.ones(40, dtype=bool), pd.DataFrame({"early": early}))
    assert fit.coefficient("early").estimable
    assert fit.coefficient("early").hazard_ratio > 10


def test_proportional_hazards_are_not_tested_where_the_coefficient_is_infinite(model) -> None:
    tested = proportional_hazards_test(*model("lung_early"))
    assert np.isnan([term.p_value for term in (*tested.terms, tested.global_)]).all()
    assert [term.variable for term in tested.terms] == ["age", "sex", "early"]


def test_a_column_that_is_infinite_only_with_another_is_not_among_the_finite_ones() -> None:
    # The sum of both orders the events; within its strata each of them still varies.
    rng = np.random.default_rng(2)
    first, total = rng.normal(size=24), np.repeat([3.0, 2.0, 1.0], 8)
    covariates = pd.DataFrame({"first": first, "second": total - first})
    fit = fit_cox(np.arange(1.0, 25.0), np.ones(24, dtype=bool), covariates)
    assert [x.estimable for x in fit.coefficients] == [False, False]
    assert fit.estimates.empty and fit.covariance.empty
    assert np.isfinite(fit.log_likelihood)
