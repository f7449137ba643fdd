"""The smooth of scaled Schoenfeld residuals against R's plot of cox.zph."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from analysis_lib.stats.proportional_hazards import proportional_hazards_test, smooth_residuals


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
