"""What a P value belongs to: one level, or the whole variable."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from scipy.special import chdtrc

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import (
    AS_PRINTED,
    Comparison,
    Share,
    against_rest,
    both,
    fractions,
)
from analysis_lib.article.audit.finding import CONSISTENT, NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.printed import Pair, prints_p
from analysis_lib.article.audit.readings import OTHER_ROWS, readings_of
from analysis_lib.article.audit.tests_of_counts import FISHER, PEARSON, YATES, battery, pearson_of
from analysis_lib.article.audit.words import changed_conclusion, printed_p, same_side, say_p
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import lower_first

RULE = "scope of a P value"
_ROW = "row "  # where a table prints a P value of all rows beside one of them
_IN_MANY_LABELS = {
    *("a", "all", "and", "any", "at", "by", "disease", "group", "in", "no", "of", "or"),
    *("patients", "prior", "status", "the", "to", "vs", "with", "yes"),
}


@dataclass(frozen=True)
class Attached:
    """P values that a sentence attaches to one level, with that level in either group."""

    comparison: Comparison
    p_values: tuple[Claim, ...]
    level: tuple[Share, Share]
    counts: Pair
    denominators: Pair

    @property
    def p(self) -> float:
        """Pearson's chi-square of the level against all others."""
        return pearson_of(self.counts, self.denominators)

    @property
    def is_of_level(self) -> bool:
        """Whether the level alone gives the P value, under any test that articles name."""
        return prints_p(self.p, self.p_values[0]) or bool(_under_another_test(self))


def scope_findings(article: Article) -> list[Finding]:
    """One finding for each P value of a variable whose scope in the article is one level."""
    return [
        _finding(attached, article)
        for comparison in article.comparisons
        for attached in attachments(comparison, article)
    ]


def attachments(comparison: Comparison, article: Article) -> list[Attached]:
    """The levels that the scopes of a comparison's P values name, one for each wording."""
    scopes: dict[str, list[Claim]] = {}
    for claim in comparison.p_values:
        if claim.key.variable and claim.p_scope not in ("", AS_PRINTED):
            scopes.setdefault(claim.p_scope, []).append(claim)
    found = []
    for scope, p_values in scopes.items():
        pair = (
            _row_named(comparison, scope.removeprefix(_ROW), article)
            if scope.startswith(_ROW)
            else _level_named(comparison, scope, {p.source for p in p_values}, article)
        )
        counts = both([share.settled_count for share in pair or ()])
        totals = both([share.denominator for share in pair or ()])
        if pair is not None and counts is not None and totals is not None:
            found.append(Attached(comparison, tuple(p_values), pair, counts, totals))
    return found


def _row_named(comparison: Comparison, name: str, article: Article) -> tuple[Share, Share] | None:
    variable = comparison.key.variable
    known = variable in article.dictionary
    for level, pair in comparison.rows.items():
        label = article.dictionary[variable].level_label(level) if known else level
        if label.casefold() == name.casefold():
            return pair
    return None


def _level_named(
    comparison: Comparison, scope: str, sources: set[str], article: Article
) -> tuple[Share, Share] | None:
    """The level that the words of a scope name; None where they name none, or several alike.

    A level of the variable tested, wherever its counts are printed, comes before one of another
    variable that is printed in the same place.
    """
    own = {
        pair: _words_of(level, article.level_name(comparison.key.variable, level))
        for level, pair in comparison.rows.items()
    }
    named = _best(own, _words_of(scope) - _words_of(article.quantity_name(comparison.key)))
    if named is not None:
        return named
    beside = {}
    for key, share in article.shares.items():
        printed = any(claim.source in sources for claim in (*share.counts, *share.percents))
        pair = article.in_groups(key, comparison.groups)
        if printed and key.level and key.population in comparison.groups and pair is not None:
            beside[pair] = _words_of(key.variable, key.level, article.quantity_name(key))
    return _best(beside, _words_of(scope))


Pairs = dict[tuple[Share, Share], set[str]]


def _best(named: Pairs, wanted: set[str]) -> tuple[Share, Share] | None:
    """The pair that shares most words with what is wanted, if one shares more than all others."""
    shared = {pair: len(words & wanted) for pair, words in named.items()}
    most = max(shared.values(), default=0)
    best = [pair for pair, number in shared.items() if number == most]
    return best[0] if most and len(best) == 1 else None


def _words_of(*texts: str) -> set[str]:
    """The words of labels, codes and scopes that can tell one level from another."""
    plain = " ".join(texts).casefold().replace("+", " positive ").replace("_", " ")
    return set(re.findall(r"\w+", plain)) - _IN_MANY_LABELS


