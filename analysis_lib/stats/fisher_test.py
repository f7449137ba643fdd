"""Fisher's exact test, by enumeration of the tables with the same margins."""

from __future__ import annotations

from math import nan

import numpy as np
import pandas as pd
from scipy.special import gammaln

METHOD = "Fisher's exact test"
LEAST_EXPECTED = 5  # below it, Pearson's approximation is not safe: Cochran (1954)
_MOST_TABLES = 2_000_000
_TIES = 1e-7  # relative, as R's fisher.test counts tables as likely as the observed one


def fisher_test(table: pd.DataFrame) -> float:
    """P of the hypothesis that rows and columns of a table of counts are independent.

    Empty rows and columns are dropped. A table with more than two rows and more than two columns
    has none here, nor one beyond the tables that `freeman_halton` enumerates.
    """
    counts = table.to_numpy(dtype=int)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if 2 not in counts.shape or min(counts.shape) < 2:
        return nan
    return freeman_halton(counts if counts.shape[1] == 2 else counts.T)


def freeman_halton(counts: np.ndarray) -> float:
    """Fisher's exact test of k rows and two columns, by enumeration; nan beyond two million tables.

    R: ``fisher.test(table)``. Freeman & Halton (1951).
    """
    rows = np.sort(counts.sum(axis=1))
    free = rows[:-1]  # the largest row is what the others leave
    if np.prod(free + 1.0) > _MOST_TABLES:
        return nan
    column = int(counts[:, 0].sum())
    log_ways, used = np.zeros(1), np.zeros(1, dtype=int)
    for size in free:
        inside = np.arange(size + 1)
        log_ways = (log_ways[:, None] + _log_choose(size, inside)[None, :]).ravel()
        used = (used[:, None] + inside[None, :]).ravel()
    left = column - used
    possible = (left >= 0) & (left <= rows[-1])
    log_p = log_ways[possible] + _log_choose(rows[-1], left[possible])
    observed = _log_choose(counts.sum(axis=1), counts[:, 0]).sum()
    log_p -= _log_choose(counts.sum(), np.array([column]))[0]
    observed -= _log_choose(counts.sum(), np.array([column]))[0]
    return float(min(1.0, np.exp(log_p[log_p <= observed + _TIES]).sum()))


def _log_choose(n: np.ndarray | int, k: np.ndarray) -> np.ndarray:
    return np.asarray(gammaln(np.add(n, 1)) - gammaln(k + 1) - gammaln(np.subtract(n, k) + 1))
