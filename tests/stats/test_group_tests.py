"""Tests that compare groups, against R: log-rank, rank sum, chi-square and Fisher's exact test."""

from __future__ import annotations

from math import isnan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.group_tests import (
    LEAST_EXPECTED,
    chi_square_test,
    fisher_test,
    logrank_test,
    rank_test,
)

ROWS = st.tuples(st.integers(0, 12), st.booleans(), st.sampled_from("abc"))
COHORTS = st.lists(ROWS, min_size=1, max_size=25)


def test_logrank_matches_survdiff_with_two_and_more_groups(data, golden) -> None:
    for (name, by), rows in golden("logrank").groupby(["data", "by"]):
        table = data(name)
        test = logrank_test(table["time"], table["event"], table[by])
        assert [str(g) for g in test.groups] == rows["level"].tolist()
        assert list(test.n) == rows["n"].tolist()
        assert list(test.observed) == rows["observed"].tolist()
        np.testing.assert_allclose(test.expected, rows["expected"], rtol=1e-6)
        assert test.degrees_of_freedom == rows["df"].iloc[0]
        assert test.statistic == pytest.approx(rows["statistic"].iloc[0], rel=1e-6)
        assert test.p_value == pytest.approx(rows["p_value"].iloc[0], rel=1e-6)


def test_two_groups_recounted_by_hand() -> None:
    # At t = 1 one of four at risk dies, two of them in each group; at t = 3 only b is at risk.
    test = logrank_test([1.0, 2, 3, 4], [True, False, True, False], list("aabb"))
    assert test.observed == (1, 1)
    assert test.expected == pytest.approx((0.5, 1.5))
    # Variance 1/4 from t = 1, none from t = 3.
    assert test.statistic == pytest.approx(0.5**2 / 0.25)


def test_single_group_is_not_estimable_but_keeps_its_counts() -> None:
    test = logrank_test([1.0, 2.0], [True, False], ["a", "a"])
    assert np.isnan([test.statistic, test.p_value]).all()
    assert (test.n, test.observed, test.degrees_of_freedom) == ((2,), (1,), 0)
    assert test.method == "log-rank test"


def test_no_event_is_not_estimable() -> None:
    test = logrank_test([1.0, 2.0], [False, False], ["a", "b"])
    assert np.isnan([test.statistic, test.p_value]).all()
    assert test.expected == (0.0, 0.0)


def test_everyone_dying_at_once_is_not_estimable() -> None:
    assert np.isnan(logrank_test([1.0, 1.0], [True, True], ["a", "b"]).p_value)


def test_group_gone_before_the_first_event_takes_no_degree_of_freedom() -> None:
    time, event, group = [0.5, 2, 3, 4], [False, True, True, False], list("cabb")
    with_third = logrank_test(time, event, group)
    without = logrank_test(time[1:], event[1:], group[1:])
    assert with_third.degrees_of_freedom == without.degrees_of_freedom == 1
    assert with_third.p_value == pytest.approx(without.p_value)


def test_unused_category_is_no_group(data) -> None:
    table = data("lung")
    sex = pd.Series(pd.Categorical(table["sex"], [1, 2, 3]))
    assert logrank_test(table["time"], table["event"], sex).degrees_of_freedom == 1


@settings(max_examples=10, deadline=None, derandomize=True)
@given(COHORTS)
def test_relabelling_reordering_and_rescaling_leave_the_test_alone(cohort) -> None:
    time, event, group = (np.array(column) for column in zip(*cohort, strict=True))
    plain = logrank_test(time, event, group)
    renamed = np.array([{"a": "z", "b": "y", "c": "x"}[g] for g in group])
    other = logrank_test(time[::-1] * 30.4375, event[::-1], renamed[::-1])
    assert other.statistic == pytest.approx(plain.statistic, abs=1e-9, rel=1e-9, nan_ok=True)
    assert other.observed == plain.observed[::-1]


@settings(max_examples=10, deadline=None, derandomize=True)
@given(COHORTS)
def test_observed_and_expected_add_up_to_the_events(cohort) -> None:
    time, event, group = (np.array(column) for column in zip(*cohort, strict=True))
    test = logrank_test(time, event, group)
    assert sum(test.observed) == event.sum()
    assert sum(test.expected) == pytest.approx(event.sum())
    assert sum(test.n) == len(cohort)


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


def test_chi_square_matches_chisq_test_without_correction(data, golden) -> None:
    for row in golden("chi_square").itertuples():
        table = data(row.data)
        found = chi_square_test(pd.crosstab(table[row.row], table[row.column]))
        assert (found.degrees_of_freedom, found.n) == (row.df, len(table))
        expected = (row.statistic, row.p_value, row.min_expected)
        values = (found.statistic, found.p_value, found.min_expected)
        assert values == pytest.approx(expected, rel=1e-6)


def test_two_by_two_recounted_by_hand() -> None:
    # n (ad - bc)^2 over the product of the margins.
    found = chi_square_test(pd.DataFrame([[10, 20], [30, 5]]))
    assert found.statistic == pytest.approx(65 * (10 * 5 - 20 * 30) ** 2 / (30 * 35 * 40 * 25))
    assert found.min_expected == pytest.approx(30 * 25 / 65)


def test_empty_rows_and_columns_do_not_count() -> None:
    padded = pd.DataFrame([[10, 0, 20], [0, 0, 0], [30, 0, 5]])
    assert chi_square_test(padded) == chi_square_test(pd.DataFrame([[10, 20], [30, 5]]))


@pytest.mark.parametrize("counts", [[[3, 4]], [[3], [4]], [[3, 0], [4, 0]], [[0, 0], [0, 0]]])
def test_fewer_than_two_rows_or_columns_is_not_estimable(counts: list) -> None:
    found = chi_square_test(pd.DataFrame(counts))
    assert np.isnan([found.statistic, found.p_value, found.min_expected]).all()
    assert (found.degrees_of_freedom, found.n) == (0, np.sum(counts))


def test_transposing_leaves_the_test_alone() -> None:
    table = pd.DataFrame([[3, 9, 4], [8, 2, 6]])
    found, turned = chi_square_test(table), chi_square_test(table.T)
    assert turned.statistic == pytest.approx(found.statistic)
    assert turned.degrees_of_freedom == found.degrees_of_freedom == 2


@pytest.mark.parametrize("value", [-1.0, 0.5, np.nan])
def test_what_is_no_count_is_refused(value: float) -> None:
    with pytest.raises(StatisticsError, match=repr(value)):
        chi_square_test(pd.DataFrame([[1.0, 2.0], [3.0, value]]))


def test_p_matches_fisher_test_of_small_tables(golden) -> None:
    expected = golden("fisher")
    assert len(expected) == 4
    for row in expected.itertuples():
        table = pd.DataFrame(np.array(row.counts.split(), dtype=int).reshape(-1, 2))
        assert fisher_test(table) == pytest.approx(row.p_value, rel=1e-6)
        assert fisher_test(table.T) == pytest.approx(row.p_value, rel=1e-6)
        least = chi_square_test(table).min_expected
        assert least == pytest.approx(row.min_expected) and least < LEAST_EXPECTED


def test_empty_rows_do_not_count_and_nothing_is_compared_with_nothing() -> None:
    table = pd.DataFrame([[3, 1], [0, 0], [0, 4]])
    assert fisher_test(table) == fisher_test(table.drop(index=1))
    assert isnan(fisher_test(pd.DataFrame([[3, 1]])))


def test_more_than_two_rows_and_columns_have_none() -> None:
    assert isnan(fisher_test(pd.DataFrame(np.full((3, 3), 2))))
