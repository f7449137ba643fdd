"""Pearson's chi-square test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.group_tests import chi_square_test


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
