"""Deal exact counts of labels over groups of patients, at random or in the order of a score."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

import numpy as np
import pandas as pd

Label = TypeVar("Label", bound=Hashable)


def deal(
    rng: np.random.Generator, groups: pd.Series, table: Mapping[str, Mapping[Label, int]]
) -> pd.Series:
    """Give every patient a label so that each group shows exactly its row of `table`."""
    return deal_by_score(rng, groups, table, score=pd.Series(0.0, index=groups.index))


def deal_by_score(
    rng: np.random.Generator,
    groups: pd.Series,
    table: Mapping[str, Mapping[Label, int]],
    *,
    score: pd.Series,
    noise: float = 1.0,
) -> pd.Series:
    """Deal the labels in the table's order, to the highest noisy score first.

    Gumbel noise makes this a draw without replacement with odds exp(score / noise).
    """
    dealt = pd.Series(index=groups.index, dtype=object)
    noisy = score + noise * rng.gumbel(size=len(score))
    for group, counts in table.items():
        members = noisy[groups == group].sort_values(ascending=False, kind="stable").index
        labels = [label for label, count in counts.items() for _ in range(count)]
        if len(labels) != len(members):
            raise ValueError(f"{group!r} has {len(members)} patients for {len(labels)} labels")
        dealt.loc[members] = np.array(labels, dtype=object)
    return dealt


def choose(
    rng: np.random.Generator,
    groups: pd.Series,
    counts: Mapping[str, int],
    *,
    score: pd.Series | None = None,
    noise: float = 1.0,
) -> pd.Series:
    """Say yes to exactly `counts` patients of each group, higher noisy scores first."""
    if score is None:
        score = pd.Series(0.0, index=groups.index)
    sizes = groups.value_counts()
    table: dict[str, dict[bool, int]] = {
        group: {True: count, False: int(sizes[group]) - count} for group, count in counts.items()
    }
    chosen = deal_by_score(rng, groups, table, score=score, noise=noise)
    return chosen.isin([True])


def spread(rng: np.random.Generator, low: float, high: float, size: int) -> np.ndarray:
    """Draw one value from each of `size` equal slices of [low, high), in random order."""
    slices = (np.arange(size) + rng.uniform(size=size)) / max(size, 1)
    return rng.permutation(low + (high - low) * slices)
