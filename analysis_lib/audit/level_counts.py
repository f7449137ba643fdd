"""How many patients an article prints for a level, a group, or in all."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.audit.triples import patients
from analysis_lib.audit.words import parse_population
from analysis_lib.claims import Claim


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
