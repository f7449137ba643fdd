"""Of how many patients is each outcome? The denominators that percents and P value admit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from analysis_lib.article.audit.shares import Share, group_sizes, size_of
from analysis_lib.article.audit.tests import (
    PEARSON,
    Fit,
    Solution,
    battery,
    pearson,
    solve_denominators,
)
from analysis_lib.article.audit.words import (
    base_words,
    either,
    inside,
    parse_population,
    printed_p,
    printed_percent,
    quantity_name,
    say_p,
)
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import format_count
from analysis_lib.labels import listed


@dataclass(frozen=True)
class Solved:
    """An outcome in two groups, the sizes of the groups, and what fits up to them."""

    comparison: Comparison
    sizes: tuple[int, int]
    solution: Solution

    @property
    def shares(self) -> tuple[Share, Share]:
        return next(iter(self.comparison.rows.values()))

    @property
    def analysis(self) -> str:
        return self.comparison.key.analysis

    @property
    def base(self) -> str:
        return parse_population(self.comparison.key.population).base

    def groups_alike(self, other: Solved) -> bool:
        """Whether another outcome is of the same groups, of whatever base."""
        mine, theirs = (
            [parse_population(group)[1:] for group in solved.comparison.groups]
            for solved in (self, other)
        )
        return mine == theirs


def solve_outcomes(claims: Sequence[Claim], dictionary: Dictionary) -> list[Solved]:
    """The denominators of every outcome whose percents are printed in two groups of known size."""
    sizes = group_sizes(claims)
    found = []
    for comparison in gather_comparisons(claims, dictionary):
        most = tuple(size_of(group, sizes) for group in comparison.groups)
        if most[0] is None or most[1] is None or not _is_open(comparison):
            continue
        first, second = next(iter(comparison.rows.values()))
        solution = solve_denominators(
            (first.percents, second.percents),
            at_most=(most[0], most[1]),
            counts=(first.count, second.count),
            p=comparison.p,
        )
        found.append(Solved(comparison, (most[0], most[1]), solution))
    return found


def _is_open(comparison: Comparison) -> bool:
    """An outcome with percents in both groups and a denominator that is not printed."""
    if comparison.key.variable or len(comparison.rows) != 1:
        return False
    pair = next(iter(comparison.rows.values()))
    printed = all(share.denominator_source == "printed" for share in pair)
    return all(share.percents for share in pair) and not printed


RULE = "denominator"
_MOST_SAID = 3
_MOST_EXACT = 200  # pairs of fractions worth an exact test


def denominator_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding for each outcome with percents and a P value whose denominators are not printed.

    The percents, the counts where they are printed and the P value (as Pearson's chi-square)
    must hold together, with every denominator up to the size of the group.
    """
    solved = solve_outcomes(claims, dictionary)
    return [_finding(outcome, solved, dictionary) for outcome in solved]


def _finding(outcome: Solved, others: Sequence[Solved], dictionary: Dictionary) -> Finding:
    what = comparison_name(outcome.comparison, dictionary)
    said = " vs ".join(_said(share) for share in outcome.shares)
    start = f"{what}: {said} with {printed_p(outcome.comparison.p)}"
    verdict, text = _judged(outcome, others, dictionary)
    ids = [name for share in outcome.shares for name in share.claims]
    ids += [claim.claim_id for claim in outcome.comparison.p_values]
    return Finding(RULE, what, verdict, f"{start} {text}.", tuple(ids))


def _judged(outcome: Solved, others: Sequence[Solved], dictionary: Dictionary) -> tuple[str, str]:
    solution, sizes = outcome.solution, outcome.sizes
    if not solution.fits:
        return _no_fit(outcome)
    if solution.unique:
        return _unique(outcome, others, dictionary)
    named = _named_by_another(outcome, others, dictionary)
    if named:
        several = listed(_fit(fit) for fit in solution.fits[:_MOST_SAID]).replace(" and ", " or ")
        return CONSISTENT, f"is {several}; {named}"
    return NOT_CHECKABLE, (
        f"fits {format_count(len(solution.fits))} pairs of fractions up to {sizes[0]} and "
        f"{sizes[1]} patients, so its denominators are not identified"
        f"{_of_the_same_base(outcome, others, dictionary)}"
    )


