"""Without a patient, an event or a scale an estimator says so instead of failing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_results import NOBODY
from analysis_lib.stats.fine_gray import fit_fine_gray
from analysis_lib.stats.proportional_hazards import proportional_hazards_test
from analysis_lib.stats.standardized_difference import continuous_difference

NONE = pd.DataFrame(
    {"group": pd.Categorical([], ["a", "b"]), "age": pd.Series(dtype=float)}, index=[]
)
NO_TIME, NO_EVENT = pd.Series(dtype=float, index=[]), pd.Series(dtype=bool, index=[])


def test_a_cox_model_of_nobody_estimates_nothing_and_says_why() -> None:
    fit = fit_cox(NO_TIME, NO_EVENT, NONE)
    assert (fit.n, fit.events, fit.degrees_of_freedom) == (0, 0, 0)
    assert [x.reason for x in fit.coefficients] == [NOBODY, NOBODY]
    assert fit.factors["group"].counts == {"a": (0, 0), "b": (0, 0)}


def test_a_fine_gray_model_of_nobody_estimates_nothing_and_says_why() -> None:
    fit = fit_fine_gray(NO_TIME, NO_EVENT, NO_EVENT, NONE)
    assert (fit.n, fit.competing) == (0, 0)
    assert fit.coefficient("group", "b").reason == NOBODY


def test_hazards_of_nobody_are_not_tested() -> None:
    tested = proportional_hazards_test(NO_TIME, NO_EVENT, NONE)
    assert np.isnan(tested.global_.p_value)


def test_residuals_that_nothing_scales_are_nan() -> None:
    # Everybody has the event on the same day: the factor's coefficients come out as zero.
    group = pd.Categorical(["a", "b", "c"] * 4)
    tested = proportional_hazards_test(
        np.ones(12), np.ones(12, dtype=bool), pd.DataFrame({"group": group})
    )
    assert np.isnan(tested.residuals.values["group"]).all()
    assert np.isnan(tested.residuals.variances["group"])


def test_a_group_without_a_value_has_no_difference() -> None:
    difference = continuous_difference(pd.Series([1.0, 2.0]), pd.Series(dtype=float))
    assert np.isnan(difference.estimate) and (difference.n_1, difference.n_2) == (2, 0)
