"""Cox models fitted together are the model of each data set."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_intervals import fit_cox_intervals
from analysis_lib.stats.many_cox import fit_many_cox, identified_columns, many_risk_sets

SETS, ROWS = 12, 80


def drawn(*, tied: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, events and covariates (data sets, rows, covariates): an age and two groups."""
    rng = np.random.default_rng(1)
    time = rng.exponential(10, size=(SETS, ROWS)) + 0.01
    group = rng.integers(3, size=(SETS, ROWS))
    age = rng.normal(50, 12, size=(SETS, ROWS))
    matrix = np.stack([age, group == 1, group == 2], axis=2).astype(float)
    return np.ceil(time) if tied else time, rng.random((SETS, ROWS)) < 0.6, matrix


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("used", [[0, 1, 2], [1, 2], [0], [2]])
def test_each_of_many_is_the_model_of_the_report(tied: bool, used: list[int]) -> None:
    time, event, matrix = drawn(tied=tied)
    matrix = matrix[:, :, used]
    sets = many_risk_sets(time, event)
    columns = np.take_along_axis(matrix, sets.order[:, :, None], axis=1).transpose(0, 2, 1)
    found = fit_many_cox(sets, columns)
    assert found.free.all()
    for i in range(SETS):
        fit = fit_cox(time[i], event[i], pd.DataFrame(matrix[i], columns=[f"x{j}" for j in used]))
        np.testing.assert_allclose(found.coefficients[i], fit.estimates, rtol=1e-7, atol=1e-10)
        errors = np.sqrt(np.diag(fit.covariance))
        np.testing.assert_allclose(found.std_errors[i], errors, rtol=1e-7)
        gain = fit.log_likelihood - fit.log_likelihood_null
        assert found.gain[i] == pytest.approx(gain, rel=1e-7, abs=1e-9)


def test_rows_that_are_left_out_count_as_little_as_those_that_are_not_there() -> None:
    time, event, matrix = drawn(tied=True)
    known = np.random.default_rng(2).random((SETS, ROWS)) < 0.8
    sets = many_risk_sets(time, event)
    columns = np.take_along_axis(matrix, sets.order[:, :, None], axis=1).transpose(0, 2, 1)
    found = fit_many_cox(sets.among(np.take_along_axis(known, sets.order, axis=1)), columns)
    for i in range(SETS):
        kept = pd.DataFrame(matrix[i][known[i]], columns=list("abc"))
        fit = fit_cox(time[i][known[i]], event[i][known[i]], kept)
        np.testing.assert_allclose(found.coefficients[i], fit.estimates, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("used", [[0, 1], [1]])
def test_late_entrants_are_in_no_risk_set_up_to_their_entry(used: list[int]) -> None:
    time, event, matrix = drawn(tied=True)
    matrix = matrix[:, :, used]
    entry = np.floor(time * np.random.default_rng(3).random(time.shape) * 0.9)
    late = entry > 0
    sets = many_risk_sets(
        np.hstack([time, entry]),
        np.hstack([event, np.zeros_like(event)]),
        np.hstack([np.ones(time.shape), -late.astype(float)]),
    )
    both = np.concatenate([matrix, matrix], axis=1)
    columns = np.take_along_axis(both, sets.order[:, :, None], axis=1).transpose(0, 2, 1)
    found = fit_many_cox(sets, columns)
    for i in range(SETS):
        covariates = pd.DataFrame(matrix[i], columns=[f"x{j}" for j in used])
        fit = fit_cox_intervals(entry[i], time[i], event[i], covariates, patient=np.arange(ROWS))
        for j, term in enumerate(fit.coefficients):
            assert found.coefficients[i, j] == pytest.approx(term.coefficient, rel=1e-7)
            assert found.std_errors[i, j] == pytest.approx(term.std_error, rel=1e-7)


def test_a_coefficient_without_a_maximum_stops_and_leaves_the_others_their_limit() -> None:
    rng = np.random.default_rng(4)
    time, x = np.arange(1.0, 61.0), rng.normal(size=60)
    event = rng.random(60) < 0.5
    never = ~event & (rng.random(60) < 0.3)  # a level without events
    sets = many_risk_sets(time[None], event[None])
    found = fit_many_cox(sets, np.array([x, never])[:, sets.order[0]][None])
    factor = pd.Categorical.from_codes(never.astype(int), ["some", "none"])
    fit = fit_cox(time, event, pd.DataFrame({"x": x, "never": factor}))
    assert found.coefficients[0, 1] < -15
    assert found.coefficients[0, 0] == pytest.approx(fit.estimates["x"], rel=1e-6)
    assert found.std_errors[0, 0] == pytest.approx(fit.covariance.loc["x", "x"] ** 0.5, rel=1e-6)


def test_a_data_set_without_events_says_nothing() -> None:
    time, x = np.arange(1.0, 61.0)[None], np.random.default_rng(4).normal(size=(1, 1, 60))
    found = fit_many_cox(many_risk_sets(time, np.zeros((1, 60), bool)), x)
    assert not found.free.any() and found.gain == 0.0 and np.isnan(found.std_errors).all()


def test_constant_and_repeated_columns_are_set_aside() -> None:
    x = np.random.default_rng(2).normal(size=40)
    columns = np.array([x, np.ones(40), 2 * x, np.arange(40) % 2])
    sets = many_risk_sets(np.arange(40.0)[None], np.ones((1, 40), bool))
    columns = columns[:, sets.order[0]][None]
    assert identified_columns(sets, columns).tolist() == [[True, False, False, True]]
    kept = fit_many_cox(sets, columns[:, [0, 3]])
    whole = fit_many_cox(sets, columns)
    np.testing.assert_allclose(whole.coefficients[:, [0, 3]], kept.coefficients, rtol=1e-9)
    np.testing.assert_allclose(whole.std_errors[:, [0, 3]], kept.std_errors, rtol=1e-9)
    assert np.isnan(whole.std_errors[0, [1, 2]]).all()
