"""The numbers that are missed, by how far: by one in the last digit, by more, or unknown."""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis_lib.comparison.compared import MISSED, Compared, Comparison
from analysis_lib.comparison.together import Together, together

CLOSE = 1.0


@dataclass(frozen=True)
class Misses:
    """Groups of numbers with a miss among them, the farthest first; `unknown` are not estimable."""

    close: tuple[Together, ...]
    far: tuple[Together, ...]
    unknown: tuple[Together, ...]


def misses_of(comparison: Comparison) -> Misses:
    """Every group in which a number is missed, by the farthest of its misses."""
    groups = [group for group in together(comparison.counted) if missed(group)]
    groups.sort(key=_relative, reverse=True)
    return Misses(
        close=tuple(group for group in groups if _digits(group) <= CLOSE),
        far=tuple(group for group in groups if _digits(group) > CLOSE),
        unknown=tuple(group for group in groups if math.isnan(_digits(group))),
    )


def missed(group: Together) -> tuple[Compared, ...]:
    """The members that are missed."""
    return tuple(one for one in group.members if one.status == MISSED)


def count_missed(groups: tuple[Together, ...]) -> int:
    """How many numbers of the groups are missed."""
    return sum(len(missed(group)) for group in groups)


def _digits(group: Together) -> float:
    """The largest distance of a missed number in units of its last digit; nan if not estimable."""
    distances = [abs(one.last_digits) for one in missed(group)]
    return math.nan if any(math.isnan(x) for x in distances) else max(distances)


def _relative(group: Together) -> float:
    """How far the farthest miss is from its printed number, as a share of it."""
    return max(
        abs(one.difference) / max(abs(one.claim.value), 10.0**-one.claim.decimals)
        for one in missed(group)
    )
