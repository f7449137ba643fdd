"""The fast screen agrees with the report's own, and cohorts are drawn from what is said."""

from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.simulation.screened import (
    Cohorts,
    draw_times,
    estimate_exposure,
    likelihood_ratio_p,
    truth_of,
)
from analysis_lib.stats.many_cox import many_risk_sets
from analysis_lib.topics.regression.numbers import screen_candidates, screened_models
from analysis_lib.topics.screening.bootstrap import (
    screen_of,
    screened_names,
    screened_patients,
    times_and_events,
)


def of_one(time: np.ndarray, event: np.ndarray, matrix: np.ndarray):
    """Risk sets and columns of a single data set; `matrix` has a row a patient."""
    sets = many_risk_sets(time[None], event[None])
    return sets, matrix[sets.order[0]].T[None]


def everyone(time: np.ndarray, event: np.ndarray) -> Cohorts:
    return Cohorts.of(time[None], event[None], np.arange(len(time))[None])


@pytest.mark.parametrize(
    "parameters",
    [{}, {"missing_rule": "missing_as_level", "model_population": "infused"}, {"exposure": "sex"}],
)
def test_the_fast_screen_is_the_screen_of_the_report(study_of, parameters) -> None:
    study = study_of(**parameters)
    names, patients = screened_names(study), screened_patients(study)
    fast, (time, event) = screen_of(study, names, patients), times_and_events(study, patients)
    slow = screen_candidates(study)
    p_values = {one.variable: one.p_value for one in slow.candidates}
    for term in fast.terms:
        known = term.known
        found = likelihood_ratio_p(*of_one(time[known], event[known], term.columns[known]))
        assert found[0] == pytest.approx(p_values[term.name], rel=1e-6)
    cohort = everyone(time, event)
    chosen = fast.enter(fast.passes(cohort))
    entered = [name for name, enters in zip(names, chosen[0], strict=True) if enters]
    assert entered == [x for x in slow.entered if x != study.groups.variable]
    fit, found = screened_models(study).models[0].fit, fast.fit(cohort, chosen)
    for column, level in enumerate(study.groups.levels[1:]):
        term = fit.coefficient(study.groups.variable, level)
        assert found.coefficients[0, column] == pytest.approx(term.coefficient, rel=1e-6)
        assert found.std_errors[0, column] == pytest.approx(term.std_error, rel=1e-6)


def test_cohorts_that_are_fitted_together_are_those_fitted_alone(study) -> None:
    patients = screened_patients(study)
    fast, (time, event) = (
        screen_of(study, screened_names(study), patients),
        times_and_events(study, patients),
    )
    rows = np.random.default_rng(0).integers(len(time), size=(40, len(time)))
    together = Cohorts.of(time[rows], event[rows], rows)
    chosen = fast.enter(fast.passes(together))
    assert len(set(map(tuple, chosen.tolist()))) > 10
    found = fast.fit(together, chosen)
    for i, one in enumerate(rows):
        alone = Cohorts.of(time[one][None], event[one][None], one[None])
        assert (fast.enter(fast.passes(alone)) == chosen[i]).all()
        estimate = fast.fit(alone, chosen[[i]])
        np.testing.assert_allclose(found.coefficients[i], estimate.coefficients[0], rtol=1e-9)
        np.testing.assert_allclose(found.std_errors[i], estimate.std_errors[0], rtol=1e-8)


def test_a_group_without_events_has_no_estimate_and_the_others_have() -> None:
    rng = np.random.default_rng(1)
    time, group = rng.exponential(size=90), np.arange(90) % 3
    event = group != 1
    matrix = (group[:, None] == np.array([1, 2])).astype(float)
    found = estimate_exposure(*of_one(time, event, matrix), 2)
    assert np.isnan(found.coefficients[0, 0]) and np.isnan(found.std_errors[0, 0])
    assert np.isfinite(found.coefficients[0, 1])
    assert np.isnan(estimate_exposure(*of_one(time, group == 1, matrix), 2).coefficients).all()


def test_a_covariate_that_orders_the_events_has_a_p_value() -> None:
    time = np.arange(1.0, 31.0)
    event = time <= 10
    (p,) = likelihood_ratio_p(*of_one(time, event, event[:, None].astype(float)))
    assert 0 < p < 1e-6
    no_event = of_one(time, np.zeros(30, bool), event[:, None].astype(float))
    assert likelihood_ratio_p(*no_event) == [1.0]


def test_drawn_times_follow_the_relative_hazards() -> None:
    rng = np.random.default_rng(3)
    n = 4000
    risk = np.repeat([0.0, np.log(3.0)], n // 2)
    failed = rng.exponential(np.exp(-risk))
    end = rng.uniform(0.5, 2.0, size=n)
    truth = truth_of(np.minimum(failed, end), failed <= end, risk)
    drawn, event = draw_times(np.random.default_rng(4), truth)
    matrix = (risk > 0).astype(float)[:, None]
    found = estimate_exposure(*of_one(drawn, event, matrix), 1)
    error = found.std_errors[0, 0]
    assert found.coefficients[0, 0] == pytest.approx(np.log(3.0), abs=3 * error)
    assert event.mean() == pytest.approx((failed <= end).mean(), abs=0.03)
    assert drawn.max() <= end.max()
