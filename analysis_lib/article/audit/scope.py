"""What a P value belongs to: one level, one kind, or the whole variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.article.audit.comparisons import Comparison, gather_comparisons
from analysis_lib.article.audit.finding import CONSISTENT, NEEDS_ANOTHER, Finding
from analysis_lib.article.audit.p_values import AS_PRINTED, comparison_name
from analysis_lib.article.audit.printed import prints_p
from analysis_lib.article.audit.readings import against_rest, count_splits, fractions, readings_of
from analysis_lib.article.audit.shares import Share, gather_shares
from analysis_lib.article.audit.sums import ANY
from analysis_lib.article.audit.tests import PEARSON, CountTable, pearson
from analysis_lib.article.audit.words import (
    changed_conclusion,
    group_name,
    inside,
    level_name,
    printed_p,
    quantity_name,
    same_side,
    say_p,
)
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Key

RULE = "scope of a P value"
_ROW = "row "  # where a table prints a P value of all rows beside one of them


@dataclass(frozen=True)
class Attached:
    """P values that a sentence attaches to one level, with that level in either group."""

    comparison: Comparison
    p_values: tuple[Claim, ...]
    level: tuple[Share, Share]
    counts: tuple[int, int]
    denominators: tuple[int, int]

    @property
    def p(self) -> float:
        """Pearson's chi-square of the level against all others."""
        return pearson(against_rest(self.counts, self.denominators))


def scope_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding for each P value of a variable whose scope in the article is one level."""
    shares = gather_shares(claims)
    found = []
    for comparison in gather_comparisons(claims, dictionary):
        scopes: dict[str, list[Claim]] = {}
        for claim in comparison.p_values:
            if claim.key.variable and claim.p_scope not in ("", AS_PRINTED):
                scopes.setdefault(claim.p_scope, []).append(claim)
        for scope, p_values in scopes.items():
            attached = _attach(comparison, scope, p_values, shares, claims, dictionary)
            if attached is not None:
                found.append(_finding(attached, scope, dictionary))
    return found


def _attach(
    comparison: Comparison,
    scope: str,
    p_values: Sequence[Claim],
    shares: dict[Key, Share],
    claims: Sequence[Claim],
    dictionary: Dictionary,
) -> Attached | None:
    pair = (
        _row_named(comparison, scope.removeprefix(_ROW), dictionary)
        if scope.startswith(_ROW)
        else _pair_before(comparison, p_values, shares, claims)
    )
    if pair is None:
        return None
    counts = (pair[0].settled_count, pair[1].settled_count)
    totals = (pair[0].denominator, pair[1].denominator)
    if counts[0] is None or counts[1] is None or totals[0] is None or totals[1] is None:
        return None
    return Attached(
        comparison, tuple(p_values), pair, (counts[0], counts[1]), (totals[0], totals[1])
    )


def _row_named(
    comparison: Comparison, name: str, dictionary: Dictionary
) -> tuple[Share, Share] | None:
    variable = comparison.key.variable
    for level, pair in comparison.rows.items():
        label = dictionary[variable].level_label(level) if variable in dictionary else level
        if label.casefold() == name.casefold():
            return pair
    return None


def _pair_before(
    comparison: Comparison,
    p_values: Sequence[Claim],
    shares: dict[Key, Share],
    claims: Sequence[Claim],
) -> tuple[Share, Share] | None:
    """The level whose percents stand last before the P value in the same place.

    Claims stand in the order of the article, so these are the numbers of its sentence; a repeat
    of the P value elsewhere, an abstract's, is attached to the same ones.
    """
    places = {claim.claim_id: place for place, claim in enumerate(claims)}
    for p in p_values:
        for claim in reversed(claims[: places[p.claim_id]]):
            if claim.source != p.source:
                break
            if claim.key.level and claim.key.population in comparison.groups:
                key = claim.key._replace(statistic="")
                pair = tuple(shares.get(key._replace(population=x)) for x in comparison.groups)
                if pair[0] is not None and pair[1] is not None:
                    return pair[0], pair[1]
                break
    return None


def _finding(attached: Attached, scope: str, dictionary: Dictionary) -> Finding:
    key = attached.level[0].key
    reference, subject = (group_name(group, dictionary) for group in attached.comparison.groups)
    what = f"{quantity_name(key, dictionary)}, {subject} vs {reference}"
    printed, exact = attached.p_values[0], attached.p
    assumed = any(share.is_reading for share in attached.level)
    everyone = " if the percents are of everyone," if assumed else ""
    numbers = f"{fractions(attached.counts, attached.denominators)},{everyone} gives {say_p(exact)}"
    ids = tuple(
        dict.fromkeys(
            [claim.claim_id for claim in attached.p_values]
            + [name for share in attached.level for name in share.claims]
        )
    )
    if prints_p(exact, printed):
        text = f"{what}: {printed_p(printed)} stands beside this level, which alone, {numbers}."
        return Finding(RULE, what, CONSISTENT, text, ids)
    whole = _of_the_variable(attached, dictionary)
    if scope.startswith(_ROW):
        text = (
            f"{what}: {printed_p(printed)} stands in this row but is {whole}; "
            f"the row alone, {numbers}."
        )
        return Finding(RULE, what, CONSISTENT, text, ids)
    side = "" if not same_side(exact, printed) else "; at .05 the conclusion is the same"
    text = (
        f"{what}: the sentence attaches {printed_p(printed)} to this level, which alone, "
        f"{numbers}; the printed value is {whole}{side}."
    )
    return Finding(
        RULE,
        what,
        NEEDS_ANOTHER,
        text,
        ids,
        changed_conclusion("for this level alone", exact, printed),
    )


def _of_the_variable(attached: Attached, dictionary: Dictionary) -> str:
    """What the printed P value is of, as far as the counts tell."""
    key, p = attached.comparison.key, attached.p_values[0]
    name = inside(quantity_name(key, dictionary))
    for reading in readings_of(attached.comparison, dictionary):
        if prints_p(reading.p_values[PEARSON], p):
            return f"that of {name}, {reading.words} ({say_p(reading.p_values[PEARSON])})"
    for missing in (False, True):
        levels = len(dictionary[key.variable].levels) if key.variable in dictionary else 0
        splits = count_splits(attached.counts, attached.denominators, levels + missing, p)
        if splits is not None and splits.fitting:
            also = " with Missing as one more" if missing else ""
            return (
                f"one that the {levels} levels of {name}{also} can give "
                f"({splits.fitting} of {splits.tried} splits of the other patients print it)"
            )
    level = level_name(attached.level[0].key.variable, attached.level[0].key.level, dictionary)
    return f"of something else than {level} against the rest"


KINDS = "any and by kind"


def kind_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding for each P value of an `_any` outcome whose kinds are printed in both groups."""
    shares = gather_shares(claims)
    found = []
    for comparison in gather_comparisons(claims, dictionary):
        outcome = comparison.key.outcome
        if outcome.endswith(ANY) and not comparison.key.variable and "" in comparison.rows:
            kinds = _kinds(comparison, outcome.removesuffix(ANY), shares)
            totals = comparison.denominators()
            if len(kinds) > 1 and totals is not None:
                found.append(_kind_finding(comparison, kinds, totals, dictionary))
    return found


