"""The tables of counts that a printed P value may have been computed from, and its tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

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
from analysis_lib.article.audit.tests_of_counts import FISHER, PEARSON, battery
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Population

_FIRST_NUMBER = re.compile(r"\d+")

Counts = dict[str, Pair]
PRINTED_ROWS, MISSING_AS_LEVEL, OTHER_DENOMINATORS, LEVEL_ALONE, OTHER_ROWS, SOME_LEVELS = range(6)


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
        table, known = tuple(counts.values()), _added(counts)
        yield Reading(words, table, OTHER_ROWS)
        if totals is not None and known != totals and _fits_into(known, totals):
            rest = against_rest(known, totals)[1]
            yield Reading(f"{words} and the rest", (*table, rest), OTHER_ROWS)
        yield from _cut(counts, key.variable, totals, OTHER_ROWS, article)


_MOST_LEVELS = 6


def further_readings(comparison: Comparison, article: Article) -> Iterator[Reading]:
    """Tables that leave out some of the printed levels, and those that pool some of them."""
    settled = {level: comparison.counts(level) for level in comparison.rows}
    counts: Counts = {
        level: pair for level, pair in settled.items() if pair is not None and level != MISSING
    }
    if not 2 < len(counts) <= _MOST_LEVELS or len(counts) < len(comparison.levels):
        return
    names = {x: article.level_name(comparison.key.variable, x) for x in counts}
    everyone = comparison.denominators()
    for some in (x for k in range(2, len(counts)) for x in combinations(counts, k)):
        table, words = tuple(counts[x] for x in some), listed(names[x] for x in some)
        yield Reading(f"{words} without the others", table, SOME_LEVELS)
        pooled = _added({x: counts[x] for x in some})
        for base in dict.fromkeys((_added(counts), everyone)):
            if base is not None and _fits_into(pooled, base):
                rest = against_rest(pooled, base)
                yield Reading(f"{words} together, {fractions(pooled, base)}", rest, SOME_LEVELS)


def _fits_into(counts: Pair, totals: Pair) -> bool:
    return all(count <= total for count, total in zip(counts, totals, strict=True))


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
