"""The fast screen agrees with the report's own, and cohorts are drawn from what is said."""

from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.simulation.screened import (
    draw_times,
    estimate_exposure,
    identified,
    likelihood_ratio_p,
    truth_of,
)
from analysis_lib.topics.regression.numbers import screen_candidates, screened_models
from analysis_lib.topics.screening.bootstrap import (
    screen_of,
    screened_names,
    screened_patients,
    times_and_events,
)


@pytest.mark.parametrize(
    "parameters",
    [{}, {"missing_rule": "missing_as_level", "model_population": "infused"}, {"exposure": "sex"}],
)
def test_the_fast_screen_is_the_screen_of_the_report(study_of, parameters) -> None:
    study = study_of(**parameters)
    names, patients = screened_names(study), screened_patients(study)
    fast, (time, event) = screen_of(study, names, patients), times_and_events(patients)
    slow = screen_candidates(study)
    p_values = {one.variable: one.p_value for one in slow.candidates}
    for term in fast.terms:
        found = likelihood_ratio_p(time[term.known], event[term.known], term.columns[term.known])
        assert found == pytest.approx(p_values[term.name], rel=1e-6)
    chosen = fast.enter(fast.passes(time, event))
    entered = [name for name, enters in zip(names, chosen, strict=True) if enters]
    assert entered == [x for x in slow.entered if x != study.groups.variable]
    fit, found = screened_models(study).models[0].fit, fast.fit(time, event, chosen)
    for column, level in enumerate(study.groups.levels[1:]):
        term = fit.coefficient(study.groups.variable, level)
        assert found.coefficients[column] == pytest.approx(term.coefficient, rel=1e-6)
        assert found.std_errors[column] == pytest.approx(term.std_error, rel=1e-6)


def test_a_group_without_events_has_no_estimate_and_the_others_have() -> None:
    rng = np.random.default_rng(1)
    time, group = rng.exponential(size=90), np.arange(90) % 3
    event = group != 1
    matrix = (group[:, None] == np.array([1, 2])).astype(float)
    found = estimate_exposure(time, event, matrix, 2)
    assert np.isnan(found.coefficients[0]) and np.isnan(found.std_errors[0])
    assert np.isfinite(found.coefficients[1])
    assert np.isnan(estimate_exposure(time, group == 1, matrix, 2).coefficients).all()


def test_a_covariate_that_orders_the_events_has_a_p_value() -> None:
    time = np.arange(1.0, 31.0)
    event = time <= 10
    p = likelihood_ratio_p(time, event, event[:, None].astype(float))
    assert 0 < p < 1e-6
    assert likelihood_ratio_p(time, np.zeros(30, bool), event[:, None].astype(float)) == 1.0


def test_constant_and_repeated_columns_are_set_aside() -> None:
    x = np.random.default_rng(2).normal(size=40)
    matrix = np.column_stack([x, np.ones(40), 2 * x, np.arange(40) % 2])
    kept, reduced = identified(np.arange(40.0), np.ones(40, bool), matrix)
    assert kept.tolist() == [0, 3]
    assert reduced.shape == (40, 2)


def test_drawn_times_follow_the_relative_hazards() -> None:
    rng = np.random.default_rng(3)
    n = 4000
    risk = np.repeat([0.0, np.log(3.0)], n // 2)
    failed = rng.exponential(np.exp(-risk))
    end = rng.uniform(0.5, 2.0, size=n)
    truth = truth_of(np.minimum(failed, end), failed <= end, risk)
    drawn, event = draw_times(np.random.default_rng(4), truth)
    matrix = (risk > 0).astype(float)[:, None]
    found = estimate_exposure(drawn, event, matrix, 1)
    assert found.coefficients[0] == pytest.approx(np.log(3.0), abs=3 * found.std_errors[0])
    assert event.mean() == pytest.approx((failed <= end).mean(), abs=0.03)
    assert drawn.max() <= end.max()
