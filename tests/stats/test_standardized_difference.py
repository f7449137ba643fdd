"""Standardised differences of continuous, binary and categorical covariates."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.standardized_difference import (
    binary_difference,
    continuous_difference,
    multinomial_difference,
)

COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=5)


def test_differences_match_the_formulas_computed_in_r(data, golden) -> None:
    expected = golden("standardized_difference").set_index("kind")["estimate"]
    table = data("veteran")
    first, second = (table[table["trt"] == arm] for arm in (1, 2))
    levels = sorted(table["celltype"].unique())
    counts = [part["celltype"].value_counts().reindex(levels) for part in (first, second)]
    found = {
        "continuous": continuous_difference(first["age"], second["age"]),
        "binary": binary_difference(
            first["prior"].sum(), len(first), second["prior"].sum(), len(second)
        ),
        "multinomial": multinomial_difference(*counts),
    }
    for kind, difference in found.items():
        assert difference.estimate == pytest.approx(expected[kind], rel=1e-6), kind
        assert (difference.n_1, difference.n_2) == (69, 68)


def test_means_one_pooled_deviation_apart() -> None:
    # Both variances are 1 and the means differ by 1.
    assert continuous_difference([1.0, 2.0, 3.0], [0.0, 1.0, 2.0]).estimate == pytest.approx(1.0)


def test_two_levels_give_the_binary_difference_without_its_sign() -> None:
    binary = binary_difference(3, 10, 6, 10).estimate
    assert binary == pytest.approx(-0.3 / sqrt((0.21 + 0.24) / 2))
    assert multinomial_difference([3, 7], [6, 4]).estimate == pytest.approx(-binary)


def test_groups_without_spread_are_infinitely_far_apart_or_alike() -> None:
    assert binary_difference(0, 5, 5, 5).estimate == -inf
    assert binary_difference(5, 5, 7, 7).estimate == 0.0
    assert continuous_difference([2.0, 2.0], [1.0, 1.0]).estimate == inf
    assert multinomial_difference([4, 0, 0], [0, 2, 2]).estimate == inf


def test_too_few_patients_are_not_estimable() -> None:
    assert np.isnan(continuous_difference([1.0], [1.0, 2.0]).estimate)
    assert np.isnan(binary_difference(0, 0, 1, 2).estimate)
    assert np.isnan(multinomial_difference([0, 0], [1, 2]).estimate)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(StatisticsError, match="3 of 2"):
        binary_difference(3, 2, 1, 2)
    with pytest.raises(StatisticsError, match="one count >= 0 for each level"):
        multinomial_difference([1, 2], [1, 2, 3])


@settings(max_examples=10, deadline=None, derandomize=True)
@given(COUNTS)
def test_order_of_levels_and_empty_levels_do_not_matter(counts) -> None:
    first, second = (list(column) for column in zip(*counts, strict=True))
    plain = multinomial_difference(first, second).estimate
    turned = multinomial_difference([*first[::-1], 0], [*second[::-1], 0]).estimate
    assert turned == pytest.approx(plain, rel=1e-6, abs=1e-9, nan_ok=True)
