"""Do conclusions about some patients hold for everyone; is being evaluable itself related?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis_lib.article.audit.comparisons import Comparison, gather_comparisons
from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
)
from analysis_lib.article.audit.p_values import comparison_name
from analysis_lib.article.audit.printed import prints_p
from analysis_lib.article.audit.readings import against_rest, fractions
from analysis_lib.article.audit.shares import (
    MISSING,
    Share,
    gather_shares,
    group_sizes,
    size_of,
    whole_base,
)
from analysis_lib.article.audit.tests import pearson
from analysis_lib.article.audit.words import (
    ALPHA,
    base_words,
    changed_conclusion,
    group_name,
    level_name,
    parse_population,
    printed_p,
    say_p,
)
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import format_percent
from analysis_lib.labels import listed
from analysis_lib.topics import VOCABULARY

RULE = "base"


def base_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """Rates of some patients recomputed over everyone, and rates of everyone over those named.

    One finding for each level or outcome whose P value has a base smaller than the groups, and
    for each P value whose scope in the article names another base than its own.
    """
    sizes, whole = group_sizes(claims), whole_base(claims)
    known = base_sizes(claims)
    found: list[Finding] = []
    for comparison in gather_comparisons(claims, dictionary):
        base = parse_population(comparison.key.population).base
        everyone = tuple(size_of(group, sizes) for group in comparison.groups)
        if base != whole and everyone[0] and everyone[1]:
            found += _over_everyone(comparison, (everyone[0], everyone[1]), whole, dictionary)
        for claim in comparison.p_values:
            named = _named_base(claim, base, [*known, *VOCABULARY.populations])
            if named:
                found += _over_the_named(comparison, claim, known.get(named, {}), named, dictionary)
    return found


def base_sizes(claims: Sequence[Claim]) -> dict[str, dict[tuple[str, str], int]]:
    """The patients of each base in each group, as recorded with its percents and counts."""
    sizes: dict[str, dict[tuple[str, str], int]] = {}
    for key, share in gather_shares(claims).items():
        group = parse_population(key.population)
        if share.denominator and not share.is_reading and group.variable:
            of_base = sizes.setdefault(group.base, {})
            of_base.setdefault((group.variable, group.level), share.denominator)
    return sizes


def _over_everyone(
    comparison: Comparison, everyone: tuple[int, int], whole: str, dictionary: Dictionary
) -> Iterator[Finding]:
    totals = comparison.denominators()
    if not comparison.rows or totals == everyone:
        return
    what = comparison_name(comparison, dictionary)
    if comparison.is_reading or totals is None:
        text = f"{what}: no count is settled, so it cannot be recomputed over everyone."
        yield Finding(RULE, what, NOT_CHECKABLE, text, comparison.claims)
        return
    for level in (level for level in comparison.rows if level != MISSING):
        counts = comparison.counts(level)
        if counts is not None:
            yield _level_over_everyone(
                comparison, level, counts, totals, everyone, whole, dictionary
            )


def _level_over_everyone(
    comparison: Comparison,
    level: str,
    counts: tuple[int, int],
    totals: tuple[int, int],
    everyone: tuple[int, int],
    whole: str,
    dictionary: Dictionary,
) -> Finding:
    what = comparison_name(comparison, dictionary)
    if level:
        what = f"{what}: {level_name(comparison.key.variable, level, dictionary)}"
    base = base_words(parse_population(comparison.key.population).base)
    exact = pearson(against_rest(counts, everyone))
    among = pearson(against_rest(counts, totals))
    text = (
        f"{what}: of {base} {fractions(counts, totals)}, P {say_p(among)}; of "
        f"{base_words(whole)}, those left out counted as without it, "
        f"{fractions(counts, everyone)}, P {say_p(exact)}; printed {printed_p(comparison.p)}."
    )
    changed = changed_conclusion(f"over {base_words(whole)}", exact, comparison.p)
    # A P value printed at the threshold is on the side of what it rounds.
    crossed = changed if (among < ALPHA) != (exact < ALPHA) else ""
    return Finding(RULE, what, CONSISTENT, text, comparison.claims, crossed)


def _named_base(claim: Claim, own: str, bases: Sequence[str]) -> str:
    """The base that the scope of a P value names, if it is not its own; the longest name wins."""
    for base in sorted(set(bases), key=len, reverse=True):
        if re.search(rf"\b{re.escape(base.replace('_', ' '))}\b", claim.p_scope):
            return "" if base == own else base
    return ""


def _over_the_named(
    comparison: Comparison,
    claim: Claim,
    sizes: dict[tuple[str, str], int],
    named: str,
    dictionary: Dictionary,
) -> Iterator[Finding]:
    what, printed = comparison_name(comparison, dictionary), printed_p(claim)
    totals = tuple(size_of(group, sizes) for group in comparison.groups)
    start = f"{what}: the sentence speaks of {base_words(named)}"
    for level in comparison.levels:
        counts, used = comparison.counts(level), comparison.denominators()
        if counts is None or used is None or totals[0] is None or totals[1] is None:
            text = f"{start}, whose number is not printed."
            yield Finding(RULE, what, NOT_CHECKABLE, text, comparison.claims)
            continue
        over = (totals[0], totals[1])
        if counts[0] > over[0] or counts[1] > over[1]:
            continue
        exact = pearson(against_rest(counts, over))
        shares = listed(format_percent(c / n) for c, n in zip(counts, over, strict=True))
        numbers = f"{fractions(counts, over)} or {shares}, P {say_p(exact)}"
        if prints_p(exact, claim):
            text = f"{start}; of them it is {numbers}, printed {printed}."
            yield Finding(RULE, what, CONSISTENT, text, comparison.claims)
            continue
        text = (
            f"{start}, but {_printed_shares(comparison.rows[level])} with {printed} are of "
            f"{fractions(counts, used)}; of those named it would be {numbers}."
        )
        consequence = changed_conclusion(f"among {base_words(named)}", exact, claim)
        yield Finding(RULE, what, NEEDS_ANOTHER, text, comparison.claims, consequence)


def _printed_shares(pair: tuple[Share, Share]) -> str:
    return listed(f"{share.percents[0].printed}%" for share in pair if share.percents)


EVALUABILITY = "evaluability"
EVALUABLE = "_evaluable"  # how the vocabulary names a base of those who could be assessed


def evaluability_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding for each base of evaluable patients that two groups are compared in."""
    sizes, known = group_sizes(claims), base_sizes(claims)
    seen: dict[tuple[str, tuple[str, str]], Finding] = {}
    for comparison in gather_comparisons(claims, dictionary):
        base = parse_population(comparison.key.population).base
        key = (base, comparison.groups)
        if not base.endswith(EVALUABLE) or key in seen or comparison.is_reading:
            continue
        everyone = tuple(size_of(group, sizes) for group in comparison.groups)
        evaluable = tuple(size_of(group, known.get(base, {})) for group in comparison.groups)
        if everyone[0] and everyone[1] and evaluable[0] and evaluable[1]:
            seen[key] = _finding(
                comparison,
                base,
                (everyone[0], everyone[1]),
                (evaluable[0], evaluable[1]),
                tuple(claim.claim_id for claim in claims if claim.key.statistic == "n"),
                dictionary,
            )
    return list(seen.values())