def _finding(attached: Attached, article: Article) -> Finding:
    key = attached.level[0].key
    what = f"{article.quantity_name(key)}, {article.groups_name(attached.comparison.groups)}"
    printed, exact = attached.p_values[0], attached.p
    assumed = any(share.is_reading for share in attached.level)
    everyone = " if the percents are of everyone," if assumed else ""
    numbers = f"{fractions(attached.counts, attached.denominators)},{everyone} gives {say_p(exact)}"
    ids = [claim.claim_id for claim in attached.p_values]
    ids += [name for share in attached.level for name in share.claims]
    if prints_p(exact, printed):
        text = f"{printed_p(printed)} stands beside this level, which alone, {numbers}."
        return about(RULE, what, CONSISTENT, text, ids)
    other = _under_another_test(attached)
    if other:
        text = f"{printed_p(printed)} stands beside this level, which alone gives it under {other}."
        return about(RULE, what, CONSISTENT, text, ids)
    whole = _of_the_variable(attached, article)
    if printed.p_scope.startswith(_ROW):
        text = f"{printed_p(printed)} stands in this row but is {whole}; the row alone, {numbers}."
        return about(RULE, what, CONSISTENT, text, ids)
    side = "" if not same_side(exact, printed) else "; at .05 the conclusion is the same"
    text = (
        f"the sentence attaches {printed_p(printed)} to this level, which alone, "
        f"{numbers}; the printed value is {whole}{side}."
    )
    consequence = changed_conclusion("for this level alone", exact, printed)
    return about(RULE, what, NEEDS_ANOTHER, text, ids, consequence)


def _under_another_test(attached: Attached) -> str:
    """The test of the level alone that prints the P value, of those that articles name."""
    found = battery(against_rest(attached.counts, attached.denominators))
    said = fractions(attached.counts, attached.denominators)
    fitting = (
        f"{test} ({said}, {say_p(found[test])})"
        for test in (YATES, FISHER)
        if test in found and prints_p(found[test], attached.p_values[0])
    )
    return next(fitting, "")


def _of_the_variable(attached: Attached, article: Article) -> str:
    """What the printed P value is of, as far as the counts tell."""
    key, p = attached.comparison.key, attached.p_values[0]
    name = lower_first(article.quantity_name(key))
    for reading in readings_of(attached.comparison, article):
        if reading.strain < OTHER_ROWS and prints_p(reading.p_values[PEARSON], p):
            return f"that of {name}, {reading.words} ({say_p(reading.p_values[PEARSON])})"
    levels = len(article.levels_of(key.variable))
    for missing in (False, True):
        splits = count_splits(attached.counts, attached.denominators, levels + missing, p)
        if splits is not None and splits.fitting:
            also = " with Missing as one more" if missing else ""
            return (
                f"one that the {levels} levels of {name}{also} can give "
                f"({splits.fitting} of {splits.tried} splits of the other patients print it)"
            )
    level = article.level_name(attached.level[0].key.variable, attached.level[0].key.level)
    return f"of something else than {level} against the rest"


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
    others = [n - c for c, n in zip(counts, denominators, strict=True)]
    tried = math.prod(math.comb(other + levels - 2, levels - 2) for other in others)
    if tried > _MOST_SPLITS:
        return None
    parts = [_compositions(other, levels - 1) for other in others]
    first, second = (
        np.column_stack([np.full(len(part), count), part])
        for count, part in zip(counts, parts, strict=True)
    )
    found = _p_values(first[:, None, :], second[None, :, :]).ravel()
    near = found[np.abs(found - p.value) <= 10.0**-p.decimals]
    return Splits(tried, sum(prints_p(float(exact), p) for exact in near))


@lru_cache(maxsize=64)
def _compositions(total: int, parts: int) -> np.ndarray:
    """Every way to write a total as an ordered sum of `parts` numbers from 0 on."""
    bars = combinations(range(total + parts - 1), parts - 1)
    edges = np.array([(-1, *bar, total + parts - 1) for bar in bars])
    return np.diff(edges, axis=1) - 1


def _p_values(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """P of two groups over levels on the last axis; an empty level takes a degree of freedom."""
    rows = first + second
    share = first.sum(axis=-1, keepdims=True) / rows.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(rows > 0, (first - rows * share) ** 2 / (rows * share * (1 - share)), 0.0)
    return np.asarray(chdtrc((rows > 0).sum(axis=-1) - 1, terms.sum(axis=-1)))
