"""A group, the strata into which the article counts it, and who is in none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.analyses.results import Key
from analysis_lib.audit.triples import patients
from analysis_lib.audit.words import parse_population
from analysis_lib.claims import Claim


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
