"""Can patients whose level is not printed be split among the other levels to give a P value?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from scipy.special import chdtrc

from analysis_lib.audit.printed import prints_p
from analysis_lib.claims import Claim

_MOST_SPLITS = 300_000


@dataclass(frozen=True)
class Splits:
    """How many splits were tried, and how many of them print the P value."""

    tried: int
    fitting: int


def count_splits(
    counts: tuple[int, int], denominators: tuple[int, int], levels: int, p: Claim
) -> Splits | None:
    """Splits that print a P value under Pearson's chi-square of all levels.

    counts : the patients of either group at the one printed level.
    levels : how many levels the variable has, the printed one among them.

    Returns None where there are no other levels, no patients for them (a misprinted count exceeds
    its denominator), or too many splits to try.
    """
    if levels < 3 or any(count > n for count, n in zip(counts, denominators, strict=True)):
        return None
    parts = [_compositions(n - c, levels - 1) for c, n in zip(counts, denominators, strict=True)]
    tried = len(parts[0]) * len(parts[1])
    if tried > _MOST_SPLITS:
        return None
    first, second = (
        np.column_stack([np.full(len(part), count), part])
        for count, part in zip(counts, parts, strict=True)
    )
    found = _pearson(first[:, None, :], second[None, :, :]).ravel()
    near = found[np.abs(found - p.value) <= 10.0**-p.decimals]
    return Splits(tried, sum(prints_p(float(exact), p) for exact in near))


@lru_cache(maxsize=64)
def _compositions(total: int, parts: int) -> np.ndarray:
    """Every way to write a total as an ordered sum of `parts` numbers from 0 on."""
    bars = combinations(range(total + parts - 1), parts - 1)
    edges = np.array([(-1, *bar, total + parts - 1) for bar in bars])
    return np.diff(edges, axis=1) - 1


def _pearson(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """P of two groups over levels on the last axis; an empty level takes a degree of freedom."""
    rows = first + second
    share = first.sum(axis=-1, keepdims=True) / rows.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(rows > 0, (first - rows * share) ** 2 / (rows * share * (1 - share)), 0.0)
    return np.asarray(chdtrc((rows > 0).sum(axis=-1) - 1, terms.sum(axis=-1)))
