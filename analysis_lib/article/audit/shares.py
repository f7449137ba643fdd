"""Printed counts and percents of a level or an outcome in one group, gathered from all claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.article.audit.printed import CHECKABLE, counts_printing
from analysis_lib.article.audit.triples import patients
from analysis_lib.article.audit.words import parse_population
from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key

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


def all_patients(claims: Sequence[Claim]) -> int | None:
    """The largest number of patients printed, which no model can exceed."""
    counts = [int(claim.value) for claim in claims if claim.key.statistic in ("n", "count")]
    known = [claim.denominator for claim in claims if claim.denominator]
    whole = [patients_at_level(claims, *pair) for pair in _groups(claims)]
    pooled: dict[str, int] = {}
    for (variable, _), size in zip(_groups(claims), whole, strict=True):
        pooled[variable] = pooled.get(variable, 0) + (size or 0)
    return max([*counts, *known, *pooled.values()], default=None)


def patients_at_level(claims: Sequence[Claim], variable: str, level: str) -> int | None:
    """Patients at a level of a variable: counted as a row of a table, or as a group of its own.

    Of several tables the one with most patients counts, its columns added up.
    """
    tables: dict[tuple[str, ...], dict[str, int]] = {}
    for claim in claims:
        key = claim.key
        if key.statistic == "count" and (key.variable, key.level) == (variable, level):
            base, column, _ = parse_population(key.population)
            cells = tables.setdefault((key.analysis, key.outcome, base, column), {})
            cells.setdefault(key.population, int(claim.value))
    sums = [sum(cells.values()) for cells in tables.values()]
    groups = [p for p in _populations(claims) if parse_population(p)[1:] == (variable, level)]
    sums += [size for p in groups if (size := patients(claims, p)) is not None]
    return max(sums, default=None)


def _populations(claims: Sequence[Claim]) -> list[str]:
    return list(dict.fromkeys(claim.key.population for claim in claims))


def _groups(claims: Sequence[Claim]) -> list[tuple[str, str]]:
    named = [parse_population(population)[1:] for population in _populations(claims)]
    return list(dict.fromkeys(pair for pair in named if pair[0]))


@dataclass(frozen=True)
class Split:
    """Counts by level inside one population, with the claims that print them."""

    population: str
    total: int
    sizes: dict[str, int]
    claims: dict[str, str]

    def rest(self, levels: Sequence[str]) -> int:
        """Patients of the population at none of the levels."""
        return self.total - sum(self.sizes[level] for level in levels)


def find_splits(claims: Sequence[Claim]) -> list[Split]:
    """Every population that is counted by two or more levels which fit into it."""
    cells: dict[Key, dict[str, Claim]] = {}
    for claim in claims:
        if claim.key.statistic == "count" and claim.key.variable and claim.key.level:
            levels = cells.setdefault(claim.key._replace(level=""), {})
            levels.setdefault(claim.key.level, claim)
    found = []
    for key, levels in cells.items():
        total = patients(claims, key.population)
        sizes = {level: int(claim.value) for level, claim in levels.items()}
        if total is not None and len(sizes) > 1 and sum(sizes.values()) <= total:
            ids = {level: claim.claim_id for level, claim in levels.items()}
            found.append(Split(key.population, total, sizes, ids))
    return found


def strata_of(split: Split, populations: Sequence[str]) -> dict[str, str]:
    """The populations that are levels of a split, by level; empty unless there are two.

    A stratum may be keyed by another variable than the one that counts it, if it names the
    levels alike: `response` within the exposed, `exposure_response` among everyone.
    """
    whole = parse_population(split.population)
    by_variable: dict[str, dict[str, str]] = {}
    for population in populations:
        part = parse_population(population)
        if part.base == whole.base and part.level in split.sizes and population != split.population:
            by_variable.setdefault(part.variable, {})[part.level] = population
    best = max(by_variable.values(), key=len, default={})
    return best if len(best) > 1 else {}
