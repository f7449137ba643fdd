"""Is being evaluable itself related to the groups that are compared?"""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.audit.bases import base_sizes
from analysis_lib.audit.comparisons import Comparison, gather_comparisons
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, Finding
from analysis_lib.audit.readings import against_rest, fractions
from analysis_lib.audit.shares import group_sizes, size_of
from analysis_lib.audit.tests import pearson
from analysis_lib.audit.words import ALPHA, base_words, group_name, parse_population, say_p
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary

RULE = "evaluability"
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
        return Finding(RULE, what, CONSISTENT, f"{what}: {numbers}.", comparison.claims)
    if min(left) < 0:
        text = (
            f"{what}: {evaluable[0]} and {evaluable[1]} patients are evaluable of "
            f"{everyone[0]} and {everyone[1]}, more than the group has."
        )
        return Finding(RULE, what, IMPOSSIBLE, text, (*comparison.claims, *sizes))
    p = pearson(against_rest(left, everyone))
    text = f"{what}: {numbers}, P {say_p(p)}."
    consequence = (
        "Who could be assessed differs between the groups, so that rates among the assessed "
        f"compare selected patients (P = {say_p(p)})."
    )
    return Finding(
        RULE, what, CONSISTENT, text, comparison.claims, consequence if p < ALPHA else ""
    )
