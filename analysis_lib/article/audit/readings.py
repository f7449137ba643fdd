"""The tables of counts that a printed P value may have been computed from, and its tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from math import nan

import numpy as np
import pandas as pd
from scipy.special import gammaln
from scipy.stats import chi2, chi2_contingency, fisher_exact, hypergeom

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import (
    MISSING,
    Comparison,
    Pair,
    Table,
    against_rest,
    fractions,
)
from analysis_lib.article.audit.printed import denominators_printing
from analysis_lib.stats.group_tests import chi_square_test

PEARSON = "Pearson's chi-square"
YATES = "Yates' correction"
FISHER = "Fisher's exact test"
MID_P = "Fisher's mid-P"
TREND = "the linear trend"
_MOST_TABLES = 2_000_000
_TIES = 1e-7  # relative, as R's fisher.test counts tables as likely as the observed one


@lru_cache(maxsize=16384)
def battery(table: Table, *, ordered: bool = False) -> dict[str, float]:
    """P of independence of rows and two columns under every test that applies.

    Yates' correction and the mid-P exist for two rows only; the trend for three or more rows
    with an order. Empty rows are dropped. Where no table is left, or one group would hold fewer
    than no patients, Pearson's P is nan and nothing else is tried.
    """
    counts = np.array([row for row in table if any(row)], dtype=int)
    if len(counts) < 2 or (counts < 0).any() or (counts.sum(axis=0) == 0).any():
        return {PEARSON: nan}
    found = {PEARSON: pearson(table)}
    if len(counts) == 2:
        exact = float(fisher_exact(counts).pvalue)
        found[YATES] = float(chi2_contingency(counts, correction=True).pvalue)
        found[FISHER] = exact
        found[MID_P] = exact - _point_probability(counts) / 2
    else:
        found[FISHER] = freeman_halton(counts)
        if ordered:
            found[TREND] = linear_trend(counts)
    return found


@lru_cache(maxsize=16384)
def pearson(table: Table) -> float:
    """P of Pearson's chi-square without correction, by the report's own estimator.

    Misprinted counts may exceed their denominator; such a table has no P.
    """
    if min(map(min, table), default=0) < 0:
        return nan
    return chi_square_test(pd.DataFrame(table)).p_value


def pearson_of(counts: Pair, totals: Pair) -> float:
    """The same of so many of so many in either group."""
    return pearson(against_rest(counts, totals))


def _point_probability(counts: np.ndarray) -> float:
    (a, b), (c, d) = counts
    return float(hypergeom.pmf(a, a + b + c + d, a + b, a + c))


def freeman_halton(counts: np.ndarray) -> float:
    """Fisher's exact test of k rows and two columns, by enumeration; nan beyond two million tables.

    R: ``fisher.test(table)``. Freeman & Halton (1951).
    """
    rows = np.sort(counts.sum(axis=1))
    free = rows[:-1]  # the largest row is what the others leave
    if np.prod(free + 1.0) > _MOST_TABLES:
        return nan
    column = int(counts[:, 0].sum())
    log_ways, used = np.zeros(1), np.zeros(1, dtype=int)
    for size in free:
        inside = np.arange(size + 1)
        log_ways = (log_ways[:, None] + _log_choose(size, inside)[None, :]).ravel()
        used = (used[:, None] + inside[None, :]).ravel()
    left = column - used
    possible = (left >= 0) & (left <= rows[-1])
    log_p = log_ways[possible] + _log_choose(rows[-1], left[possible])
    observed = _log_choose(counts.sum(axis=1), counts[:, 0]).sum()
    log_p -= _log_choose(counts.sum(), np.array([column]))[0]
    observed -= _log_choose(counts.sum(), np.array([column]))[0]
    return float(min(1.0, np.exp(log_p[log_p <= observed + _TIES]).sum()))


def linear_trend(counts: np.ndarray) -> float:
    """Cochran-Armitage test of a trend over equally spaced rows.

    R: ``prop.trend.test(x, n)``. Armitage (1955).
    """
    totals, scores = counts.sum(axis=1), np.arange(len(counts))
    n, share = totals.sum(), counts[:, 0].sum() / totals.sum()
    centred = scores - (totals * scores).sum() / n
    slope = (counts[:, 0] * centred).sum()
    variance = share * (1 - share) * (totals * centred**2).sum()
    return float(chi2.sf(slope**2 / variance, 1))


def _log_choose(n: np.ndarray | int, k: np.ndarray) -> np.ndarray:
    return np.asarray(gammaln(np.add(n, 1)) - gammaln(k + 1) - gammaln(np.subtract(n, k) + 1))


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