def _kinds(
    comparison: Comparison, outcome: str, shares: dict[Key, Share]
) -> list[tuple[Share, Share]]:
    reference, subject = comparison.groups
    pairs = []
    for key, share in shares.items():
        if (key.analysis, key.outcome) != (comparison.key.analysis, outcome) or not key.level:
            continue
        other = shares.get(key._replace(population=subject))
        if key.population == reference and share.counts and other is not None and other.counts:
            pairs.append((share, other))
    return pairs


def _kind_finding(
    comparison: Comparison,
    kinds: list[tuple[Share, Share]],
    totals: tuple[int, int],
    dictionary: Dictionary,
) -> Finding:
    what = comparison_name(comparison, dictionary)
    rows = tuple((first.count or 0, second.count or 0) for first, second in kinds)
    with_kind = (sum(a for a, _ in rows), sum(b for _, b in rows))
    rest = (totals[0] - with_kind[0], totals[1] - with_kind[1])
    table: CountTable = (*rows, rest) if any(rest) else rows
    by_kind, printed = pearson(table), comparison.p
    either = pearson(against_rest(with_kind, totals))
    verdict = (
        NEEDS_ANOTHER if prints_p(by_kind, printed) > prints_p(either, printed) else CONSISTENT
    )
    side = ", on the same side of .05" if same_side(by_kind, printed) else ""
    text = (
        f"{what}: {printed_p(printed)} is of any against none ({say_p(either)}); "
        f"by kind, in {len(table)} categories, {PEARSON} gives {say_p(by_kind)}{side}."
    )
    if verdict == NEEDS_ANOTHER:
        text = (
            f"{what}: {printed_p(printed)} is of the {len(table)} categories by kind "
            f"({say_p(by_kind)}); any against none gives {say_p(either)}."
        )
    ids = [
        *comparison.claims,
        *(name for pair in kinds for share in pair for name in share.evidence),
    ]
    consequence = changed_conclusion("by kind", by_kind, printed)
    if not consequence and by_kind > either and not prints_p(by_kind, printed):
        consequence = f"By kind the evidence of a difference is weaker: P = {say_p(by_kind)}."
    return Finding(KINDS, what, verdict, text, tuple(dict.fromkeys(ids)), consequence)
