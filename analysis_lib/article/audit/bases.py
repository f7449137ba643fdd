"""Do conclusions hold for everyone, and by kind; is being evaluable itself related?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import ANY, MISSING, Comparison, Share, fractions
from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
    about,
)
from analysis_lib.article.audit.printed import Pair, prints_p
from analysis_lib.article.audit.tests_of_counts import PEARSON, pearson, pearson_of
from analysis_lib.article.audit.words import (
    ALPHA,
    base_words,
    changed_conclusion,
    printed_p,
    same_side,
    say_p,
)
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import counted, format_percent
from analysis_lib.labels import listed
from analysis_lib.topics import VOCABULARY

RULE = "base"


def base_findings(article: Article) -> list[Finding]:
    """Rates of some patients recomputed over everyone, and rates of everyone over those named.

    One finding for each level or outcome whose P value has a base smaller than the groups, and
    for each P value whose scope in the article names another base than its own.
    """
    found: list[Finding] = []
    for comparison in article.comparisons:
        everyone = article.sizes_of(comparison.groups)
        if comparison.base != article.whole_base and everyone is not None:
            found += _over_everyone(comparison, everyone, article)
        for claim in comparison.p_values:
            known = [*article.sizes_by_base, *VOCABULARY.populations]
            named = _named_base(claim, comparison.base, known)
            if named:
                found += _over_the_named(comparison, claim, named, article)
    return found


def _over_everyone(comparison: Comparison, everyone: Pair, article: Article) -> Iterator[Finding]:
    totals = comparison.denominators()
    if not comparison.rows or totals == everyone:
        return
    what = article.comparison_name(comparison)
    if comparison.is_reading or totals is None:
        text = "no count is settled, so it cannot be recomputed over everyone."
        yield about(RULE, what, NOT_CHECKABLE, text, comparison.claims)
        return
    for level in (level for level in comparison.rows if level != MISSING):
        counts = comparison.counts(level)
        name = article.level_name(comparison.key.variable, level)
        if counts is not None:
            text, crossed = _recomputed(comparison, counts, totals, everyone, article.whole_base)
            subject = f"{what}: {name}" if level else what
            yield about(RULE, subject, CONSISTENT, text, comparison.claims, crossed)


def _recomputed(
    comparison: Comparison, counts: Pair, totals: Pair, everyone: Pair, whole: str
) -> tuple[str, str]:
    """P of some patients and of everyone, and the conclusion that changes between them."""
    exact, among = pearson_of(counts, everyone), pearson_of(counts, totals)
    text = (
        f"of {base_words(comparison.base)} {fractions(counts, totals)}, P {say_p(among)}; of "
        f"{base_words(whole)}, those left out counted as without it, "
        f"{fractions(counts, everyone)}, P {say_p(exact)}; printed {printed_p(comparison.p)}."
    )
    # A P value printed at the threshold is on the side of what it rounds.
    if (among < ALPHA) == (exact < ALPHA):
        return text, ""
    return text, changed_conclusion(f"over {base_words(whole)}", exact, comparison.p)


def _named_base(claim: Claim, own: str, bases: Sequence[str]) -> str:
    """The base that the scope of a P value names, if it is not its own; the longest name wins."""
    for base in sorted(set(bases), key=len, reverse=True):
        if re.search(rf"\b{re.escape(base.replace('_', ' '))}\b", claim.p_scope):
            return "" if base == own else base
    return ""


def _over_the_named(
    comparison: Comparison, claim: Claim, named: str, article: Article
) -> Iterator[Finding]:
    what, printed = article.comparison_name(comparison), printed_p(claim)
    totals, used = article.sizes_of(comparison.groups, named), comparison.denominators()
    start = f"the sentence speaks of {base_words(named)}"
    for level in comparison.levels:
        counts, consequence = comparison.counts(level), ""
        if counts is None or used is None or totals is None:
            verdict, text = NOT_CHECKABLE, f"{start}, whose number is not printed."
        elif counts[0] > totals[0] or counts[1] > totals[1]:
            continue
        else:
            exact = pearson_of(counts, totals)
            shares = listed(format_percent(c / n) for c, n in zip(counts, totals, strict=True))
            numbers = f"{fractions(counts, totals)} or {shares}, P {say_p(exact)}"
            if prints_p(exact, claim):
                verdict, text = CONSISTENT, f"{start}; of them it is {numbers}, printed {printed}."
            else:
                verdict = NEEDS_ANOTHER
                text = (
                    f"{start}, but {_printed_shares(comparison.rows[level])} with {printed} are "
                    f"of {fractions(counts, used)}; of those named it would be {numbers}."
                )
                consequence = changed_conclusion(f"among {base_words(named)}", exact, claim)
        yield about(RULE, what, verdict, text, comparison.claims, consequence)


def _printed_shares(pair: tuple[Share, Share]) -> str:
    return listed(f"{share.percents[0].printed}%" for share in pair if share.percents)


EVALUABILITY = "evaluability"
EVALUABLE = "_evaluable"  # how the vocabulary names a base of those who could be assessed


def evaluability_findings(article: Article) -> list[Finding]:
    """One finding for each base of evaluable patients that two groups are compared in."""
    seen: dict[tuple[str, tuple[str, str]], Finding] = {}
    for comparison in article.comparisons:
        key = (comparison.base, comparison.groups)
        if not comparison.base.endswith(EVALUABLE) or key in seen or comparison.is_reading:
            continue
        everyone = article.sizes_of(comparison.groups)
        evaluable = article.sizes_of(comparison.groups, comparison.base)
        if everyone is not None and evaluable is not None:
            seen[key] = _left_out(comparison, everyone, evaluable, article)
    return list(seen.values())


def _left_out(comparison: Comparison, everyone: Pair, evaluable: Pair, article: Article) -> Finding:
    groups = article.groups_name(comparison.groups)
    what = f"Not among {base_words(comparison.base)}, {groups}"
    left = (everyone[0] - evaluable[0], everyone[1] - evaluable[1])
    verdict, text, consequence = CONSISTENT, f"{fractions(left, everyone)}.", ""
    cited = comparison.claims
    if min(left) < 0:
        verdict = IMPOSSIBLE
        text = (
            f"{evaluable[0]} and {counted(evaluable[1], 'patient')} are evaluable of "
            f"{everyone[0]} and {everyone[1]}, more than the group has."
        )
        cited += tuple(x.claim_id for x in article.claims if x.key.statistic == "n")
    elif any(left):
        p = pearson_of(left, everyone)
        text = f"{fractions(left, everyone)}, P {say_p(p)}."
        if p < ALPHA:
            consequence = (
                "Who could be assessed differs between the groups, so that rates among the "
                f"assessed compare selected patients (P = {say_p(p)})."
            )
    return about(EVALUABILITY, what, verdict, text, cited, consequence)


KINDS = "any and by kind"


def kind_findings(article: Article) -> list[Finding]:
    """One finding for each P value of an `_any` outcome whose kinds are printed in both groups."""
    found = []
    for comparison in article.comparisons:
        outcome = comparison.key.outcome
        if outcome.endswith(ANY) and not comparison.key.variable and "" in comparison.rows:
            kinds = _kinds(comparison, outcome.removesuffix(ANY), article)
            totals = comparison.denominators()
            if len(kinds) > 1 and totals is not None:
                found.append(_kind_finding(comparison, kinds, totals, article))
    return found


def _kinds(comparison: Comparison, outcome: str, article: Article) -> list[tuple[Share, Share]]:
    """Every level of an outcome that is counted in both groups."""
    wanted = (comparison.key.analysis, outcome, comparison.groups[0])
    keys = [key for key in article.shares if key[:3] == wanted and key.level]
    pairs = [article.in_groups(key, comparison.groups) for key in keys]
    return [x for x in pairs if x is not None and x[0].counts and x[1].counts]


def _kind_finding(
    comparison: Comparison, kinds: list[tuple[Share, Share]], totals: Pair, article: Article
) -> Finding:
    what = article.comparison_name(comparison)
    rows = tuple((first.count or 0, second.count or 0) for first, second in kinds)
    with_kind = (sum(a for a, _ in rows), sum(b for _, b in rows))
    rest = (totals[0] - with_kind[0], totals[1] - with_kind[1])
    table = (*rows, rest) if any(rest) else rows
    by_kind, printed = pearson(table), comparison.p
    either = pearson_of(with_kind, totals)
    if prints_p(by_kind, printed) and not prints_p(either, printed):
        verdict = NEEDS_ANOTHER
        text = (
            f"{printed_p(printed)} is of the {len(table)} categories by kind "
            f"({say_p(by_kind)}); any against none gives {say_p(either)}."
        )
    else:
        side = ", on the same side of .05" if same_side(by_kind, printed) else ""
        verdict = CONSISTENT
        text = (
            f"{printed_p(printed)} is of any against none ({say_p(either)}); "
            f"by kind, in {len(table)} categories, {PEARSON} gives {say_p(by_kind)}{side}."
        )
    evidence = [name for pair in kinds for share in pair for name in share.evidence]
    consequence = changed_conclusion("by kind", by_kind, printed)
    if not consequence and by_kind > either and not prints_p(by_kind, printed):
        consequence = f"By kind the evidence of a difference is weaker: P = {say_p(by_kind)}."
    return about(KINDS, what, verdict, text, [*comparison.claims, *evidence], consequence)
