"""Proportional hazards against R: cox.zph, its smooth, and ratios before and after a cut."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_tests import PeriodHazards, period_hazards
from analysis_lib.stats.proportional_hazards import proportional_hazards_test, smooth_residuals

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


@pytest.mark.parametrize("name", ["veteran", "lung_months"])
def test_curve_and_band_match_the_plot_of_cox_zph(name: str, model, golden) -> None:
    expected = golden("residual_smooth").query("data == @name")
    residuals = proportional_hazards_test(*model(name)).residuals
    assert expected["variable"].nunique() == len(residuals.values)
    for variable, rows in expected.groupby("variable"):
        found = smooth_residuals(residuals, variable)
        np.testing.assert_allclose(found.transformed_time, rows["transformed_time"], atol=1e-12)
        np.testing.assert_allclose(found.estimate, rows["estimate"], rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(found.std_error, rows["std_error"], rtol=1e-6)


def test_the_band_has_the_level_asked_for(model) -> None:
    residuals = proportional_hazards_test(*model("lung")).residuals
    found = smooth_residuals(residuals, "age", confidence_level=0.8)
    width = (found.ci_high - found.ci_low) / found.std_error
    np.testing.assert_allclose(width, 2 * norm.ppf(0.9))
    assert found.confidence_level == 0.8


def test_a_hazard_ratio_that_falls_with_time_gives_a_falling_curve() -> None:
    random = np.random.default_rng(7)
    group = np.repeat([0.0, 1.0], 400)
    # Ten times the hazard of the others until 0.1, a third of it afterwards.
    cumulative = random.exponential(1, 800)
    time = np.where(group == 0, cumulative, 0)
    early = cumulative < 1.0
    time[group == 1] = np.where(early, cumulative / 10, 0.1 + (cumulative - 1) * 3)[group == 1]
    tested = proportional_hazards_test(time, [True] * 800, pd.DataFrame({"g": group}))
    found = smooth_residuals(tested.residuals, "g")
    assert tested.terms[0].p_value < 1e-6
    assert found.ci_low[0] > 0 > found.ci_high[-5]


def test_too_few_events_or_times_have_no_smooth() -> None:
    group = pd.DataFrame({"g": [0.0, 1.0] * 15})
    few = proportional_hazards_test(np.arange(1.0, 31), [True] * 9 + [False] * 21, group)
    assert smooth_residuals(few.residuals, "g") is None
    tied = np.repeat([1.0, 2.0, 3.0], 10)
    same = proportional_hazards_test(tied, [True] * 30, group)
    assert same.residuals.time.size == 30
    assert smooth_residuals(same.residuals, "g") is None
    none = proportional_hazards_test(tied, [False] * 30, group)
    assert smooth_residuals(none.residuals, "g") is None


MODELS = {
    "veteran": {90.0: ["trt", "karno"], 100.0: ["celltype"]},
    "lung": {182.625: ["age", "sex"]},
    "lung_months": {6.0: ["sex"]},
}
LEVELS = {"celltype": ["adeno", "large", "smallcell", "squamous"]}  # R's own order
CASES = [(name, cut) for name, cuts in MODELS.items() for cut in cuts]


def _fit(table: pd.DataFrame, names: list[str], cut: float) -> PeriodHazards:
    covariates = table[names].copy()
    for name in set(names) & set(LEVELS):
        covariates[name] = pd.Categorical(covariates[name], LEVELS[name])
    return period_hazards(table["time"], table["event"], covariates, cut)


@pytest.mark.parametrize(("name", "cut"), CASES)
def test_two_fits_are_the_model_on_split_data(name: str, cut: float, data, golden) -> None:
    expected = golden("period_hazards").query("data == @name and cut == @cut")
    found = _fit(data(name), MODELS[name][cut], cut)
    terms = [(one.variable, one.level) for one in found.whole.coefficients]
    assert [variable + level for variable, level in terms] == expected["column"].tolist()
    for period in ("before", "after"):
        fit = getattr(found, period)
        coefficients = [fit.coefficient(*term) for term in terms]
        values = [one.coefficient for one in coefficients]
        errors = [one.std_error for one in coefficients]
        np.testing.assert_allclose(values, expected[period], rtol=1e-6)
        np.testing.assert_allclose(errors, expected[f"{period}_error"], rtol=1e-6)
    changes = [found.change(*term) for term in terms]
    np.testing.assert_allclose([x.coefficient for x in changes], expected["change"], rtol=1e-6)
    np.testing.assert_allclose([x.std_error for x in changes], expected["change_error"], rtol=1e-6)
    np.testing.assert_allclose([x.p_value for x in changes], expected["change_p"], rtol=1e-6)


@pytest.mark.parametrize(("name", "cut"), CASES)
def test_the_test_of_any_change_matches_anova(name: str, cut: float, data, golden) -> None:
    expected = golden("period_hazards").query("data == @name and cut == @cut").iloc[0]
    test = _fit(data(name), MODELS[name][cut], cut).interaction
    assert test.degrees_of_freedom == expected["df"]
    assert test.statistic == pytest.approx(expected["statistic"], rel=1e-6)
    assert test.p_value == pytest.approx(expected["p_value"], rel=1e-6)


def test_every_event_is_in_one_period_and_one_at_the_cut_is_in_the_first(data) -> None:
    table = data("lung_months")
    found = _fit(table, ["sex"], 6.0)
    assert found.before.events == int((table["event"] & (table["time"] <= 6)).sum())
    assert ((table["time"] == 6) & table["event"]).any()
    assert found.before.events + found.after.events == found.whole.events
    assert (found.before.n, found.after.n) == (len(table), int((table["time"] > 6).sum()))


def test_the_whole_time_is_the_plain_model(data) -> None:
    table = data("lung")
    plain = fit_cox(table["time"], table["event"], table[["age", "sex"]])
    assert _fit(table, ["age", "sex"], 100.0).whole.coefficients == plain.coefficients


def test_a_group_without_events_in_a_period_has_no_change_and_says_why() -> None:
    group = pd.DataFrame({"g": pd.Categorical(["a"] * 6 + ["b"] * 6)})
    time = [1.0, 2, 3, 7, 8, 9, 1.5, 2.5, 3.5, 7, 8, 9.5]
    event = [True] * 9 + [False] * 3
    found = period_hazards(time, event, group, 6.0)
    assert found.before.coefficient("g", "b").estimable
    change = found.change("g", "b")
    assert not change.estimable
    assert change.reason == "no events at this level after the cut"


@pytest.mark.parametrize(
    ("cut", "message"), [(0.0, "cut must be > 0"), (4.0, "must lie within the follow-up")]
)
def test_a_cut_outside_the_follow_up_is_refused(cut: float, message: str) -> None:
    with pytest.raises(StatisticsError, match=message):
        period_hazards([1.0, 2, 4], [True] * 3, pd.DataFrame({"x": [1.0, 0, 1]}), cut)
