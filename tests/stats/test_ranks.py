"""Wilcoxon rank-sum and Kruskal-Wallis tests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.stats.group_tests import rank_test


def test_rank_tests_match_wilcox_test_and_kruskal_test(data, golden) -> None:
    for row in golden("ranks").itertuples():
        table = data(row.data)
        found = rank_test(table[row.values], table[row.by])
        assert found.statistic == pytest.approx(row.statistic, rel=1e-6)
        assert found.p_value == pytest.approx(row.p_value, rel=1e-6)
        assert found.n == len(table)
        assert found.degrees_of_freedom == (None if np.isnan(row.df) else row.df)
        assert found.method.startswith("Wilcoxon" if np.isnan(row.df) else "Kruskal")


def test_w_counts_the_pairs_in_which_the_first_group_is_larger() -> None:
    # 3 > 1 and 2; 5 > 1, 2 and 4: five pairs of six.
    assert rank_test([3.0, 5.0, 1.0, 2.0, 4.0], list("aabbb")).statistic == 5.0


@pytest.mark.parametrize("group", [["a"] * 4, list("aabb"), list("aabc")])
def test_without_contrast_the_p_value_is_not_estimable(group: list[str]) -> None:
    assert np.isnan(rank_test([2.0, 2.0, 2.0, 2.0], group).p_value)


def test_one_group_is_not_estimable() -> None:
    found = rank_test([1.0, 2.0, 3.0], ["a"] * 3)
    assert np.isnan([found.statistic, found.p_value]).all()


@settings(max_examples=10, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), min_size=2, max_size=30),
)
def test_only_the_order_of_the_values_matters(rows) -> None:
    values, group = (np.array(column) for column in zip(*rows, strict=True))
    plain = rank_test(values, group)
    moved = rank_test(np.exp(values / 3)[::-1], group[::-1])
    assert moved.statistic == pytest.approx(plain.statistic, rel=1e-9, nan_ok=True)
    assert moved.p_value == pytest.approx(plain.p_value, rel=1e-9, nan_ok=True)
