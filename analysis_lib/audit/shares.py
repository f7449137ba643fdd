"""Printed counts and percents of a level or an outcome in one group, gathered from all claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.analyses.results import Key
from analysis_lib.audit.printed import CHECKABLE, counts_printing
from analysis_lib.audit.words import parse_population
from analysis_lib.claims import Claim

MISSING = "missing"
UNSURE = ("assumed", "unknown")


@dataclass(frozen=True)
class Share:
    """Every printed count and percent of one key; `denominator` is the recorded one."""

    key: Key
    counts: tuple[Claim, ...]
    percents: tuple[Claim, ...]

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(claim.claim_id for claim in (*self.counts, *self.percents))

    @property
    def evidence(self) -> tuple[str, ...]:
        """The claims that settle the count: a printed count needs no percent."""
        return tuple(claim.claim_id for claim in (self.counts or self.percents))

    @property
    def count(self) -> int | None:
        """The printed count."""
        return int(self.counts[0].value) if self.counts else None

    @property
    def denominator(self) -> int | None:
        known = (claim.denominator for claim in (*self.percents, *self.counts))
        return next((n for n in known if n), None)

    @property
    def denominator_source(self) -> str:
        known = (c for c in (*self.percents, *self.counts) if c.denominator)
        return next((claim.denominator_source for claim in known), "")

    @property
    def is_reading(self) -> bool:
        """Whether the denominator is only one reading of several, and no count is printed."""
        return self.denominator_source in UNSURE and not self.counts

    @property
    def settled_count(self) -> int | None:
        """The printed count, or the only one that the percents of the denominator admit."""
        if self.count is not None or not self.denominator or not self.percents:
            return self.count
        admitted = counts_printing(self.percents, self.denominator)
        return admitted[0] if len(admitted) == 1 else None


def gather_shares(claims: Sequence[Claim]) -> dict[Key, Share]:
    """Counts and percents by their key without the statistic, in the order of the claims."""
    counts: dict[Key, list[Claim]] = defaultdict(list)
    percents: dict[Key, list[Claim]] = defaultdict(list)
    keys: dict[Key, None] = {}
    for claim in claims:
        if claim.key.statistic not in ("count", "proportion") or claim.comparator not in CHECKABLE:
            continue
        key = claim.key._replace(statistic="")
        if claim.key.statistic == "count" and claim.comparator == "=":
            counts[key].append(claim)
        elif claim.unit == "%":
            percents[key].append(claim)
        keys[key] = None
    return {key: Share(key, tuple(counts[key]), tuple(percents[key])) for key in keys}


def group_sizes(claims: Sequence[Claim]) -> dict[tuple[str, str], int]:
    """The printed size of each group, by its variable and level.

    Sizes stand as the `n` of a column, or as counts of the flow of patients.
    """
    sizes: dict[tuple[str, str], int] = {}
    for claim in claims:
        group = parse_population(claim.key.population)
        if claim.key.statistic == "n" and group.variable:
            sizes.setdefault((group.variable, group.level), int(claim.value))
        elif claim.key.statistic == "count" and claim.key.analysis == "flow" and claim.key.level:
            sizes.setdefault((claim.key.variable, claim.key.level), int(claim.value))
    return sizes


def size_of(population: str, sizes: dict[tuple[str, str], int]) -> int | None:
    """How many patients a population's group has in all, whatever its base."""
    group = parse_population(population)
    return sizes.get((group.variable, group.level))


def whole_base(claims: Sequence[Claim]) -> str:
    """The base whose group sizes are printed, the patients of the flow: `infused`."""
    known = [
        parse_population(claim.key.population).base
        for claim in claims
        if claim.key.statistic == "n" or claim.key.analysis == "flow"
    ]
    return known[0] if known else ""
