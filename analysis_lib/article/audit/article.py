"""The printed numbers of one article, gathered as the rules need them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from analysis_lib.article.audit.counts import (
    Comparison,
    Group,
    Share,
    both,
    gather_shares,
    groups_of,
)
from analysis_lib.article.audit.printed import Pair, cuts_off_to, prints_percent
from analysis_lib.article.audit.sizes import Head, Sized, other_sizes
from analysis_lib.article.audit.triples import CONFIDENCE_LEVEL, Triple, find_curves, find_triples
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import format_number
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Contrast, Population

DESIGN = "design"
_LEVEL = re.compile(r"\b(confidence|intervals?|CIs?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Article(Sized):
    """Claims in the order of the article, and a dictionary that lends them words and levels."""

    @cached_property
    def confidence_level(self) -> float:
        """The smallest level of intervals that the design names, .95 where it names none."""
        named = [
            claim.value / 100
            for claim in self.record
            if claim.section == DESIGN and claim.unit == "%" and _LEVEL.search(claim.note)
        ]
        return min((level for level in named if 0.5 < level < 1), default=CONFIDENCE_LEVEL)

    @cached_property
    def ways_of_rounding(self) -> Counter[str]:
        """How many percents of printed counts only `rounding` gives, and how many only `cutting`.

        A percent is of its denominator or of the patients of its row.
        """
        found: Counter[str] = Counter()
        for share in self.shares.values():
            for percent in share.percents if share.count is not None else ():
                totals = [x for x in (percent.denominator, self.row_total(share.key)) if x]
                is_cut = any(cuts_off_to(share.count or 0, x, percent) for x in totals)
                is_rounded = any(prints_percent(share.count or 0, x, percent) for x in totals)
                if is_cut != is_rounded:
                    found["cutting" if is_cut else "rounding"] += 1
        return found

    @property
    def may_cut_off(self) -> bool:
        """Whether no percent shows that the article rounds instead of leaving out digits."""
        return not self.ways_of_rounding["rounding"]

    def row_of(self, key: Key) -> list[Share]:
        """What is printed of one level in all groups of the same variable."""
        base, variable, _ = Population.parse(key.population)
        wanted = key._replace(population="", statistic="")
        return [
            share
            for other, share in self.shares.items()
            if variable
            and other._replace(population="") == wanted
            and Population.parse(other.population)[:2] == (base, variable)
        ]

    def row_total(self, key: Key) -> int | None:
        """The patients of a row in two or more groups together, if all are counted and any is."""
        counts = [share.count for share in self.row_of(key)]
        known = [count for count in counts if count is not None]
        return (sum(known) or None) if len(known) == len(counts) > 1 else None

    def is_over_time(self, outcome: str) -> bool:
        """Whether numbers of an outcome at a time are printed: survival or incidence."""
        return any(
            claim.key.outcome == outcome and claim.key.time_months is not None
            for claim in self.claims
        )

    @cached_property
    def shares(self) -> dict[Key, Share]:
        """Counts and percents by their key without the statistic."""
        return gather_shares(self.claims)

    @cached_property
    def other_sizes(self) -> dict[Head, tuple[list[Share], list[int]]]:
        """Columns whose percents are of another number of patients than is printed."""
        return other_sizes(self.shares.values())

    def sizes_of_column(self, population: str, size: int) -> list[int]:
        """The printed size, or those which the percents of the column tell instead."""
        return self.other_sizes.get(Head(population, size), ([], [size]))[1]

    @cached_property
    def curves(self) -> dict[Key, dict[float, Claim]]:
        """The printed points of every survival curve by time, of a repeated one the first."""
        return find_curves(self.claims)

    def triples(self, statistic: str) -> list[Triple]:
        """The estimates of a statistic that have both ends; of a repeated one the first."""
        return find_triples(self.claims, statistic)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every printed P value of two groups, in the order of the claims.

        P values of a time to event need event times and belong to the rules on survival.
        """
        same: dict[tuple[Key, str, str], list[Claim]] = {}
        for claim in self.claims:
            if claim.key.statistic == "p_value" and Contrast.parse(claim.key.contrast):
                same.setdefault((claim.key, claim.comparator, claim.printed), []).append(claim)
        return tuple(
            Comparison(tuple(p_values), groups, self._rows(key, groups))
            for (key, _, _), p_values in same.items()
            if self.type_of(key.outcome) != "time_to_event"
            and (groups := self.groups_of(key)) is not None
        )

    def groups_of(self, key: Key) -> tuple[str, str] | None:
        """The populations that a contrast names, the reference first."""
        return groups_of(key, self.claims)

    def _rows(self, key: Key, groups: tuple[str, str]) -> dict[str, tuple[Share, Share]]:
        """The levels printed in both groups, in the dictionary's order."""
        same = (key.analysis, key.outcome, groups[0], key.variable)
        levels = [share.level for share in self.shares if share[:4] == same]
        known = self.levels_of(key.variable)
        levels.sort(key=lambda x: known.index(x) if x in known else len(known))
        blank = key._replace(contrast="", statistic="")
        pairs = {level: self.in_groups(blank._replace(level=level), groups) for level in levels}
        return {level: pair for level, pair in pairs.items() if pair is not None}

    def in_groups(self, key: Key, groups: tuple[str, str]) -> tuple[Share, Share] | None:
        """What is printed of one key in two populations; None unless it is in both."""
        return both([self.shares.get(key._replace(population=group)) for group in groups])

    def comparison_name(self, comparison: Comparison) -> str:
        """`Race/ethnicity, InO-exposed vs InO-naïve`."""
        return f"{self.quantity_name(comparison.key)}, {self.groups_name(comparison.groups)}"

    @cached_property
    def sizes_by_base(self) -> dict[str, dict[Group, int]]:
        """The patients of each base in each group, as recorded with its percents and counts."""
        sizes: dict[str, dict[Group, int]] = {}
        for key, share in self.shares.items():
            population = Population.parse(key.population)
            if share.denominator and not share.is_reading and population.variable:
                of_base = sizes.setdefault(population.base, {})
                of_base.setdefault(population.group, share.denominator)
        return sizes

    def size_of(self, population: str, base: str = "") -> int | None:
        """How many patients a population's group has, in a base or in all."""
        sizes = self.sizes_by_base.get(base, {}) if base else self.sizes
        return sizes.get(Population.parse(population).group)

    def sizes_of(self, groups: tuple[str, str], base: str = "") -> Pair | None:
        """The sizes of two groups, if both are printed and nobody's group is empty."""
        sizes = [self.size_of(group, base) for group in groups]
        return both(sizes) if all(sizes) else None

    @property
    def interval_words(self) -> str:
        """`95% CI`."""
        return f"{format_number(100 * self.confidence_level)}% CI"
