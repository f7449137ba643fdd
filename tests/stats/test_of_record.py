"""The likelihood and the curves of the library equal lifelines, the estimator of record."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.group_tests import logrank_test
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.stats.of_record import MOST_PATIENTS

SETS = ["veteran", "lung", "lung_months", "larynx"]
EXACT = {"rtol": 1e-9, "atol": 1e-12}


@pytest.mark.parametrize("name", [*SETS, "lung_empty", "lung_early"])
def test_a_cox_model_equals_that_of_lifelines(name: str, model) -> None:
    own, record = fit_cox(*model(name)), fit_cox(*model(name), of_record=True)
    for field in ("coefficient", "std_error", "ci_low", "ci_high", "p_value"):
        values = [[getattr(x, field) for x in fit.coefficients] for fit in (own, record)]
        np.testing.assert_allclose(*values, **EXACT, err_msg=field)
    np.testing.assert_allclose(own.covariance, record.covariance, rtol=1e-8, atol=1e-12)
    assert own.log_likelihood == pytest.approx(record.log_likelihood, rel=1e-12)
    assert [x.reason for x in own.coefficients] == [x.reason for x in record.coefficients]


@pytest.mark.parametrize("level", [0.9, 0.95])
@pytest.mark.parametrize("name", SETS)
def test_a_curve_equals_that_of_lifelines(name: str, level: float, data) -> None:
    table = data(name)
    survival = table["time"], table["event"]
    own = kaplan_meier(*survival, confidence_level=level)
    record = kaplan_meier(*survival, confidence_level=level, of_record=True)
    for field in ("times", "survival", "std_error", "ci_low", "ci_high", "at_risk", "events"):
        np.testing.assert_allclose(getattr(own, field), getattr(record, field), **EXACT)


@pytest.mark.parametrize("groups", [2, 3, 5])
@pytest.mark.parametrize("name", SETS)
def test_a_log_rank_test_equals_that_of_lifelines(name: str, groups: int, data) -> None:
    table = data(name)
    group = np.arange(len(table)) % groups
    own = logrank_test(table["time"], table["event"], group)
    record = logrank_test(table["time"], table["event"], group, of_record=True)
    assert own.statistic == pytest.approx(record.statistic, rel=1e-9)
    assert own.p_value == pytest.approx(record.p_value, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_a_rare_level_that_stops_lifelines_is_fitted(seed: int) -> None:
    # One patient of 50 at a level, with the third event: lifelines' first step overshoots.
    x = np.random.default_rng(seed).normal(size=50)
    time, event = np.arange(1.0, 51.0), np.ones(50, dtype=bool)
    rare = pd.Categorical(np.where(time == 3, "b", "a"))
    covariates = pd.DataFrame({"x": x, "rare": rare})
    own, record = (fit_cox(time, event, covariates, of_record=y) for y in (False, True))
    values = [[x.coefficient for x in fit.coefficients] for fit in (own, record)]
    np.testing.assert_allclose(*values, rtol=1e-7)


def test_of_many_patients_lifelines_is_not_asked() -> None:
    n = MOST_PATIENTS + 1
    rng = np.random.default_rng(1)
    time, event = rng.exponential(size=n), rng.random(n) < 0.5
    covariates = pd.DataFrame({"x": rng.normal(size=n)})
    own, record = (fit_cox(time, event, covariates, of_record=x) for x in (False, True))
    assert own.coefficients == record.coefficients
