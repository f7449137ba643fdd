"""Clopper-Pearson and Newcombe intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.proportions import clopper_pearson, newcombe_difference


def test_clopper_pearson_matches_binom_test(golden) -> None:
    for row in golden("clopper_pearson").itertuples():
        found = clopper_pearson(row.count, row.n, confidence_level=row.confidence_level)
        assert (found.count, found.n) == (row.count, row.n)
        expected = (row.estimate, row.ci_low, row.ci_high)
        assert (found.estimate, found.ci_low, found.ci_high) == pytest.approx(expected, rel=1e-6)


def test_newcombe_matches_the_wilson_limits_of_prop_test(golden) -> None:
    for row in golden("newcombe").itertuples():
        found = newcombe_difference(
            row.count_1, row.n_1, row.count_2, row.n_2, confidence_level=row.confidence_level
        )
        expected = (row.estimate, row.ci_low, row.ci_high)
        assert (found.estimate, found.ci_low, found.ci_high) == pytest.approx(expected, rel=1e-6)


def test_newcombe_reproduces_the_example_of_its_paper() -> None:
    # Newcombe (1998), table II, contrast (a): 56/70 against 48/80, method 10.
    found = newcombe_difference(56, 70, 48, 80)
    assert found.estimate == pytest.approx(0.2)
    assert (found.ci_low, found.ci_high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_no_patient_gives_no_estimate() -> None:
    proportion, difference = clopper_pearson(0, 0), newcombe_difference(0, 0, 1, 2)
    assert np.isnan([proportion.estimate, proportion.ci_low, proportion.ci_high]).all()
    assert np.isnan([difference.estimate, difference.ci_low, difference.ci_high]).all()


@pytest.mark.parametrize(("count", "n"), [(3, 2), (-1, 2), (0.5, 2)])
def test_impossible_count_is_refused(count: float, n: int) -> None:
    with pytest.raises(StatisticsError, match=f"{count!r} of {n!r}"):
        clopper_pearson(count, n)
    with pytest.raises(StatisticsError, match=f"{count!r} of {n!r}"):
        newcombe_difference(1, 2, count, n)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30))
def test_swapping_groups_changes_the_sign_only(a: int, n: int, b: int, m: int) -> None:
    forward = newcombe_difference(min(a, n), n, min(b, m), m)
    backward = newcombe_difference(min(b, m), m, min(a, n), n)
    assert forward.estimate == pytest.approx(-backward.estimate)
    assert forward.ci_low == pytest.approx(-backward.ci_high)
    assert -1 <= forward.ci_low <= forward.estimate <= forward.ci_high <= 1
