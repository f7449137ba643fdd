"""Dealt counts are exact; a score only tilts who gets which."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.article.synthesis.targets import choose, deal, deal_by_score, spread

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
