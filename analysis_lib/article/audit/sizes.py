"""How many patients an article has: its groups, bases, levels, and what its columns print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from analysis_lib.article.audit.counts import COUNTS, UNSURE, Group, Share, Split
from analysis_lib.article.audit.printed import prints_percent
from analysis_lib.article.audit.words import Named
from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Population
from analysis_lib.topics import VOCABULARY


@dataclass(frozen=True)
class Sized(Named):
    """Claims in the order of the article, and the numbers of patients that they print.

    `record` are the lines on the study itself, which are compared with nothing but its rules.
    """

    claims: Sequence[Claim]
    record: Sequence[Claim] = ()

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
    def whole_base(self) -> str:
        """The base whose group sizes are printed, the patients of the flow: `infused`."""
        known = (
            Population.parse(claim.key.population).base
            for claim in self.claims
            if claim.key.statistic == "n" or claim.key.analysis == "flow"
        )
        return next(known, "")

    def patients(self, population: str) -> int | None:
        """Patients of a population as printed, from a count of it or from the denominators.

        None where nobody is told or counted.
        """
        here = [claim for claim in self.claims if claim.key.population == population]
        counted = (int(claim.value) for claim in here if claim.key.statistic == "n")
        known = [claim.denominator for claim in here if claim.denominator]
        return next(counted, max(known, default=None)) or None

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

    def most_patients(self, base: str) -> int | None:
        """The most patients whom a model of a base can hold; None where it cannot be told.

        Parts of an article alone, such as one of its groups, do not tell how many there are.
        """
        known = {Population.parse(claim.key.population).base for claim in self.claims}
        is_part = base in ("", self.whole_base) or base in VOCABULARY.populations
        return (
            self.all_patients
            if self._counts_everyone and base in known | {""} and is_part
            else None
        )

    @cached_property
    def _counts_everyone(self) -> bool:
        """Whether the size of the whole base is printed, or those of all of its groups."""
        return any(_is_size_of_all(claim.key) for claim in self.claims) or any(
            self._has_all(variable, {level for v, level in self.sizes if v == variable})
            for variable, _ in self.sizes
        )

    def _has_all(self, variable: str, levels: set[str]) -> bool:
        """Whether no group of a variable is left out, as far as the dictionary knows it."""
        known = set(self.levels_of(variable))
        return known <= levels if known else len(levels) > 1

    def patients_at_level(self, variable: str, level: str, base: str = "") -> int | None:
        """Patients at a level of a variable: a row of a table, or a group of its own.

        Of several tables the one with most patients counts, its columns added up; one that lacks
        a column counts for nothing, nor does one of another base than the one asked for.
        """
        tables: dict[tuple[str, ...], dict[str, int]] = {}
        for claim in self.claims:
            key = claim.key
            if key.statistic == "count" and (key.variable, key.level) == (variable, level):
                of, column, name = Population.parse(key.population)
                if base in ("", of):
                    cells = tables.setdefault((key.analysis, key.outcome, of, column), {})
                    cells.setdefault(name, int(claim.value))
        sums = [
            sum(cells.values())
            for (*_, column), cells in tables.items()
            if not column or self._has_all(column, set(cells))
        ]
        groups = [
            str(x)
            for x in self._populations
            if x.group == (variable, level) and base in ("", x.base)
        ]
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


def _is_size_of_all(key: Key) -> bool:
    """Whether a number counts the patients of a base, all groups together."""
    base, variable, _ = Population.parse(key.population)
    is_box = key.analysis == "flow" and key.variable in ("", base) and not key.level
    return not variable and (key.statistic == "n" or (is_box and key.statistic == "count"))


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
