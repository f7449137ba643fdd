"""The tests of the battery, against R 4: chisq.test, fisher.test and prop.trend.test."""

from __future__ import annotations

from itertools import product
from math import comb, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from analysis_lib.article.audit.readings import one_patient_moves
from analysis_lib.article.audit.tests_of_counts import FISHER, MID_P, PEARSON, TREND, YATES, battery
from analysis_lib.stats import group_tests
from analysis_lib.stats.group_tests import freeman_halton

BLASTS = ((59, 41), (8, 25), (5, 9), (15, 27))


@pytest.mark.parametrize(
    ("table", "pearson", "fisher", "yates"),
    [
        (((71, 86), (15, 15)), 0.630486681054996, 0.691511930643525, 0.778601259980132),
        (((66, 71), (5, 15)), 0.0517478893177744, 0.0579674178240811, 0.0882406103384874),
    ],
)
def test_two_rows_match_r(
    table: tuple[tuple[int, int], ...], pearson: float, fisher: float, yates: float
) -> None:
    found = battery(table)
    assert found[PEARSON] == pytest.approx(pearson, rel=1e-9)
    assert found[FISHER] == pytest.approx(fisher, rel=1e-9)
    assert found[YATES] == pytest.approx(yates, rel=1e-9)
    assert TREND not in found


@pytest.mark.parametrize(
    ("table", "pearson", "fisher", "trend"),
    [
        (BLASTS, 0.00145190839351017, 0.00129538706879736, 0.00582427573310254),
        (BLASTS[:3], 0.00144112814166618, 0.00114232372889384, 0.0029080508719468),
        (
            ((49, 55), (26, 30), (6, 7), (4, 8), (2, 1)),
            0.854495464033476, 0.867476268927384, 0.742726280547191,
        ),
        (((33, 44), (28, 30), (25, 28)), 0.797807636375043, 0.806480876948047, 0.595629284130667),
    ],
)  # fmt: skip
def test_more_rows_match_r(
    table: tuple[tuple[int, int], ...], pearson: float, fisher: float, trend: float
) -> None:
    found = battery(table, ordered=True)
    assert found[PEARSON] == pytest.approx(pearson, rel=1e-9)
    assert found[FISHER] == pytest.approx(fisher, rel=1e-8)
    assert found[TREND] == pytest.approx(trend, rel=1e-9)
    assert YATES not in found and MID_P not in found
    assert TREND not in battery(table)


def test_mid_p_takes_half_of_the_observed_table() -> None:
    # Margins 3, 3 and 3, 3: the tables 0, 1, 2, 3 have 1, 9, 9 and 1 of 20 ways.
    found = battery(((3, 0), (0, 3)))
    assert found[FISHER] == pytest.approx(2 / 20)
    assert found[MID_P] == pytest.approx(1.5 / 20)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=4, max_size=4))
def test_enumeration_gives_fishers_test_of_two_rows(cells: list[int]) -> None:
    counts = np.array(cells).reshape(2, 2)
    assert freeman_halton(counts) == pytest.approx(fisher_exact(counts).pvalue, rel=1e-6)


def test_enumeration_recounted_by_hand() -> None:
    counts = np.array([[3, 1], [0, 4], [2, 2]])
    rows, column, ways = counts.sum(axis=1), int(counts[:, 0].sum()), {}
    for split in product(*(range(n + 1) for n in rows)):
        if sum(split) == column:
            ways[split] = np.prod([comb(n, k) for n, k in zip(rows, split, strict=True)])
    observed = ways[tuple(counts[:, 0])]
    expected = sum(w for w in ways.values() if w <= observed) / comb(12, column)
    assert freeman_halton(counts) == pytest.approx(expected)


def test_too_many_tables_are_not_enumerated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_tests, "_MOST_TABLES", 100)
    assert isnan(freeman_halton(np.array([[30, 20], [25, 25], [9, 7]])))


def test_a_table_without_contrast_has_no_p() -> None:
    assert isnan(battery(((5, 7),))[PEARSON])
    assert isnan(battery(((5, 0), (3, 0)))[PEARSON])
    assert isnan(battery(((5, 7), (-1, 3)))[PEARSON])
    assert battery(((5, 7), (0, 0), (3, 9))) == battery(((5, 7), (3, 9)))


def test_moves_of_one_patient_keep_the_groups() -> None:
    moved = list(one_patient_moves(((2, 0), (1, 3), (0, 1))))
    assert len(moved) == 2 * (2 + 2)  # two rows of either group hold someone
    assert all(np.sum(table, axis=0).tolist() == [3, 4] for table in moved)
    assert len(set(moved)) == len(moved)
