"""Numbers that a reader sees as one, and those that are missed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis_lib.article.comparison.compare import MISSED, REPRODUCED, Compared, Comparison
from analysis_lib.article.comparison.words import (
    UNITLESS,
    ClaimWords,
    computed_text,
    difference_text,
    printed_text,
    statistic_words,
)
from analysis_lib.format import EN_DASH

# The first of a family, and in brackets behind it the others.
FAMILIES = (
    ("count", "proportion"),
    ("median", "minimum", "maximum"),
    ("survival", "survival_ci_low", "survival_ci_high"),
    ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high"),
)
_HEAD = {name: family[0] for family in FAMILIES for name in family}
_ORDER = [name for family in FAMILIES for name in family]
_SHOWN_BY_THE_NUMBER = ("count", "proportion", "survival")


@dataclass(frozen=True)
class Together:
    """Numbers of one family whose keys differ in the statistic alone."""

    members: tuple[Compared, ...]

    @property
    def first(self) -> Compared:
        return self.members[0]

    @property
    def is_test(self) -> bool:
        return self.first.claim.key.statistic == "p_value"

    @property
    def variable(self) -> tuple[str, str]:
        """What the numbers are of, whatever the level, the patients and the time."""
        return (self.first.claim.key.outcome, self.first.claim.key.variable)

    @property
    def places(self) -> tuple[str, ...]:
        """Where any of them is printed."""
        printings = [x for one in self.members for x in one.printings]
        return tuple(dict.fromkeys(x.source for x in printings))

    @property
    def printed(self) -> str:
        """`37 (43%)`, `54% (43–63%)`, `1.20 (0.71–2.03)`."""
        return self._written([printed_text(one.claim) for one in self.members])

    @property
    def computed(self) -> str:
        """Ours, written likewise."""
        return self._written([computed_text(one) for one in self.members])

    @property
    def difference(self) -> str:
        """Ours minus the article's, number by number; empty where all agree."""
        if all(one.status == REPRODUCED for one in self.members):
            return ""
        first, *others = (difference_text(one) or "0" for one in self.members)
        return f"{first} ({', '.join(others)})" if others else first

    @property
    def verdict(self) -> str:
        """`reproduced` where all are, else what befalls the others."""
        others = [one.status for one in self.members if one.status != REPRODUCED]
        return ", ".join(dict.fromkeys(others)) or REPRODUCED

    def label(self, words: ClaimWords) -> str:
        """All that the keys say, without the statistic where the numbers show it themselves."""
        claim = self.first.claim
        name, statistic = words.name(claim.key), claim.key.statistic
        patients = words.patients(claim.key)
        is_range = statistic == "median" and len(self.members) > 1
        said = "median (range)" if is_range else statistic_words(statistic)
        if name and statistic in _SHOWN_BY_THE_NUMBER:
            said = ""
        unit = claim.unit if claim.unit not in UNITLESS and claim.unit not in name else ""
        text = ", ".join(part for part in (name, unit, said, patients) if part)
        return text[:1].upper() + text[1:]

    def _written(self, texts: Sequence[str]) -> str:
        first, *others = texts
        if not others:
            return first
        if len(others) > 1:
            others = [*(text.removesuffix("%") for text in others[:-1]), others[-1]]
        return f"{first} ({EN_DASH.join(others)})"


def together(numbers: Iterable[Compared]) -> tuple[Together, ...]:
    """Each number in one group; those of one variable beside each other, its tests last.

    A statistic that is printed with two values is in two groups; one printed exactly stands with
    its family before a bound such as >50% does.
    """
    numbers = list(numbers)
    groups: dict[tuple[object, ...], list[Compared]] = {}
    for one in sorted(numbers, key=lambda x: x.claim.comparator != "="):
        key, copy = one.claim.key, 0
        head = key._replace(statistic=_HEAD.get(key.statistic, key.statistic))
        while any(x.claim.key == key for x in groups.get((head, copy), ())):
            copy += 1
        groups.setdefault((head, copy), []).append(one)
    found = [Together(tuple(sorted(members, key=_place))) for members in groups.values()]
    found.sort(key=lambda group: min(numbers.index(one) for one in group.members))
    return tuple(_beside_each_other(found))


def _place(one: Compared) -> int:
    statistic = one.claim.key.statistic
    return _ORDER.index(statistic) if statistic in _ORDER else 0


def _beside_each_other(groups: Sequence[Together]) -> list[Together]:
    counted = [group.variable for group in groups if not group.is_test]
    variables = list(dict.fromkeys([*counted, *(group.variable for group in groups)]))
    return sorted(groups, key=lambda group: (variables.index(group.variable), group.is_test))


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
