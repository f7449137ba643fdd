"""Simulated cohorts in which a late treatment changes nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

from analysis_lib.simulation.performance import AT_ONCE, at_once, found_effects, performance
from analysis_lib.simulation.waiting import (
    VARYING,
    Pieces,
    Strategy,
    _at_random,
    draw_cohorts,
    scenario_of,
    simulate_waiting,
    strategy_estimates,
    two_group_estimates,
)
from analysis_lib.stats.cloned_survival import Cloned, cloned_curves
from analysis_lib.stats.cox_intervals import fit_cox_intervals
from analysis_lib.stats.follow_up import Intervals, landmark_follow_up, split_follow_up
from analysis_lib.stats.kaplan_meier import kaplan_meier

WITHIN = Strategy(0.8, 1.5)


@pytest.fixture(scope="module")
def scenario():
    """Early events and a long wait: the share that is treated lived to be."""
    rng = np.random.default_rng(1)
    event_time, end = rng.exponential(1.0, 300), rng.uniform(1, 4, 300)
    begin = np.where(rng.uniform(size=300) < 0.7, rng.uniform(0.3, 1.2, 300), np.nan)
    time = np.minimum(event_time, end)
    return scenario_of(time, event_time <= end, begin)


def test_the_fixed_covariate_is_biased_and_the_others_are_not(scenario) -> None:
    simulated = simulate_waiting(scenario, cohorts=120, landmarks=(0.8,), strategy=WITHIN, seed=2)
    fixed, varying, landmark = (
        performance(simulated.estimates[:, i], simulated.std_errors[:, i], truth=0.0)
        for i in (0, 1, 2)
    )
    cloned = performance(simulated.estimates[:, 3], simulated.std_errors[:, 3], truth=0.0)
    assert fixed.bias < -10 * fixed.bias_mc_error
    assert fixed.coverage < 0.5
    for found in (varying, landmark, cloned):
        assert abs(found.bias) < 4 * found.bias_mc_error
        assert abs(found.coverage - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 120)
        assert found.mean_std_error == pytest.approx(found.empirical_std_error, rel=0.25)


def test_where_the_treated_are_drawn_at_random_nobody_waits(scenario) -> None:
    simulated = simulate_waiting(
        scenario, cohorts=120, landmarks=(0.8,), strategy=WITHIN, seed=2, at_random=True
    )
    assert np.isnan(simulated.estimates[:, [VARYING, 3]]).all()
    for column in (0, 2):
        found = performance(
            simulated.estimates[:, column], simulated.std_errors[:, column], truth=0.0
        )
        assert abs(found.bias) < 4 * found.bias_mc_error
        assert abs(found.coverage - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 120)


def test_as_many_are_drawn_as_were_treated_and_all_of_them_at_risk() -> None:
    rng = np.random.default_rng(5)
    kept = rng.random((40, 30)) < 0.6
    treated = rng.random(kept.shape) < 0.3
    pieces = Pieces(np.ones(kept.shape), kept, treated, kept.astype(float))
    drawn = _at_random(rng, pieces)
    assert (drawn.treated.sum(axis=1) == (treated & kept).sum(axis=1)).all()
    assert not (drawn.treated & ~kept).any()
    assert (drawn.treated != treated & kept).any()


def test_a_true_ratio_is_found_from_the_day_on_which_treatment_begins(scenario) -> None:
    effective = replace(scenario, hazard_ratio=0.5)
    simulated = simulate_waiting(effective, cohorts=200, landmarks=(), strategy=WITHIN, seed=4)
    estimates, errors = simulated.estimates[:, VARYING], simulated.std_errors[:, VARYING]
    found = performance(estimates, errors, truth=np.log(0.5))
    assert abs(found.bias) < 4 * found.bias_mc_error
    assert abs(found.coverage - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 200)


def test_what_is_significant_exaggerates_as_much_as_a_normal_estimate_does() -> None:
    """Gelman and Carlin (2014): an effect of 1 with error 1 has a power of .17 and 2.5 times it."""
    estimates = np.random.default_rng(6).normal(1.0, 1.0, 200_000)
    found = found_effects(estimates, np.ones(len(estimates)), truth=1.0)
    z = ndtri(0.975)
    power = ndtr(1 - z) + ndtr(-1 - z)
    assert found.power == pytest.approx(power, abs=4 * found.power_mc_error)
    density = np.exp(-((np.array([z - 1, -z - 1])) ** 2) / 2) / np.sqrt(2 * np.pi)
    above, below = ndtr(1 - z), ndtr(-1 - z)
    expected = ((above + density[0]) + (density[1] - below)) / power
    assert found.exaggeration == pytest.approx(expected, rel=0.01)
    assert found.wrong_sign == pytest.approx(below / power, abs=0.003)


def test_power_and_exaggeration_by_hand() -> None:
    found = found_effects(
        np.array([-1.0, -3.0, 2.5, np.nan]), np.array([1.0, 1.0, 1.0, np.nan]), truth=-0.5
    )
    assert (found.power, found.exaggeration, found.wrong_sign) == (0.5, 5.5, 0.5)
    assert np.isnan(found_effects(np.array([0.1]), np.array([1.0]), truth=1.0).exaggeration)


def test_cohorts_follow_the_curves_they_are_drawn_from(scenario) -> None:
    large = scenario_with(scenario, 20_000)
    time, event, begin = (x[0] for x in draw_cohorts(np.random.default_rng(3), large, 1))
    drawn = kaplan_meier(time, event)
    for at in (0.2, 0.5, 1.0, 2.0):
        assert drawn.at(at).survival == pytest.approx(scenario.event.at(at).survival, abs=0.02)
    waited = kaplan_meier(np.minimum(begin, time), np.isfinite(begin))
    assert waited.at(1.0).survival == pytest.approx(scenario.begin.at(1.0).survival, abs=0.02)
    assert (begin[np.isfinite(begin)] < time[np.isfinite(begin)]).all()


def scenario_with(scenario, patients: int):
    return type(scenario)(patients, scenario.event, scenario.censoring, scenario.begin)


def test_the_seed_decides_every_number(scenario) -> None:
    first, again, other = (
        simulate_waiting(scenario, cohorts=3, landmarks=(0.5, 1.0), strategy=WITHIN, seed=x)
        for x in (7, 7, (7, 1))
    )
    np.testing.assert_array_equal(first.estimates, again.estimates)
    assert first.estimates.shape == (3, 5)
    assert not np.isclose(first.estimates, other.estimates).any()


def test_progress_counts_the_cohorts(scenario) -> None:
    said: list[tuple[int, int]] = []

    def progress(stage: str, done: int, total: int, seconds: float) -> None:
        said.append((done, total))

    cohorts = AT_ONCE + 5
    simulate_waiting(
        scenario, cohorts=cohorts, landmarks=(), strategy=WITHIN, seed=1, progress=progress
    )
    assert said == [(AT_ONCE, cohorts), (cohorts, cohorts)]


def of_one(pieces: Intervals) -> Pieces:
    """The pieces of a single cohort, the entries of late ones in rows of their own."""
    entered = len(pieces.start)
    return Pieces(
        np.concatenate([pieces.stop, pieces.start])[None],
        np.concatenate([pieces.event, np.zeros(entered, bool)])[None],
        np.concatenate([pieces.treated, pieces.treated])[None],
        np.repeat([1.0, -1.0], entered)[None],
    )


def test_an_estimate_is_the_cox_model_of_the_report(scenario) -> None:
    cohort = draw_cohorts(np.random.default_rng(4), scenario, 1)
    pieces = split_follow_up(*(x[0] for x in cohort))
    fit = fit_cox_intervals(
        pieces.start,
        pieces.stop,
        pieces.event,
        pd.DataFrame({"treated": pieces.treated}),
        patient=pieces.patient,
    ).coefficient("treated")
    found = [x[0] for x in two_group_estimates(of_one(pieces))]
    assert found == pytest.approx((fit.coefficient, fit.std_error), rel=1e-7)


def test_every_cohort_is_split_as_the_report_splits_its_own(scenario) -> None:
    simulated = simulate_waiting(scenario, cohorts=4, landmarks=(0.5,), strategy=WITHIN, seed=6)
    drawn = draw_cohorts(np.random.default_rng(6), scenario, 4)
    for row, (time, event, begin) in enumerate(zip(*drawn, strict=True)):
        ever = np.where(np.isfinite(begin), 0.0, np.inf)
        ways = (
            landmark_follow_up(time, event, ever, at=0.0),
            split_follow_up(time, event, begin),
            landmark_follow_up(time, event, begin, at=0.5),
        )
        for column, pieces in enumerate(ways):
            estimate, error = (x[0] for x in two_group_estimates(of_one(pieces)))
            assert simulated.estimates[row, column] == pytest.approx(estimate, rel=1e-9)
            assert simulated.std_errors[row, column] == pytest.approx(error, rel=1e-8)


@pytest.mark.parametrize("event", [[True, False, False], [False, True, False], [False] * 3])
def test_a_group_without_events_has_no_estimate(event: list[bool]) -> None:
    pieces = split_follow_up([3.0, 4.0, 5.0], event, [1.0, np.nan, np.nan])
    assert np.isnan(two_group_estimates(of_one(pieces))).all()


def test_groups_that_never_meet_have_no_estimate() -> None:
    pieces = split_follow_up([3.0, 5.0], [True, True], [np.nan, 4.0])
    assert np.isnan(two_group_estimates(of_one(pieces))).all()


def test_without_waiting_the_strategies_are_two_groups(scenario) -> None:
    """Begun at the start, a clone leaves one strategy at once: Nelson and Aalen's estimates."""
    rng = np.random.default_rng(8)
    time, event, _ = draw_cohorts(rng, scenario, 200)
    treated = rng.uniform(size=time.shape) < 0.5
    begin = np.where(treated, 0.0, np.inf)
    grid = scenario.event.times[scenario.event.events > 0]
    found = strategy_estimates(time, event, begin, Strategy(0.0, 1.5), grid)
    one = kaplan_meier(time[0][treated[0]], event[0][treated[0]])
    other = kaplan_meier(time[0][~treated[0]], event[0][~treated[0]])
    hazards = [float((x.events / x.at_risk)[x.times <= 1.5].sum()) for x in (one, other)]
    assert found[0][0] == pytest.approx(np.log(hazards[0] / hazards[1]))
    estimated = performance(*found, truth=0.0)
    assert abs(estimated.bias) < 4 * estimated.bias_mc_error
    assert abs(estimated.coverage - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 200)


def test_alike_clones_are_those_that_need_no_weights(scenario) -> None:
    time, event, begin = draw_cohorts(np.random.default_rng(9), scenario, 1)
    grid = scenario.event.times[scenario.event.events > 0]
    of = Cloned(
        time[0],
        event[0].astype(np.int64),
        time[0],
        begin[0],
        WITHIN.grace,
        np.empty((0, time.shape[1])),
    )
    curves = cloned_curves(of, np.ones((1, time.shape[1]), dtype=np.int64)).survival[0]
    # The hazards of the steps of both curves, up to the time.
    before = np.column_stack([np.ones(2), curves[:, :-1]])
    steps = (1 - curves / before)[:, of.grid.times <= WITHIN.until].sum(axis=1)
    estimate, _ = strategy_estimates(time, event, begin, WITHIN, grid)
    assert estimate[0] == pytest.approx(np.log(steps[1] / steps[0]))


@pytest.mark.parametrize(("patients", "cohorts"), [(1, AT_ONCE), (1_000, AT_ONCE), (5_000, 50)])
def test_so_many_cohorts_are_fitted_together_as_memory_holds(patients: int, cohorts: int) -> None:
    assert at_once(patients) == cohorts
    assert at_once(10**9) == 1
