"""The fast Cox likelihood and the curves: R's coxph, lifelines, and the estimator of the report."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.stats import partial_likelihood
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.group_tests import logrank_test
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.stats.of_record import MOST_PATIENTS
from analysis_lib.stats.partial_likelihood import (
    efron_step,
    fit_efron,
    likelihood_of,
    maximise_efron,
    moments,
)
from analysis_lib.stats.risk_sets import risk_sets


def indicators(covariates: pd.DataFrame) -> np.ndarray:
    """One column per coefficient, in R's order."""
    columns = [pd.get_dummies(covariates[[name]], drop_first=True) for name in covariates]
    return pd.concat(columns, axis=1).astype(float).to_numpy()


@pytest.mark.parametrize("name", ["veteran", "lung", "lung_months", "larynx"])
def test_fast_cox_matches_coxph(name: str, model, golden) -> None:
    expected = golden("cox").query("data == @name")
    time, event, covariates = model(name)
    fit = fit_efron(np.asarray(time, float), np.asarray(event, bool), indicators(covariates))
    errors = np.sqrt(np.diag(np.linalg.inv(fit.information)))
    np.testing.assert_allclose(fit.coefficients, expected["coefficient"], rtol=1e-6)
    np.testing.assert_allclose(errors, expected["std_error"], rtol=1e-6)
    assert fit.log_likelihood == pytest.approx(expected.iloc[0].log_likelihood, rel=1e-10)


def test_heavy_ties_agree_with_the_estimator_of_the_report() -> None:
    rng = np.random.default_rng(3)
    time = rng.integers(1, 8, size=120).astype(float)
    event = rng.uniform(size=120) < 0.7
    matrix = np.column_stack([rng.normal(size=120), rng.integers(0, 2, size=120)]).astype(float)
    slow = fit_cox(time, event, pd.DataFrame(matrix, columns=["x", "y"]))
    fast = fit_efron(time, event, matrix)
    found = [slow.coefficient(name).coefficient for name in "xy"]
    np.testing.assert_allclose(fast.coefficients, found, rtol=1e-8)
    assert fast.log_likelihood == pytest.approx(slow.log_likelihood, rel=1e-12)


def test_start_changes_the_way_and_not_the_end() -> None:
    rng = np.random.default_rng(4)
    time, event = rng.exponential(size=80), rng.uniform(size=80) < 0.6
    matrix = rng.normal(size=(80, 3))
    cold = fit_efron(time, event, matrix)
    warm = fit_efron(time, event, matrix, start=np.array([0.8, -0.5, 0.3]))
    np.testing.assert_allclose(warm.coefficients, cold.coefficients, atol=1e-8)


def test_score_test_of_two_groups_is_the_log_rank_test_without_ties() -> None:
    time = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    event = np.array([True, True, False, True, True, False])
    group = np.array([[1.0], [0.0], [1.0], [1.0], [0.0], [0.0]])
    sets = risk_sets(time, event)
    score, information, _ = efron_step(sets, group[sets.order], np.zeros(1))
    # At risk, in the group: 3/6, 2/5, 1/3, 0/2 at the events.
    assert score[0] == pytest.approx(2 - (3 / 6 + 2 / 5 + 1 / 3 + 0 / 2))
    assert information[0, 0] == pytest.approx(1 / 4 + 6 / 25 + 2 / 9 + 0)


def test_collinear_columns_are_an_error_and_not_a_number() -> None:
    time, event = np.arange(1.0, 9.0), np.ones(8, dtype=bool)
    column = np.array([0.0, 1, 0, 1, 1, 0, 1, 0])
    with pytest.raises(np.linalg.LinAlgError):
        fit_efron(time, event, np.column_stack([column, column]))


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


@pytest.mark.parametrize("given", ["plain", "entry", "strata", "weights"])
def test_sums_by_times_are_those_by_events(given: str) -> None:
    rng = np.random.default_rng(5)
    time, event = rng.integers(2, 12, 300).astype(float), rng.uniform(size=300) < 0.6
    also = {
        "plain": {},
        "entry": {"entry": rng.integers(0, 3, 300).astype(float).clip(max=time - 1)},
        "strata": {"strata": rng.integers(0, 3, 300)},
        "weights": {"weights": rng.uniform(0.5, 2, 300)},
    }[given]
    sets, at = risk_sets(time, event, **also), np.array([0.4, -0.3])
    matrix = rng.normal(size=(300, 2))[sets.order]
    assert sets.few_times
    by_times, by_events = (
        efron_step(sets, matrix, at),
        likelihood_of(sets, matrix, moments(sets, matrix, at)),
    )
    for one, other in zip(by_times, by_events, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11)
    # Every risk set by itself, as it is defined.
    total = 0.0
    entry, strata = also.get("entry", np.zeros(300)), also.get("strata", np.zeros(300))
    weights = also.get("weights", np.ones(300))
    rows = np.empty((300, 2))
    rows[sets.order] = matrix
    hazard = weights * np.exp(rows @ at)
    for stratum, moment in {*zip(strata[event], time[event], strict=True)}:
        own = strata == stratum
        tied = own & event & (time == moment)
        at_risk = hazard[own & (entry < moment) & (time >= moment)].sum()
        total += weights[tied] @ rows[tied] @ at
        for k in range(tied.sum()):
            left = at_risk - k / tied.sum() * hazard[tied].sum()
            total -= weights[tied].mean() * np.log(left)
    assert by_times.log_likelihood == pytest.approx(total, rel=1e-11)


@pytest.mark.parametrize("penalty", [None, np.array([0.0, 4.0, 1.0])])
@pytest.mark.parametrize("few", [True, False])
def test_fit_of_many_starts_near_the_end_and_ends_there(
    few: bool, penalty: np.ndarray | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(5)
    matrix = rng.normal(size=(900, 3))
    time = rng.exponential(np.exp(-matrix @ np.array([0.7, -0.4, 0.0])))
    time, weights = np.ceil(time * 20) if few else time, rng.uniform(0.5, 2, size=900)
    sets = risk_sets(time, rng.uniform(size=900) < 0.7, weights=weights)
    assert sets.few_times == few
    rows, starts = matrix[sets.order], []
    for enough in (20_000, 60):
        monkeypatch.setattr(partial_likelihood, "ENOUGH_TO_START", enough)
        starts.append(partial_likelihood._start(sets, rows, penalty))
        found = maximise_efron(sets, rows, penalty=penalty).coefficients
        if enough == 20_000:
            cold = found
    np.testing.assert_array_equal(starts[0], 0)
    assert 0 < np.abs(starts[1] - cold).max() < np.abs(cold).max()
    np.testing.assert_allclose(found, cold, atol=1e-10)


def test_sums_of_a_step_are_those_of_the_products() -> None:
    rng = np.random.default_rng(6)
    time, event = np.ceil(rng.exponential(10, size=300)), rng.uniform(size=300) < 0.6
    matrix, weight = rng.normal(size=(300, 2)), rng.uniform(size=300)
    for strata in (None, rng.integers(0, 3, size=300)):
        sets = risk_sets(time, event, strata=strata)
        at_risk, tied = sets.carried(matrix, weight)
        products = matrix * weight[:, None]
        np.testing.assert_allclose(at_risk, sets.at_times(products), rtol=1e-12)
        np.testing.assert_allclose(tied, sets.tied(products), rtol=1e-12)
