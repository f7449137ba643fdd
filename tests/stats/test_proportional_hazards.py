"""Score test of proportional hazards against R's cox.zph."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.stats.proportional_hazards import proportional_hazards_test

NAMES = ["veteran", "lung", "lung_months", "larynx"]


@pytest.mark.parametrize("name", NAMES)
def test_score_tests_match_cox_zph(name: str, model, golden) -> None:
    expected = golden("proportional_hazards").query("data == @name")
    tested = proportional_hazards_test(*model(name))
    found = [*tested.terms, tested.global_]
    assert [t.variable for t in found] == [*expected["variable"][:-1], "global"]
    assert [t.degrees_of_freedom for t in found] == expected["df"].tolist()
    np.testing.assert_allclose([t.statistic for t in found], expected["statistic"], rtol=1e-6)
    np.testing.assert_allclose([t.p_value for t in found], expected["p_value"], rtol=1e-6)


@pytest.mark.parametrize("name", ["veteran", "lung_months"])
def test_scaled_residuals_match_cox_zph(name: str, model, golden) -> None:
    expected = golden("schoenfeld").query("data == @name")
    residuals = proportional_hazards_test(*model(name)).residuals
    for variable, rows in expected.groupby("variable"):
        np.testing.assert_allclose(residuals.time, rows["time"], rtol=1e-12)
        np.testing.assert_allclose(
            residuals.transformed_time, rows["transformed_time"], rtol=1e-6, atol=1e-12
        )
        # Patients who die on the same day have no order: compare them sorted within the day.
        found = pd.DataFrame({"time": residuals.time, "residual": residuals.values[variable]})
        np.testing.assert_allclose(
            found.sort_values(["time", "residual"])["residual"],
            rows.sort_values(["time", "residual"])["residual"],
            rtol=1e-6,
            atol=1e-8,
        )


def test_residuals_average_to_the_coefficient_or_to_one_for_a_factor(model) -> None:
    residuals = proportional_hazards_test(*model("lung")).residuals
    assert residuals.values["ecog"].mean() == pytest.approx(1.0, abs=1e-6)
    assert residuals.values["age"].mean() == pytest.approx(0.010794675528240484, abs=1e-8)


def test_row_order_and_time_unit_do_not_matter(model) -> None:
    time, event, covariates = model("larynx")
    plain = proportional_hazards_test(time, event, covariates)
    moved = proportional_hazards_test(time[::-1] * 12, event[::-1], covariates[::-1])
    assert moved.global_.statistic == pytest.approx(plain.global_.statistic, rel=1e-8)


def test_hazards_that_cross_are_detected() -> None:
    # Group b dies early or very late, group a in between.
    time = np.concatenate([np.arange(40, 80), np.arange(1, 21), np.arange(90, 110)]).astype(float)
    group = pd.DataFrame({"g": pd.Categorical(["a"] * 40 + ["b"] * 40)})
    tested = proportional_hazards_test(time, np.ones(80, dtype=bool), group)
    assert tested.terms[0].p_value < 1e-6


def test_level_without_events_is_left_out_of_the_test(model) -> None:
    tested = proportional_hazards_test(*model("lung_empty"))
    ecog = tested.terms[2]
    assert (ecog.variable, ecog.degrees_of_freedom) == ("ecog", 2)
    assert 0 < ecog.p_value < 1


def test_no_events_or_too_few_are_not_estimable() -> None:
    covariates = pd.DataFrame({"a": [1.0, 2, 2, 3], "b": [3.0, 1, 2, 2]})
    for event in ([False] * 4, [True, False, False, False]):
        tested = proportional_hazards_test([1.0, 2, 3, 4], event, covariates)
        assert np.isnan([t.statistic for t in (*tested.terms, tested.global_)]).all()
        assert tested.residuals.time.size == 0


def test_single_event_time_leaves_nothing_to_test() -> None:
    # With one event time g(t) is constant, so that theta has no information.
    covariates = pd.DataFrame({"a": [1.0, 2, 5, 3, 4, 2]})
    event = [True, True, True, False, False, False]
    tested = proportional_hazards_test([2.0, 2, 2, 3, 4, 5], event, covariates)
    assert np.isnan(tested.terms[0].p_value)
