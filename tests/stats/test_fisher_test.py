"""Fisher's exact test of tables with two rows or two columns, against R's fisher.test."""

from __future__ import annotations

from math import isnan

import numpy as np
import pandas as pd
import pytest

from analysis_lib.stats.group_tests import LEAST_EXPECTED, chi_square_test, fisher_test


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
