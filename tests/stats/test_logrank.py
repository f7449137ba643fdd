"""Log-rank test: R's survdiff, a hand recount, invariants and edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.stats.group_tests import logrank_test

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
