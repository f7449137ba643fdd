"""The search for a cohort: its goals, what it deals, keeps and places, and when it cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from scipy.stats import mannwhitneyu

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis.annealing import Goal, Goals, printed_goal
from analysis_lib.article.synthesis.outcome import MONTH, Curve, follow
from analysis_lib.article.synthesis.quantities import MedianGoal, RankGoal, rank_sum_p, search
from analysis_lib.article.synthesis.survival_goals import (
    count_days,
    log_rank_p,
    median_days,
    survival_with_interval,
)
from analysis_lib.article.synthesis.targets import choose, deal, deal_by_score, spread
from analysis_lib.errors import ClaimsError, ParameterError
from analysis_lib.results.rows import Key
from analysis_lib.stats.follow_up import reverse_kaplan_meier
from analysis_lib.stats.group_tests import logrank_test
from analysis_lib.stats.kaplan_meier import kaplan_meier

OS12 = Key(
    "survival_by_exposure",
    "os",
    "infused[ino=exposed]",
    time_months=12.0,
    statistic="survival",
)
RESPONSE_OS_P = Key(
    "survival_by_response",
    "os",
    "infused",
    contrast="refractory_vs_responder",
    statistic="p_value",
)


def test_a_printed_percent_is_a_proportion_within_its_rounding(claims: tuple[Claim, ...]) -> None:
    goal = printed_goal(claims, OS12, scale=100.0)
    assert 0.535 < goal.low < 0.54 < goal.high < 0.545
    assert goal.high - goal.low == pytest.approx(0.01, rel=0.1)


def test_a_p_value_printed_as_less_than_has_no_lower_end(claims: tuple[Claim, ...]) -> None:
    goal = printed_goal(claims, RESPONSE_OS_P, scale=10.0, logged=True)
    assert (goal.low, goal.high) == (0.0, 0.0001)
    assert Goals([goal]).distances(np.array([1e-9])) == 0


def test_distance_is_0_inside_and_grows_outside_in_the_goals_scale() -> None:
    goals = Goals([Goal(0.4, 0.5, 100.0), Goal(0.01, 0.02, 10.0, logged=True)])
    assert goals.distances(np.array([0.45, 0.015])).tolist() == [0, 0]
    found = goals.distances(np.array([0.52, 0.04]))
    assert found == pytest.approx([2.0, 10 * np.log(2)])


def test_a_number_that_cannot_be_estimated_is_far_from_any_goal() -> None:
    assert Goals([Goal(0.4, 0.5, 100.0)]).distances(np.array([np.nan]))[0] >= 100


def test_a_key_without_a_claim_is_an_error_that_names_it(claims: tuple[Claim, ...]) -> None:
    with pytest.raises(ClaimsError, match=r"survival_by_exposure os infused 24\.0 survival"):
        printed_goal(
            claims,
            OS12._replace(population="infused", time_months=24.0),
            scale=1.0,
        )


groups = pd.Series(["a"] * 6 + ["b"] * 4).sample(frac=1, random_state=1)


def test_deal_gives_every_group_exactly_its_counts() -> None:
    dealt = deal(np.random.default_rng(1), groups, {"a": {"x": 4, "y": 2}, "b": {"y": 4}})
    assert dealt[groups == "a"].value_counts().to_dict() == {"x": 4, "y": 2}
    assert dealt[groups == "b"].tolist() == ["y"] * 4


def test_deal_refuses_counts_that_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="'b' has 4 patients for 3 labels"):
        deal(np.random.default_rng(1), groups, {"a": {"x": 6}, "b": {"y": 3}})


def test_without_noise_the_highest_scores_get_the_first_label() -> None:
    score = pd.Series(np.arange(10.0), index=groups.index)
    table = {"a": {"first": 2, "later": 4}, "b": {"first": 1, "later": 3}}
    dealt = deal_by_score(np.random.default_rng(1), groups, table, score=score, noise=0.0)
    for group, count in (("a", 2), ("b", 1)):
        top = score[groups == group].nlargest(count).index
        assert set(dealt[groups == group].index[dealt[groups == group] == "first"]) == set(top)


def test_choose_says_yes_to_exactly_the_count() -> None:
    chosen = choose(np.random.default_rng(1), groups, {"a": 5, "b": 0})
    assert chosen.dtype == bool
    assert chosen[groups == "a"].sum() == 5
    assert not chosen[groups == "b"].any()


def test_spread_draws_one_value_from_each_slice() -> None:
    drawn = np.sort(spread(np.random.default_rng(1), 10, 20, 5))
    assert ((drawn - 10) // 2).tolist() == [0, 1, 2, 3, 4]


def test_rank_sum_matches_scipy_with_and_without_ties() -> None:
    rng = np.random.default_rng(1)
    for first, second in (
        (rng.normal(size=20), rng.normal(0.5, size=31)),
        (rng.integers(2, 8, size=40).astype(float), rng.integers(2, 9, size=25).astype(float)),
    ):
        expected = mannwhitneyu(first, second, method="asymptotic", use_continuity=False).pvalue
        assert rank_sum_p(first, second) == pytest.approx(expected, rel=1e-12)


def test_search_meets_median_and_rank_goals_within_bounds() -> None:
    rng = np.random.default_rng(2)
    values = np.r_[np.full(30, 4.0), np.full(30, 5.0)]
    low, high = np.full(60, 2.0), np.full(60, 9.0)
    low[0] = high[0] = values[0] = 9.0
    first = np.arange(60) < 30
    goals = [
        MedianGoal(first, 4),
        MedianGoal(~first, 6),
        RankGoal(first, ~first, p_value=0.02, slack=0.004),
    ]
    found = search(rng, values, low=low, high=high, goals=goals)
    assert found[0] == 9
    assert found.min() >= 2
    assert found.max() <= 9
    assert (np.median(found[first]), np.median(found[~first])) == (4, 6)
    assert rank_sum_p(found[first], found[~first]) == pytest.approx(0.02, abs=0.004)


def test_search_names_the_seed_when_a_goal_is_out_of_reach() -> None:
    everyone = np.ones(5, dtype=bool)
    with pytest.raises(ParameterError, match="take another seed"):
        search(
            np.random.default_rng(3),
            np.zeros(5),
            low=np.zeros(5),
            high=np.ones(5),
            goals=[MedianGoal(everyone, 7)],
            moves=20,
        )


@pytest.fixture
def curve() -> Curve:
    return Curve.through(0.95, {6: 0.6, 12: 0.4, 22: 0.1})


def test_curve_is_log_linear_between_its_knots(curve: Curve) -> None:
    assert curve.at(0) == 1
    assert curve.at(6 * MONTH) == pytest.approx(0.6)
    assert curve.at(9 * MONTH) == pytest.approx(np.sqrt(0.6 * 0.4))
    assert curve.at(12 * MONTH) == pytest.approx(0.4)


def test_four_events_without_censoring_fall_on_the_middles_of_their_steps() -> None:
    # S(t) = exp(-t / 100): the k-th of 4 steps is halved at S = 7/8, 5/8, 3/8 and 1/8.
    curve = Curve(days=(0.0, 100.0), survival=(1.0, float(np.exp(-1))))
    long = Curve(days=(0.0, 400.0), survival=(1.0, float(np.exp(-4))))
    expected = [int(np.ceil(-100 * np.log(s))) for s in (7 / 8, 5 / 8, 3 / 8, 1 / 8)]
    assert follow(long, events=4, latest=400) == expected
    assert follow(curve, events=1, censored=[500] * 3, latest=400) == expected[:1]


def test_kaplan_meier_of_the_schedule_is_within_half_a_step_of_the_target(curve: Curve) -> None:
    censored = list(range(90, 700, 12))
    fixed = [100, 150, 200]
    events = follow(curve, events=60, fixed=fixed, censored=censored, latest=660)
    times = events + fixed + censored
    observed = [True] * 63 + [False] * len(censored)
    fitted = KaplanMeierFitter().fit(times, observed)
    for months in (3, 6, 9, 12):
        assert fitted.predict(months * MONTH) == pytest.approx(
            float(curve.at(months * MONTH)), abs=0.015
        )


def test_events_keep_to_the_earliest_and_latest_day(curve: Curve) -> None:
    days = follow(curve, events=30, censored=[90] * 5, earliest=42, latest=300)
    assert len(days) == 30
    assert min(days) >= 42
    assert max(days) == 300
    assert days == sorted(days)


N = 150
GROUPS = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])


@pytest.fixture
def sample() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    return rng.integers(0, 3, size=N), rng.integers(3, 60, size=N) * 9, rng.uniform(size=N) < 0.6


def test_survival_and_interval_equal_kaplan_meier(sample) -> None:
    cells, days, events = sample
    counts = count_days(cells, days, events, GROUPS)
    found = survival_with_interval(counts, [0, 1], [182, 365])
    for group, rows in enumerate((cells == 0, cells > 0)):
        curve = kaplan_meier(days[rows].astype(float), events[rows])
        for month, day in enumerate((182, 365)):
            at = curve.at(day)
            assert [part[group, month] for part in found] == pytest.approx(
                [at.survival, at.ci_low, at.ci_high], rel=1e-10
            )


def test_log_rank_p_equals_the_reports(sample) -> None:
    cells, days, events = sample
    counts = count_days(cells, days, events, GROUPS)
    expected = logrank_test(days.astype(float), events, cells > 0)
    assert log_rank_p(counts, [0], [1])[0] == pytest.approx(expected.p_value, rel=1e-10)


def test_median_day_of_the_censored_equals_reverse_kaplan_meier(sample) -> None:
    cells, days, events = sample
    counts = count_days(cells, days, ~events, GROUPS)
    for group, rows in enumerate((cells == 0, cells > 0)):
        expected = reverse_kaplan_meier(days[rows].astype(float), events[rows])
        assert median_days(counts, [group])[0] == expected.median().estimate
