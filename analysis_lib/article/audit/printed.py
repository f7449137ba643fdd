"""Which exact values print as a printed number, and which fractions as percents with their P."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from scipy.special import chdtrc

from analysis_lib.article.claims.claim import Claim

_SLACK = 1e-9


@dataclass(frozen=True)
class Window:
    """A closed interval of values; empty where `low` lies above `high`."""

    low: float
    high: float

    @property
    def is_empty(self) -> bool:
        return self.low > self.high

    def holds(self, value: float) -> bool:
        return self.low - _SLACK <= value <= self.high + _SLACK

    def meets(self, other: Window) -> bool:
        return not self.intersect(other).is_empty

    def overlap(self, other: Window) -> float:
        """Length of what two windows share; negative where they lie apart."""
        return min(self.high, other.high) - max(self.low, other.low)

    def intersect(self, other: Window) -> Window:
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Window(low, max(high, low) if low - high <= _SLACK else high)


def window(claim: Claim) -> Window:
    """Every value that rounds to the printed one, proportions in [0, 1].

    Both ends belong to it, so that neither rounding half up nor half to even is accused. What is
    printed as `about` holds no value to anything.
    """
    if claim.comparator == "~":
        return Window(-math.inf, math.inf)
    scale = 100 if claim.unit == "%" else 1
    if claim.comparator in ("<", "<="):
        return Window(-math.inf, claim.value / scale)
    if claim.comparator in (">", ">="):
        return Window(claim.value / scale, math.inf)
    half = 0.5 * 10.0**-claim.decimals
    return Window((claim.value - half) / scale, (claim.value + half) / scale)


def hull(windows: Iterable[Window]) -> Window:
    """The smallest window around several."""
    known = tuple(windows)
    return Window(min(one.low for one in known), max(one.high for one in known))


CHECKABLE = ("=", "<", "<=", ">", ">=")
_PRINTED_SLACK = 1e-9  # of a recomputed P value, far below any printed digit


def prints_percent(count: int, denominator: int, claim: Claim) -> bool:
    """Whether 100 * count / denominator prints as the claim says, in whole-number arithmetic."""
    return _prints_percent(count, denominator, claim.printed, claim.decimals, claim.comparator)


def prints_p(exact: float, claim: Claim) -> bool:
    """Whether a P value prints as the claim says; `<` and its kin bound the exact value."""
    if claim.comparator == "=":
        half = 0.5 * 10.0**-claim.decimals
        return abs(exact - claim.value) <= half + _PRINTED_SLACK
    return _bounded(exact, claim.value, claim.comparator)


def cuts_off_to_p(exact: float, claim: Claim) -> bool:
    """Whether a P value prints so if its further digits are left out: .04 for .0489."""
    past = exact - claim.value
    return claim.comparator == "=" and -_PRINTED_SLACK <= past < 10.0**-claim.decimals


def cuts_off_to(count: int, denominator: int, claim: Claim) -> bool:
    """Whether a percent prints so if its further digits are left out instead of rounded."""
    scale = 10**claim.decimals
    return claim.comparator == "=" and 100 * scale * count // denominator == round(
        claim.value * scale
    )


def counts_printing(percents: Sequence[Claim], denominator: int) -> tuple[int, ...]:
    """Every whole number of patients that prints all the percents of one denominator."""
    found = {
        count
        for count in range(denominator + 1)
        if all(prints_percent(count, denominator, claim) for claim in percents)
    }
    return tuple(sorted(found))


def fractions_printing(
    percents: Sequence[Claim], *, at_most: int, count: int | None = None
) -> tuple[tuple[int, int], ...]:
    """Every (count, denominator) up to a denominator that prints all the percents."""
    key = tuple((claim.printed, claim.decimals, claim.comparator) for claim in percents)
    return _fractions(key, at_most, count)


def denominators_printing(
    count: int, percents: Sequence[Claim], *, at_most: int
) -> tuple[int, ...]:
    """Every denominator up to `at_most` with which the count prints all the percents."""
    return tuple(n for _, n in fractions_printing(percents, at_most=at_most, count=count))


@lru_cache(maxsize=4096)
def _fractions(
    percents: tuple[tuple[str, int, str], ...], at_most: int, count: int | None
) -> tuple[tuple[int, int], ...]:
    return tuple(
        (c, n)
        for n in range(1, at_most + 1)
        for c in (range(n + 1) if count is None else (count,))
        if c <= n and all(_prints_percent(c, n, *percent) for percent in percents)
    )


@lru_cache(maxsize=262144)
def _prints_percent(
    count: int, denominator: int, printed: str, decimals: int, comparator: str
) -> bool:
    if comparator != "=":
        return _bounded(100 * count / denominator, float(printed), comparator)
    # Twice the distance from the printed value in units of its last digit, times the denominator.
    units = int(Fraction(printed) * 10**decimals)
    doubled = 2 * (100 * 10**decimals * count - units * denominator)
    if doubled == denominator:
        return units % 2 == 0  # half to even keeps it; half up would print the next digit
    return -denominator <= doubled < denominator


def _bounded(exact: float, bound: float, comparator: str) -> bool:
    return {
        "<": exact < bound,
        "<=": exact <= bound + _PRINTED_SLACK,
        ">": exact > bound,
        ">=": exact >= bound - _PRINTED_SLACK,
    }.get(comparator, True)


Pair = tuple[int, int]  # patients of two groups, the reference first
Rate = tuple[int, int]  # patients with the outcome, patients in all


@dataclass(frozen=True)
class Rates:
    """A fraction for either group, the reference first, with P of Pearson's chi-square test."""

    first: Rate
    second: Rate
    p_value: float

    @property
    def counts(self) -> Pair:
        return (self.first[0], self.second[0])

    @property
    def denominators(self) -> Pair:
        return (self.first[1], self.second[1])


@dataclass(frozen=True)
class Solution:
    """All fits up to the sizes of the groups.

    `alone` are the fractions of either group that its percents admit, whatever the P value.
    """

    fits: tuple[Rates, ...]
    alone: tuple[tuple[Rate, ...], tuple[Rate, ...]]

    @property
    def unique(self) -> bool:
        return len(self.fits) == 1

    def with_denominators(self, denominators: Pair) -> tuple[Rates, ...]:
        return tuple(fit for fit in self.fits if fit.denominators == denominators)


def solve_denominators(
    percents: tuple[Sequence[Claim], Sequence[Claim]],
    *,
    at_most: Pair,
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
        return Solution((), (first, second))
    found = pearson_p_values(first, second)
    fits = tuple(
        Rates(first[i], second[j], float(found[i, j]))
        for i, j in np.argwhere(_near(found, p))
        if p is None or prints_p(float(found[i, j]), p)
    )
    return Solution(fits, (first, second))


def _near(found: np.ndarray, p: Claim | None) -> np.ndarray:
    """Candidates within a printed digit, a coarse sieve before the exact rule."""
    if p is None or p.comparator != "=":
        return np.ones(found.shape, dtype=bool)
    return np.asarray(np.abs(found - p.value) <= 10.0**-p.decimals)


@lru_cache(maxsize=512)
def pearson_p_values(first: tuple[Rate, ...], second: tuple[Rate, ...]) -> np.ndarray:
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
