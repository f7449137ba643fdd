"""Of how many patients is each outcome? The denominators that percents and P value admit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import Comparison, Share, against_rest, fractions
from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
    about,
)
from analysis_lib.article.audit.other_tests import names_another_test, other_explanation
from analysis_lib.article.audit.printed import (
    Pair,
    Rate,
    Rates,
    Solution,
    Window,
    cuts_off_to,
    prints_p,
    solve_denominators,
    window,
)
from analysis_lib.article.audit.readings import other_readings, readings_of
from analysis_lib.article.audit.tests_of_counts import PEARSON, battery, pearson_of
from analysis_lib.article.audit.words import base_words, either, printed_number, printed_p, say_p
from analysis_lib.dictionary import lower_first
from analysis_lib.format import format_count
from analysis_lib.labels import listed
from analysis_lib.study.groups import Population


@dataclass(frozen=True)
class Solved:
    """An outcome in two groups, the sizes of the groups, and what fits up to them."""

    comparison: Comparison
    sizes: Pair
    solution: Solution

    @property
    def shares(self) -> tuple[Share, Share]:
        return next(iter(self.comparison.rows.values()))

    @property
    def fit(self) -> Rates:
        """The first of the fits, which is the only one of a unique solution."""
        return self.solution.fits[0]

    def guides(self, other: Solved) -> bool:
        """Whether this outcome has one solution and is of the other's groups, of whatever base."""
        mine, theirs = (
            [Population.parse(group).group for group in solved.comparison.groups]
            for solved in (self, other)
        )
        return self.solution.unique and mine == theirs


def solve_outcomes(article: Article) -> list[Solved]:
    """The denominators of every outcome whose percents are printed in two groups of known size."""
    found = []
    for comparison in article.comparisons:
        sizes = article.sizes_of(comparison.groups)
        if sizes is not None and _is_open(comparison):
            first, second = next(iter(comparison.rows.values()))
            solution = solve_denominators(
                (first.percents, second.percents),
                at_most=sizes,
                counts=(first.count, second.count),
                p=comparison.p,
            )
            found.append(Solved(comparison, sizes, solution))
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
_MOST_EXACT = 1000  # pairs of fractions worth an exact test


def denominator_findings(article: Article) -> list[Finding]:
    """One finding for each outcome with percents and a P value whose denominators are not printed.

    The percents, the counts where they are printed and the P value (as Pearson's chi-square)
    must hold together, with every denominator up to the size of the group.
    """
    solved = solve_outcomes(article)
    return [_finding(outcome, solved, article) for outcome in solved]


def _finding(outcome: Solved, others: Sequence[Solved], article: Article) -> Finding:
    what = article.comparison_name(outcome.comparison)
    said = " vs ".join(_said(share) for share in outcome.shares)
    start = f"{said} with {printed_p(outcome.comparison.p)}"
    verdict, text = _judged(outcome, others, article)
    cited = [*outcome.shares[0].claims, *outcome.shares[1].claims]
    cited += [claim.claim_id for claim in outcome.comparison.p_values]
    return about(RULE, what, verdict, f"{start} {text}.", cited)


def _judged(outcome: Solved, others: Sequence[Solved], article: Article) -> tuple[str, str]:
    solution, sizes = outcome.solution, outcome.sizes
    if not solution.fits:
        return _no_fit(outcome, article)
    if solution.unique:
        return _unique(outcome, others, article)
    named = _named_by_another(outcome, others, article)
    if named:
        several = listed(_fit(fit) for fit in solution.fits[:_MOST_SAID]).replace(" and ", " or ")
        return CONSISTENT, f"is {several}; {named}"
    return NOT_CHECKABLE, (
        f"fits {format_count(len(solution.fits))} pairs of fractions up to {sizes[0]} and "
        f"{sizes[1]} patients, so its denominators are not identified"
        f"{_of_the_same_base(outcome, others, article)}"
    )


def _unique(outcome: Solved, others: Sequence[Solved], article: Article) -> tuple[str, str]:
    fit, sizes = outcome.fit, outcome.sizes
    text = f"is {_fit(fit)} and nothing else up to {sizes[0]} and {sizes[1]} patients"
    text += _what_the_percents_leave(outcome)
    if fit.denominators == sizes:
        return CONSISTENT, f"{text}: everyone"
    named = _named_by_another(outcome, others, article)
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
    counts, sizes = outcome.fit.counts, outcome.sizes
    p = say_p(pearson_of(counts, sizes))
    return f"; of everyone, {fractions(counts, sizes)}, P would be {p}"


