"""The tables of counts that one printed P value may have been computed from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, product

import numpy as np
from scipy.special import chdtrc

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import (
    MISSING,
    Comparison,
    Pair,
    Table,
    against_rest,
    fractions,
)
from analysis_lib.article.audit.printed import denominators_printing, prints_p
from analysis_lib.article.audit.tests import PEARSON, battery
from analysis_lib.article.claims.claim import Claim

Counts = dict[str, Pair]
PRINTED_ROWS, MISSING_AS_LEVEL, OTHER_DENOMINATORS, LEVEL_ALONE = range(4)


@dataclass(frozen=True)
class Reading:
    """One table with what it is of; `strain` says how far it is from the printed rows."""

    words: str
    table: Table
    strain: int
    ordered: bool = False

    @cached_property
    def p_values(self) -> dict[str, float]:
        """P by the name of the test; of a strained table Pearson's alone, lest chance fit one."""
        found = battery(self.table, ordered=self.ordered)
        return found if self.strain < LEVEL_ALONE else {PEARSON: found[PEARSON]}


def readings_of(comparison: Comparison, article: Article) -> list[Reading]:
    """The readings, the default first; none where the printed numbers settle no table."""
    counts = {level: comparison.counts(level) for level in comparison.rows}
    settled = {level: pair for level, pair in counts.items() if pair is not None}
    totals = comparison.denominators()
    if not settled or len(settled) < len(counts):
        return []
    if totals is not None and any(_added(settled, group) > totals[group] for group in (0, 1)):
        return []
    variable = comparison.key.variable
    ordered = variable in article.dictionary and bool(article.dictionary[variable].unit)
    known = {level: pair for level, pair in settled.items() if level != MISSING}
    if len(known) == 1 and totals is not None:
        is_factor = len(article.levels_of(variable)) > 2
        pair = next(iter(known.values()))
        return [] if is_factor else list(_binary_readings(comparison, pair, totals))
    readings = list(_factor_readings(settled, totals, ordered)) if len(known) > 1 else []
    if len(known) > 2:
        for level, pair in known.items():
            label = article.level_name(variable, level)
            readings += _level_readings(label, pair, (_added(known, 0), _added(known, 1)), totals)
    return readings


def _binary_readings(comparison: Comparison, counts: Pair, totals: Pair) -> Iterator[Reading]:
    """An outcome, or the one printed level of a variable of two, against its absence."""
    yield Reading(fractions(counts, totals), against_rest(counts, totals), PRINTED_ROWS)
    first, second = next(iter(comparison.rows.values()))
    if first.count is None or second.count is None or not (first.percents and second.percents):
        return
    for others in product(
        denominators_printing(counts[0], first.percents, at_most=totals[0]),
        denominators_printing(counts[1], second.percents, at_most=totals[1]),
    ):
        if others != totals:
            table = against_rest(counts, others)
            yield Reading(fractions(counts, others), table, OTHER_DENOMINATORS)


def _factor_readings(counts: Counts, totals: Pair | None, ordered: bool) -> Iterator[Reading]:
    known = tuple(pair for level, pair in counts.items() if level != MISSING)
    everyone = tuple(counts.values())
    words = f"the {len(known)} " + (
        "levels without Missing" if MISSING in counts else "printed levels"
    )
    yield Reading(words, known, PRINTED_ROWS, ordered)
    if MISSING in counts:
        words = f"the {len(known)} levels with Missing as one more"
        yield Reading(words, everyone, MISSING_AS_LEVEL, ordered)
    unshown = tuple(totals[group] - _added(counts, group) for group in (0, 1)) if totals else ()
    if any(unshown):
        words = "the levels with those in no row as one more"
        yield Reading(words, (*everyone, (unshown[0], unshown[1])), MISSING_AS_LEVEL, ordered)


def _level_readings(label: str, pair: Pair, known: Pair, totals: Pair | None) -> Iterator[Reading]:
    for base in dict.fromkeys((known, totals or known)):
        words = f"{label} alone, {fractions(pair, base)}"
        yield Reading(words, against_rest(pair, base), LEVEL_ALONE)


def one_patient_moves(table: Table) -> Iterator[Table]:
    """Every table in which one patient of one group stands in another row."""
    for group, source, target in product((0, 1), range(len(table)), range(len(table))):
        if source != target and table[source][group] > 0:
            rows = [list(row) for row in table]
            rows[source][group] -= 1
            rows[target][group] += 1
            yield tuple((row[0], row[1]) for row in rows)


def _added(counts: Counts, group: int) -> int:
    return sum(pair[group] for pair in counts.values())


_MOST_SPLITS = 300_000


@dataclass(frozen=True)
class Splits:
    """How many splits were tried, and how many of them print the P value."""

    tried: int
    fitting: int


def count_splits(counts: Pair, denominators: Pair, levels: int, p: Claim) -> Splits | None:
    """Splits that print a P value under Pearson's chi-square of all levels.

    counts : the patients of either group at the one printed level.
    levels : how many levels the variable has, the printed one among them.

    Returns None where there are no other levels, no patients for them (a misprinted count exceeds
    its denominator), or too many splits to try.
    """
    if levels < 3 or any(count > n for count, n in zip(counts, denominators, strict=True)):
        return None
    parts = [_compositions(n - c, levels - 1) for c, n in zip(counts, denominators, strict=True)]
    tried = len(parts[0]) * len(parts[1])
    if tried > _MOST_SPLITS:
        return None
    first, second = (
        np.column_stack([np.full(len(part), count), part])
        for count, part in zip(counts, parts, strict=True)
    )
    found = _pearson(first[:, None, :], second[None, :, :]).ravel()
    near = found[np.abs(found - p.value) <= 10.0**-p.decimals]
    return Splits(tried, sum(prints_p(float(exact), p) for exact in near))


@lru_cache(maxsize=64)
def _compositions(total: int, parts: int) -> np.ndarray:
    """Every way to write a total as an ordered sum of `parts` numbers from 0 on."""
    bars = combinations(range(total + parts - 1), parts - 1)
    edges = np.array([(-1, *bar, total + parts - 1) for bar in bars])
    return np.diff(edges, axis=1) - 1


def _pearson(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """P of two groups over levels on the last axis; an empty level takes a degree of freedom."""
    rows = first + second
    share = first.sum(axis=-1, keepdims=True) / rows.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(rows > 0, (first - rows * share) ** 2 / (rows * share * (1 - share)), 0.0)
    return np.asarray(chdtrc((rows > 0).sum(axis=-1) - 1, terms.sum(axis=-1)))
