"""The search keeps bounds, meets its goals, and says when it cannot."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from analysis_lib.article.synthesis.quantities import MedianGoal, RankGoal, rank_sum_p, search
from analysis_lib.errors import ParameterError


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
