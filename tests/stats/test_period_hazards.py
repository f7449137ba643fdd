"""Hazard ratios before and after a cut against R's coxph on split data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_tests import PeriodHazards, period_hazards

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
