"""The printed numbers of one article, gathered as the rules need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis_lib.article.audit.counts import (
    COUNTS,
    Comparison,
    Group,
    Share,
    Split,
    both,
    gather_shares,
    groups_of,
)
from analysis_lib.article.audit.printed import Pair
from analysis_lib.article.audit.triples import Triple, find_curves, find_triples
from analysis_lib.article.audit.words import Named
from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Contrast, Population


@dataclass(frozen=True)
class Article(Named):
    """Claims in the order of the article, and a dictionary that lends them words and levels."""

    claims: Sequence[Claim]

    @cached_property
    def shares(self) -> dict[Key, Share]:
        """Counts and percents by their key without the statistic."""
        return gather_shares(self.claims)

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
    def sizes(self) -> dict[Group, int]:
        """The printed size of each group.

        Sizes stand as the `n` of a column, or as counts of the flow of patients.
        """
        sizes: dict[Group, int] = {}
        for claim in self.claims:
            group = Population.parse(claim.key.population).group
            if claim.key.statistic == "n" and group[0]:
                sizes.setdefault(group, int(claim.value))
            elif (claim.key.analysis, claim.key.statistic) == ("flow", "count") and claim.key.level:
                sizes.setdefault((claim.key.variable, claim.key.level), int(claim.value))
        return sizes

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

    @cached_property
    def whole_base(self) -> str:
        """The base whose group sizes are printed, the patients of the flow: `infused`."""
        known = (
            Population.parse(claim.key.population).base
            for claim in self.claims
            if claim.key.statistic == "n" or claim.key.analysis == "flow"
        )
        return next(known, "")

    def patients(self, population: str) -> int | None:
        """Patients of a population as printed, from a count of it or from the denominators."""
        here = [claim for claim in self.claims if claim.key.population == population]
        counted = (int(claim.value) for claim in here if claim.key.statistic == "n")
        known = [claim.denominator for claim in here if claim.denominator]
        return next(counted, max(known, default=None))

    @cached_property
    def all_patients(self) -> int | None:
        """The largest number of patients printed, which no model can exceed."""
        counts = [int(claim.value) for claim in self.claims if claim.key.statistic in COUNTS]
        known = [claim.denominator for claim in self.claims if claim.denominator]
        pooled: dict[str, int] = {}
        for variable, level in dict.fromkeys(x.group for x in self._populations):
            if variable:
                size = self.patients_at_level(variable, level) or 0
                pooled[variable] = pooled.get(variable, 0) + size
        return max([*counts, *known, *pooled.values()], default=None)

    def patients_at_level(self, variable: str, level: str) -> int | None:
        """Patients at a level of a variable: a row of a table, or a group of its own.

        Of several tables the one with most patients counts, its columns added up.
        """
        tables: dict[tuple[str, ...], dict[str, int]] = {}
        for claim in self.claims:
            key = claim.key
            if key.statistic == "count" and (key.variable, key.level) == (variable, level):
                base, column, _ = Population.parse(key.population)
                cells = tables.setdefault((key.analysis, key.outcome, base, column), {})
                cells.setdefault(key.population, int(claim.value))
        sums = [sum(cells.values()) for cells in tables.values()]
        groups = [str(x) for x in self._populations if x.group == (variable, level)]
        sums += [size for x in groups if (size := self.patients(x)) is not None]
        return max(sums, default=None)

    @cached_property
    def _populations(self) -> tuple[Population, ...]:
        return tuple(dict.fromkeys(Population.parse(x.key.population) for x in self.claims))

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """Every population that is counted by two or more levels which fit into it."""
        cells: dict[Key, dict[str, Claim]] = {}
        for claim in self.claims:
            if claim.key.statistic == "count" and claim.key.variable and claim.key.level:
                levels = cells.setdefault(claim.key._replace(level=""), {})
                levels.setdefault(claim.key.level, claim)
        found = []
        for key, levels in cells.items():
            total = self.patients(key.population)
            sizes = {level: int(claim.value) for level, claim in levels.items()}
            if total is not None and len(sizes) > 1 and sum(sizes.values()) <= total:
                ids = {level: claim.claim_id for level, claim in levels.items()}
                found.append(Split(key.population, total, sizes, ids))
        return tuple(found)
