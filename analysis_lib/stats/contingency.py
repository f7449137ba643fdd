"""Pearson's chi-square test of a contingency table."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from analysis_lib.errors import StatisticsError

_METHOD = "Pearson chi-square test without continuity correction"


@dataclass(frozen=True)
class ChiSquare:
    """Test of a table; `min_expected` is the smallest expected count among the cells used."""

    statistic: float
    degrees_of_freedom: int
    p_value: float
    n: int
    min_expected: float
    method: str = _METHOD


def chi_square_test(table: pd.DataFrame) -> ChiSquare:
    """Hypothesis: rows and columns of a table of counts are independent.

    Empty rows and columns are dropped; fewer than two of either leave the test nan.

    R: ``chisq.test(table, correct = FALSE)``. Pearson (1900).
    """
    counts = _check_counts(table)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    n = int(counts.sum())
    if min(counts.shape) < 2:
        return ChiSquare(nan, 0, nan, n, nan)
    test = chi2_contingency(counts, correction=False)
    return ChiSquare(
        statistic=float(test.statistic),
        degrees_of_freedom=int(test.dof),
        p_value=float(test.pvalue),
        n=n,
        min_expected=float(test.expected_freq.min()),
    )


def _check_counts(table: pd.DataFrame) -> np.ndarray:
    counts = table.to_numpy(dtype=float)
    wrong = counts[~((counts >= 0) & (counts == np.floor(counts)))]
    if wrong.size:
        raise StatisticsError(
            f"a contingency table must hold whole counts >= 0, but holds {float(wrong[0])!r}: "
            "count patients, not percentages"
        )
    return counts
