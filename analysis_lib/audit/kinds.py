"""A P value of any against none, beside the same patients by kind."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.analyses.results import Key
from analysis_lib.audit.comparisons import Comparison, gather_comparisons
from analysis_lib.audit.finding import CONSISTENT, NEEDS_ANOTHER, Finding
from analysis_lib.audit.p_values import comparison_name
from analysis_lib.audit.printed import prints_p
from analysis_lib.audit.readings import against_rest
from analysis_lib.audit.shares import Share, gather_shares
from analysis_lib.audit.tests import PEARSON, Table, pearson
from analysis_lib.audit.wholes import ANY
from analysis_lib.audit.words import changed_conclusion, printed_p, same_side, say_p
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary

RULE = "any and by kind"


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
                found.append(_finding(comparison, kinds, totals, dictionary))
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


def _finding(
    comparison: Comparison,
    kinds: list[tuple[Share, Share]],
    totals: tuple[int, int],
    dictionary: Dictionary,
) -> Finding:
    what = comparison_name(comparison, dictionary)
    rows = tuple((first.count or 0, second.count or 0) for first, second in kinds)
    with_kind = (sum(a for a, _ in rows), sum(b for _, b in rows))
    rest = (totals[0] - with_kind[0], totals[1] - with_kind[1])
    table: Table = (*rows, rest) if any(rest) else rows
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
    return Finding(RULE, what, verdict, text, tuple(dict.fromkeys(ids)), consequence)