def _finding(
    comparison: Comparison,
    base: str,
    everyone: tuple[int, int],
    evaluable: tuple[int, int],
    sizes: tuple[str, ...],
    dictionary: Dictionary,
) -> Finding:
    reference, subject = (group_name(group, dictionary) for group in comparison.groups)
    what = f"Not among {base_words(base)}, {subject} vs {reference}"
    left = (everyone[0] - evaluable[0], everyone[1] - evaluable[1])
    numbers = fractions(left, everyone)
    if left == (0, 0):
        return Finding(EVALUABILITY, what, CONSISTENT, f"{what}: {numbers}.", comparison.claims)
    if min(left) < 0:
        text = (
            f"{what}: {evaluable[0]} and {evaluable[1]} patients are evaluable of "
            f"{everyone[0]} and {everyone[1]}, more than the group has."
        )
        return Finding(EVALUABILITY, what, IMPOSSIBLE, text, (*comparison.claims, *sizes))
    p = pearson(against_rest(left, everyone))
    text = f"{what}: {numbers}, P {say_p(p)}."
    consequence = (
        "Who could be assessed differs between the groups, so that rates among the assessed "
        f"compare selected patients (P = {say_p(p)})."
    )
    return Finding(
        EVALUABILITY, what, CONSISTENT, text, comparison.claims, consequence if p < ALPHA else ""
    )
