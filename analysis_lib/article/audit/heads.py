"""Numbers of patients that print the percents of a column better than the one in its head."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analysis_lib.article.audit.counts import UNSURE, Share
from analysis_lib.article.audit.printed import prints_percent

_FEWEST = 3  # percents that tell a size
_REACH = 0.2  # how far from the printed size another is sought


class Head(NamedTuple):
    """A population, and how many patients are printed of it."""

    population: str
    size: int


def other_sizes(shares: Iterable[Share]) -> dict[Head, tuple[list[Share], list[int]]]:
    """The columns of which another size prints all percents, or all but one, and many more."""
    columns: dict[Head, list[Share]] = defaultdict(list)
    for share in shares:
        told = share.denominator if share.denominator_source not in UNSURE else None
        if told and share.count is not None and share.percents:
            columns[Head(share.key.population, told)].append(share)
    found = {head: (column, _better(column, head.size)) for head, column in columns.items()}
    return {head: pair for head, pair in found.items() if pair[1]}


def _better(column: Sequence[Share], size: int) -> list[int]:
    if len(column) < _FEWEST or 2 * percents_of(column, size) > len(column):
        return []
    reach = max(2, round(_REACH * size))
    fits = {n: percents_of(column, n) for n in range(max(1, size - reach), size + reach + 1)}
    most = max(fits.values())
    if most < max(len(column) - 1, _FEWEST) or 2 * fits[size] > most:
        return []
    return [n for n, number in fits.items() if number == most]


def percents_of(column: Sequence[Share], size: int) -> int:
    """How many rows print their percents with so many patients."""
    return sum(
        all(prints_percent(share.count or 0, size, x) for x in share.percents) for share in column
    )
