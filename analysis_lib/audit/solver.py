"""Which whole numbers of patients can stand behind two printed rates and their P value?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import chdtrc

from analysis_lib.audit.printed import fractions_printing, prints_p
from analysis_lib.claims import Claim

Fraction = tuple[int, int]  # patients with the outcome, patients in all


@dataclass(frozen=True)
class Fit:
    """A fraction for either group, the reference first, with P of Pearson's chi-square test."""

    first: Fraction
    second: Fraction
    p_value: float

    @property
    def counts(self) -> tuple[int, int]:
        return (self.first[0], self.second[0])

    @property
    def denominators(self) -> tuple[int, int]:
        return (self.first[1], self.second[1])


@dataclass(frozen=True)
class Solution:
    """All fits up to the sizes of the groups.

    `alone` are the fractions of either group that its percents admit, whatever the P value;
    `searched` are the largest denominators tried.
    """

    fits: tuple[Fit, ...]
    alone: tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
    searched: tuple[int, int]

    @property
    def unique(self) -> bool:
        return len(self.fits) == 1

    def with_denominators(self, denominators: tuple[int, int]) -> tuple[Fit, ...]:
        return tuple(fit for fit in self.fits if fit.denominators == denominators)


def solve_denominators(
    percents: tuple[Sequence[Claim], Sequence[Claim]],
    *,
    at_most: tuple[int, int],
    counts: tuple[int | None, int | None] = (None, None),
    p: Claim | None = None,
) -> Solution:
    """Every pair of fractions that prints the percents of both groups and the P value of them.

    percents : printed percents of one outcome in either group; all of a group must print.
    at_most : the largest denominators to try, the sizes of the groups.
    counts : the printed counts, if any.
    p : the printed P value, recomputed as Pearson's chi-square without correction; without it
        the percents decide alone.
    """
    first, second = (
        fractions_printing(shown, at_most=most, count=count)
        for shown, most, count in zip(percents, at_most, counts, strict=True)
    )
    if not first or not second:
        return Solution((), (first, second), at_most)
    found = pearson_p_values(first, second)
    fits = tuple(
        Fit(first[i], second[j], float(found[i, j]))
        for i, j in np.argwhere(_near(found, p))
        if p is None or prints_p(float(found[i, j]), p)
    )
    return Solution(fits, (first, second), at_most)


def _near(found: np.ndarray, p: Claim | None) -> np.ndarray:
    """Candidates within a printed digit, a coarse sieve before the exact rule."""
    if p is None or p.comparator != "=":
        return np.ones(found.shape, dtype=bool)
    return np.asarray(np.abs(found - p.value) <= 10.0**-p.decimals)


@lru_cache(maxsize=512)
def pearson_p_values(first: tuple[Fraction, ...], second: tuple[Fraction, ...]) -> np.ndarray:
    """P of every fraction of one group against every fraction of the other; 1 where none varies.

    R: ``chisq.test(matrix(c(a, n - a, b, m - b), 2), correct = FALSE)``.
    """
    a, n = (np.array(x, dtype=float)[:, None] for x in zip(*first, strict=True))
    b, m = (np.array(x, dtype=float)[None, :] for x in zip(*second, strict=True))
    pooled = (a + b) / (n + m)
    variance = pooled * (1 - pooled) * (1 / n + 1 / m)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(variance > 0, (a / n - b / m) ** 2 / variance, 0.0)
    return np.asarray(chdtrc(1, statistic))
