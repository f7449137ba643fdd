"""Can any data of the generator's model print these numbers? Asked by brute force.

This is the benchmark's own judgement of which errors arithmetic can reveal at all, written
without the audit's rules: numbers are computed forwards from counts and from grids of estimates
and standard errors, printed, and compared. What it does not ask nobody can see: a rank test's P,
one survival estimate without interval among others, a median that moves inside its range.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from made_articles import AGE_GROUPS, FACTORS
from numpy.typing import NDArray
from reproducible_survival import curves_exist, ratios_exist
from scipy.stats import chi2_contingency
from writing_articles import GROUPS

from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key

Floats = NDArray[np.float64]
Printed = dict[Key, Claim]


def is_reproducible(claims: Sequence[Claim]) -> bool:
    """Whether no printed number contradicts the others under every reading of the model."""
    printed: Printed = {}
    for claim in claims:
        first = printed.setdefault(claim.key, claim)
        if (first.printed, first.comparator) != (claim.printed, claim.comparator):
            return False
    return all(
        ask(printed)
        for ask in (_shares, _columns, _p_values, _ranges, curves_exist, _strata, ratios_exist)
    )


def prints(value: float, claim: Claim) -> bool:
    """Under rounding half up or half to even."""
    if claim.comparator == "<":
        return value < claim.value
    return bool(abs(value - claim.value) <= 0.5 * 10.0**-claim.decimals + 1e-9)


def _shares(printed: Printed) -> bool:
    for key, claim in printed.items():
        count = printed.get(key._replace(statistic="count"))
        if key.statistic != "proportion" or count is None or not claim.denominator:
            continue
        exact = Fraction(100 * int(count.value), claim.denominator)
        if count.value > claim.denominator:
            return False
        if abs(exact - Fraction(claim.printed)) > Fraction(1, 2 * 10**claim.decimals):
            return False
    return True


def _columns(printed: Printed) -> bool:
    """Levels against their column, groups against everyone, and the groups' printed sizes."""
    sizes = {k.population: int(c.value) for k, c in printed.items() if k.statistic == "n"}
    everyone = [c for k, c in printed.items() if k.variable == "infused"]
    if everyone and sum(sizes.values()) != everyone[0].value:
        return False
    columns: dict[Key, dict[str, int]] = defaultdict(dict)
    for key, claim in printed.items():
        if key.statistic == "count" and key.level:
            columns[key._replace(level="")][key.level] = int(claim.value)
            size = sizes.get(f"infused[{key.variable}={key.level}]", claim.value)
            if size != claim.value:
                return False
    for key, column in columns.items():
        total, levels = sizes.get(key.population), _levels(key.variable)
        if total is None:
            continue
        if sum(column.values()) > total:
            return False
        if levels and set(levels) == set(column) and sum(column.values()) != total:
            return False
        denominators = {c.denominator for k, c in printed.items() if k.population == key.population}
        if denominators - {None, total}:
            return False
    return True


def _levels(variable: str) -> tuple[str, ...]:
    known = {**FACTORS, "age_group_as_published": tuple(AGE_GROUPS)}
    return (*known.get(variable, ()),)


def _p_values(printed: Printed) -> bool:
    """Pearson's test of the known levels, or of the event against its absence."""
    for key, claim in printed.items():
        if key.statistic != "p_value" or key.analysis.startswith("cox"):
            continue
        rows = []
        levels = [level for level in _levels(key.variable) if level != "missing"] or [""]
        for level in levels:
            cells = [
                printed.get(
                    key._replace(
                        population=f"{key.population}[ino={name}]",
                        level=level,
                        contrast="",
                        statistic="count",
                    )
                )
                for name in GROUPS
            ]
            rows += [cells] if None not in cells else []
        table = [[int(c.value) for c in row if c is not None] for row in rows]
        if len(rows) == 1:
            totals = [c.denominator or 0 for c in rows[0] if c is not None]
            table.append([n - x for n, x in zip(totals, table[0], strict=True)])
        if table and not _is_pearson(table, claim):
            return False
    return True


def _is_pearson(table: list[list[int]], claim: Claim) -> bool:
    counts = np.array([row for row in table if sum(row)])
    if (counts < 0).any() or len(counts) < 2 or (counts.sum(axis=0) == 0).any():
        return False
    return prints(float(chi2_contingency(counts, correction=False).pvalue), claim)


def _ranges(printed: Printed) -> bool:
    for key, claim in printed.items():
        if key.statistic != "median":
            continue
        parts = [printed[key._replace(statistic=name)] for name in ("minimum", "maximum")]
        groups = [
            (bounds, printed[group])
            for level, bounds in AGE_GROUPS.items()
            if (group := _age_group(key, level)) in printed and key.variable == "age_years"
        ]
        counts = [int(c.value) for _, c in groups] or [claim.denominator or 0]
        bounds = [bound for bound, _ in groups] or [(0, 200)]
        if not _median_exists(counts, bounds, parts[0].value, parts[1].value, claim):
            return False
    return True


def _age_group(key: Key, level: str) -> Key:
    return key._replace(variable="age_group_as_published", level=level, statistic="count")


def _median_exists(
    counts: list[int],
    bounds: list[tuple[int, int]],
    minimum: float,
    maximum: float,
    median: Claim,
) -> bool:
    """Whether whole numbers with these counts per group, ends and median exist."""
    lowest, highest = [], []
    for count, (low, high) in zip(counts, bounds, strict=True):
        if count and (high < minimum or low > maximum):
            return False
        lowest += [max(low, minimum)] * count
        highest += [min(high, maximum)] * count
    if not lowest or minimum > maximum:
        return False
    if not (lowest[0] <= minimum <= highest[0] and lowest[-1] <= maximum <= highest[-1]):
        return False
    highest[0], lowest[-1] = minimum, maximum
    middle = [(len(lowest) - 1) // 2, len(lowest) // 2]
    ends = [sum(side[i] for i in middle) / 2 for side in (lowest, highest)]
    return ends[0] - 0.5 <= median.value <= ends[1] + 0.5


def _strata(printed: Printed) -> bool:
    """The strata of the flow fit into their group."""
    whole = printed.get(Key("flow", "", "infused", "ino", "exposed", statistic="count"))
    parts = [c.value for k, c in printed.items() if k.variable == "ino_response"]
    counts = [c for k, c in printed.items() if k.variable == "ino_response" and c.unit != "%"]
    return not parts or whole is None or sum(c.value for c in counts) <= whole.value


QUESTIONS = (_shares, _columns, _p_values, _ranges, _strata, curves_exist, ratios_exist)