def _named_by_another(outcome: Solved, others: Sequence[Solved], article: Article) -> str:
    """Whether the denominators are the patients who had another outcome of the same analysis.

    Counts must be printed: with percents alone something fits by chance.
    """
    if any(share.count is None for share in outcome.shares):
        return ""
    mine = outcome.comparison
    for other in others:
        theirs = other.comparison
        is_wider = theirs.base != mine.base and theirs.key.analysis == mine.key.analysis
        if is_wider and other.guides(outcome):
            counts = other.fit.counts
            if outcome.solution.with_denominators(counts):
                name = lower_first(article.quantity_name(theirs.key))
                return f"{counts[0]} and {counts[1]} are the patients with {name}"
    return ""


def _of_the_same_base(outcome: Solved, others: Sequence[Solved], article: Article) -> str:
    base = outcome.comparison.base
    for other in others:
        if other.comparison.base == base and other.guides(outcome):
            used = other.fit.denominators
            fits = listed(_fit(fit) for fit in outcome.solution.with_denominators(used))
            name = lower_first(article.quantity_name(other.comparison.key))
            return (
                f"; of the {used[0]} and {used[1]} {base_words(base)}, which {name} needs, "
                f"it would be {fits or 'none'}"
            )
    return ""


def _no_fit(outcome: Solved, article: Article) -> tuple[str, str]:
    alone, sizes = outcome.solution.alone, outcome.sizes
    for found, share, size in zip(alone, outcome.shares, sizes, strict=True):
        if not found:
            text = f"has no denominator up to {size} that prints {_said(share)}"
            cut = _if_cut_off(share, size)
            return (NEEDS_ANOTHER if cut else IMPOSSIBLE), f"{text}{cut}"
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
    start = f"fits no denominators up to {sizes[0]} and {sizes[1]} under {PEARSON}"
    for reading in other_readings(outcome.comparison, article):
        for test, p in reading.p_values.items():
            if prints_p(p, outcome.comparison.p):
                return NEEDS_ANOTHER, f"{start}, but is {test} of {reading.words} ({say_p(p)})"
    if len(pairs) > _MOST_EXACT:
        text = f"{start}; other tests of {format_count(len(pairs))} pairs were not tried"
        return NOT_CHECKABLE, text
    return _of_another_test(outcome, start, pairs, article)


def _of_another_test(
    outcome: Solved, start: str, pairs: Sequence[tuple[Rate, Rate]], article: Article
) -> tuple[str, str]:
    """A P value that no test gives may be of one that lies among them, or not of counts alone."""
    printed = outcome.comparison.p
    if names_another_test(printed):
        return NOT_CHECKABLE, f"{start}, but is not of counts alone, as the article says"
    known = [p for a, b in pairs for p in _tests(a, b) if p == p]
    if known and window(printed).meets(Window(min(known) / 2, max(known))):
        return NEEDS_ANOTHER, f"{start}, but may be of a test of one side or a rarer one"
    readings = readings_of(outcome.comparison, article)
    readings = readings or [*other_readings(outcome.comparison, article)]
    other = other_explanation(outcome.comparison, readings, article)
    return (NEEDS_ANOTHER, f"{start}, but may be of {other}") if other else (IMPOSSIBLE, start)


def _tests(first: Rate, second: Rate) -> list[float]:
    table = against_rest((first[0], second[0]), (first[1], second[1]))
    return list(battery(table).values())


def _if_cut_off(share: Share, size: int) -> str:
    """A count's denominators under percents that are cut off instead of rounded."""
    count = share.count
    fitting = [
        n
        for n in range(max(count or 0, 1), size + 1)
        if count is not None and all(cuts_off_to(count, n, x) for x in share.percents)
    ]
    return f", unless it is cut off instead of rounded, of {either(fitting)}" if fitting else ""


def _fit(fit: Rates) -> str:
    return f"{fractions(fit.counts, fit.denominators)} (P {say_p(fit.p_value)})"


def _said(share: Share) -> str:
    """`71 (83%)`, or the percent alone."""
    percent = printed_number(max(share.percents, key=lambda claim: claim.decimals))
    return percent if share.count is None else f"{share.count} ({percent})"
