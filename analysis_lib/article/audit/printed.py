"""Which exact values print as a printed number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

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

    Both ends belong to it, so that neither rounding half up nor half to even is accused.
    """
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
