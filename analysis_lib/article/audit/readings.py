"""The tables of counts that a printed P value may have been computed from, and its tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from math import nan

import numpy as np
import pandas as pd
from scipy.stats import chi2, chi2_contingency, fisher_exact, hypergeom

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import (
    ANY,
    MISSING,
    Comparison,
    Share,
    Table,
    against_rest,
    both,
    fractions,
)
from analysis_lib.article.audit.printed import Pair, denominators_printing
from analysis_lib.results.rows import Key
from analysis_lib.stats.fisher_test import freeman_halton
from analysis_lib.stats.group_tests import chi_square_test
from analysis_lib.study.groups import Population

PEARSON = "Pearson's chi-square"
YATES = "Yates' correction"
FISHER = "Fisher's exact test"
MID_P = "Fisher's mid-P"
TREND = "the linear trend"


@lru_cache(maxsize=16384)
def battery(table: Table, *, ordered: bool = False) -> dict[str, float]:
    """P of independence of rows and two columns under every test that applies.

    Yates' correction and the mid-P exist for two rows only; the trend for three or more rows
    with an order. Empty rows are dropped. Where one row is left, such as none of 40 against none
    of 40, no chi-square is defined and Fisher's test gives 1. Where a group holds nobody, or fewer
    than nobody, Pearson's P is nan and nothing else is tried.
    """
    counts = np.array([row for row in table if any(row)], dtype=int)
    if not len(counts) or (counts < 0).any() or (counts.sum(axis=0) == 0).any():
        return {PEARSON: nan}
    if len(counts) == 1:
        return {PEARSON: nan, FISHER: 1.0}
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


_FIRST_NUMBER = re.compile(r"\d+")

Counts = dict[str, Pair]
PRINTED_ROWS, MISSING_AS_LEVEL, OTHER_DENOMINATORS, LEVEL_ALONE, OTHER_ROWS = range(5)


@dataclass(frozen=True)
class Reading:
    """One table with what it is of; `strain` says how far it is from the printed rows."""

    words: str
    table: Table
    strain: int
    ordered: bool = False

    @cached_property
    def p_values(self) -> dict[str, float]:
        """P by the name of the test; of one level of a factor only of the two tests that articles
        name, lest chance fit a correction of one.
        """
        found = battery(self.table, ordered=self.ordered)
        named = (PEARSON, FISHER) if self.strain == LEVEL_ALONE else tuple(found)
        return {test: found[test] for test in named if test in found}


def readings_of(comparison: Comparison, article: Article) -> list[Reading]:
    """The readings, the default first; none where the numbers of its own key settle no table."""
    own = _own_readings(comparison, article)
    return [*own, *other_readings(comparison, article)] if own else []


def _own_readings(comparison: Comparison, article: Article) -> list[Reading]:
    """Tables of the rows that have the key of the P value."""
    counts = {level: comparison.counts(level) for level in comparison.rows}
    settled = {level: pair for level, pair in counts.items() if pair is not None}
    totals = comparison.denominators()
    if not settled or len(settled) < len(counts):
        return []
    if totals is not None and any(
        x > most for x, most in zip(_added(settled), totals, strict=True)
    ):
        return []
    variable = comparison.key.variable
    ordered = variable in article.dictionary and bool(article.dictionary[variable].unit)
    known = {level: pair for level, pair in settled.items() if level != MISSING}
    if len(known) == 1 and totals is not None:
        is_factor = len(article.levels_of(variable)) > 2
        pair = next(iter(known.values()))
        return [] if is_factor else list(_binary_readings(comparison, pair, totals))
    readings = list(_factor_readings(settled, totals, ordered)) if len(known) > 1 else []
    bases = tuple(dict.fromkeys((_added(known), totals or _added(known)))) if known else ()
    if len(known) > 2 or len(bases) > 1:
        strain = OTHER_ROWS if comparison.key.outcome else LEVEL_ALONE
        for level, pair in known.items():
            readings += _alone(article.level_name(variable, level), pair, bases, strain)
        readings += _cut(known, variable, totals, strain, article)
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
    _, unshown = against_rest(_added(counts), totals or _added(counts))
    if any(unshown):
        words = "the levels with those in no row as one more"
        yield Reading(words, (*everyone, unshown), MISSING_AS_LEVEL, ordered)


def _alone(label: str, pair: Pair, bases: Iterable[Pair | None], strain: int) -> Iterator[Reading]:
    """One level, or several together, against the rest of every base that holds them."""
    for base in dict.fromkeys(bases):
        if base is not None and pair[0] <= base[0] and pair[1] <= base[1]:
            words = f"{label} alone, {fractions(pair, base)}"
            yield Reading(words, against_rest(pair, base), strain)


def _cut(
    counts: Counts, variable: str, totals: Pair | None, strain: int, article: Article
) -> Iterator[Reading]:
    """The upper levels of an ordered variable together: grade 3 or higher."""
    numbers = {level: _FIRST_NUMBER.search(level) for level in counts}
    order = {int(number[0]): level for level, number in numbers.items() if number}
    if len(order) < len(counts):
        return
    for lowest in sorted(order)[1:-1]:
        upper = {level: counts[level] for number, level in order.items() if number >= lowest}
        label = f"{article.level_name(variable, order[lowest])} and above"
        yield from _alone(label, _added(upper), (_added(counts), totals), strain)


def other_readings(comparison: Comparison, article: Article) -> Iterator[Reading]:
    """Tables of other rows that the file prints of the same outcome, or of the same variable.

    A P value keyed to an outcome may be of a grade of it, one keyed to a grade of the outcome.
    """
    tables: dict[Key, dict[str, tuple[Share, Share]]] = {}
    first, second = map(Population.parse, comparison.groups)
    for key, share in article.shares.items():
        base = Population.parse(key.population).base
        if share.group == first.group and _is_akin(key, comparison.key):
            pair = article.in_groups(key, (str(first.of(base)), str(second.of(base))))
            if pair is not None:
                tables.setdefault(key._replace(level=""), {})[key.level] = pair
    for key, rows in tables.items():
        if rows != comparison.rows:
            yield from _of_other_rows(key, rows, comparison.denominators(), article)


def _is_akin(key: Key, tested: Key) -> bool:
    """Whether a number is of the outcome that is tested, or without outcome of its variable."""
    same = key.outcome.removesuffix(ANY) == tested.outcome.removesuffix(ANY)
    return same and bool(tested.outcome or key.variable == tested.variable)


def _of_other_rows(
    key: Key, rows: dict[str, tuple[Share, Share]], totals: Pair | None, article: Article
) -> Iterator[Reading]:
    counts: Counts = {}
    for level, pair in rows.items():
        settled = both([share.settled_count for share in pair])
        if settled is not None:
            bases = (both([share.denominator for share in pair]), totals)
            label = article.quantity_name(key._replace(level=level))
            yield from _alone(label, settled, bases, OTHER_ROWS)
            counts |= {} if level == MISSING else {level: settled}
    if len(counts) > 1:
        words = f"the {len(counts)} printed levels of {article.quantity_name(key)}"
        yield Reading(words, tuple(counts.values()), OTHER_ROWS)
        yield from _cut(counts, key.variable, totals, OTHER_ROWS, article)


def one_patient_moves(table: Table) -> Iterator[Table]:
    """Every table in which one patient of one group stands in another row."""
    for group, source, target in product((0, 1), range(len(table)), range(len(table))):
        if source != target and table[source][group] > 0:
            rows = [list(row) for row in table]
            rows[source][group] -= 1
            rows[target][group] += 1
            yield tuple((row[0], row[1]) for row in rows)


def _added(counts: Counts) -> Pair:
    first, second = (sum(column) for column in zip(*counts.values(), strict=True))
    return first, second
