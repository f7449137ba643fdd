"""What is made of counts, by the rows that stand beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from analysis_lib.format import is_suppressed
from analysis_lib.results.disclosure import families as sets
from analysis_lib.results.disclosure.plan import BASELINE
from analysis_lib.results.disclosure.rules import TESTS, Of, rule_of, withheld
from analysis_lib.results.rows import Key, Row
from analysis_lib.study.groups import Population
from analysis_lib.study.study import Study

# Of two groups of as many there are 2,500 pairs of counts, and some 200 rounded differences.
MANY = 50
# Functions of every patient's covariates, not of counts.
WEIGHTED = ("weighting_iptw", "weighting_overlap")


def base_of(population: str) -> str:
    return Population.parse(population).base


def of_comparisons(rows: list[Row]) -> Iterable[Row]:
    """Tests and differences of groups are hidden with any count or denominator of theirs.

    With the counts shown, a difference of proportions alone would give the denominators back.
    """
    hiding: dict[tuple[str, ...], list[Key]] = defaultdict(list)
    counted: set[tuple[str, ...]] = set()
    for row in rows:
        key = row.key
        if key.statistic != "count":
            continue
        table = (key.analysis, key.outcome, base_of(key.population), key.variable)
        if key.level != "missing" or key.analysis not in BASELINE:
            counted.add(table)
        if is_suppressed(row.value) or is_suppressed(row.denominator):
            hiding[table].append(key)
    for row in rows:
        key = row.key
        table = (key.analysis, key.outcome, base_of(key.population), key.variable)
        of_table = key.statistic in TESTS or rule_of(key.statistic).of is Of.TABLE
        tells = of_table and table in counted
        hides = any(not key.level or key.level == x.level for x in hiding[table])
        yield withheld(row) if tells and hides else row


def of_uncounted(study: Study, rows: Iterable[Row]) -> Iterable[Row]:
    """Differences of shares of patients whom no row counts are shown of large groups alone.

    In small ones so few counts give a rounded difference that several tell of how many it is.
    """
    found, variable = list(rows), study.groups.variable
    counted = {(x.key.analysis, x.key.variable) for x in found if x.key.statistic == "count"}
    sizes = [int(sets.at(study, variable, level).sum()) for level in study.groups.levels]
    for row in found:
        key = row.key
        told = (key.analysis, key.variable) in counted or not is_suppressed(row.n)
        of_counts = _is_of_levels(study, key) and key.analysis not in WEIGHTED
        yield withheld(row) if min(sizes) < MANY and of_counts and not told else row


def _is_of_levels(study: Study, key: Key) -> bool:
    """Whether a difference is one of shares."""
    if key.statistic != "standardized_difference" or key.variable not in study.dictionary:
        return False
    return study.dictionary[key.variable].is_categorical


def of_counts(rows: Iterable[Row]) -> Iterable[Row]:
    """What is made of a model's patients and events is hidden with them.

    With more than two groups a detectable ratio tells the events of two of them.
    """
    found = list(rows)
    hidden, contrasts, of_odds = set(), defaultdict(set), set()
    for row in found:
        key = row.key
        model = (key.analysis, key.outcome, key.population)
        if key.statistic in ("n", "events") and not key.level and row.suppressed:
            hidden.add(model)
        if key.statistic == "minimum_detectable_hazard_ratio":
            contrasts[model].add(key.contrast)
        if key.statistic == "odds_ratio":
            of_odds.add(key._replace(statistic="p_value"))
    for row in found:
        model = (row.key.analysis, row.key.outcome, row.key.population)
        tells = model in hidden or len(contrasts[model]) > 1
        of_size = row.key in of_odds or rule_of(row.key.statistic).of is Of.MODEL_SIZE
        yield withheld(row) if of_size and tells else row