def _unique(outcome: Solved, others: Sequence[Solved], dictionary: Dictionary) -> tuple[str, str]:
    fit, sizes = outcome.solution.fits[0], outcome.sizes
    text = f"is {_fit(fit)} and nothing else up to {sizes[0]} and {sizes[1]} patients"
    text += _what_the_percents_leave(outcome)
    if fit.denominators == sizes:
        return CONSISTENT, f"{text}: everyone"
    named = _named_by_another(outcome, others, dictionary)
    if named:
        return CONSISTENT, f"{text}: {named}"
    left = tuple(size - used for size, used in zip(sizes, fit.denominators, strict=True))
    return NEEDS_ANOTHER, (
        f"{text}: {left[0]} and {left[1]} of the groups are left out{_of_everyone(outcome)}"
    )


def _what_the_percents_leave(outcome: Solved) -> str:
    """What the percents alone would admit, where the P value decides."""
    alone = outcome.solution.alone
    if all(len(found) == 1 for found in alone):
        return ""
    said = [either(n for _, n in found) for found in alone if len(found) > 1]
    return f" (the percents alone admit a denominator of {listed(said)})"


def _of_everyone(outcome: Solved) -> str:
    counts, sizes = outcome.solution.fits[0].counts, outcome.sizes
    p = pearson(against_rest(counts, sizes))
    return f"; of everyone, {fractions(counts, sizes)}, P would be {say_p(p)}"


def _named_by_another(outcome: Solved, others: Sequence[Solved], dictionary: Dictionary) -> str:
    """Whether the denominators are the patients who had another outcome of the same analysis.

    Counts must be printed: with percents alone something fits by chance.
    """
    if any(share.count is None for share in outcome.shares):
        return ""
    for other in others:
        base_differs = other.base != outcome.base and other.analysis == outcome.analysis
        if base_differs and other.solution.unique and other.groups_alike(outcome):
            counts = other.solution.fits[0].counts
            if outcome.solution.with_denominators(counts):
                name = inside(quantity_name(other.comparison.key, dictionary))
                return f"{counts[0]} and {counts[1]} are the patients with {name}"
    return ""


def _of_the_same_base(outcome: Solved, others: Sequence[Solved], dictionary: Dictionary) -> str:
    for other in others:
        if other.base == outcome.base and other.solution.unique and other.groups_alike(outcome):
            used = other.solution.fits[0].denominators
            fits = listed(_fit(fit) for fit in outcome.solution.with_denominators(used))
            name = inside(quantity_name(other.comparison.key, dictionary))
            return (
                f"; of the {used[0]} and {used[1]} {base_words(outcome.base)}, which {name} needs, "
                f"it would be {fits or 'none'}"
            )
    return ""


def _no_fit(outcome: Solved) -> tuple[str, str]:
    alone, sizes = outcome.solution.alone, outcome.sizes
    for found, share, size in zip(alone, outcome.shares, sizes, strict=True):
        if not found:
            return IMPOSSIBLE, f"has no denominator up to {size} that prints {_said(share)}"
    pairs = [(a, b) for a in alone[0] for b in alone[1]]
    if len(pairs) <= _MOST_EXACT:
        for a, b in pairs:
            table = against_rest((a[0], b[0]), (a[1], b[1]))
            for test, p in battery(table).items():
                if prints_p(p, outcome.comparison.p):
                    return NEEDS_ANOTHER, (
                        f"fits no denominators under {PEARSON}, but {a[0]}/{a[1]} vs {b[0]}/{b[1]} "
                        f"under {test} ({say_p(p)})"
                    )
    return IMPOSSIBLE, f"fits no denominators up to {sizes[0]} and {sizes[1]} under {PEARSON}"


def _fit(fit: Fit) -> str:
    return f"{fractions(fit.counts, fit.denominators)} (P {say_p(fit.p_value)})"


def _said(share: Share) -> str:
    """`71 (83%)`, or the percent alone."""
    percent = printed_percent(max(share.percents, key=lambda claim: claim.decimals))
    return percent if share.count is None else f"{share.count} ({percent})"
