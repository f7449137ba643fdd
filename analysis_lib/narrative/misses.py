"""Which of the article's numbers do not come out here, by how much, and which cannot at once."""

from __future__ import annotations

from analysis_lib.analyses import Omitted
from analysis_lib.comparison import (
    ClaimWords,
    ConflictSet,
    Misses,
    PublishedComparison,
    Together,
    count_missed,
    misses_of,
    together,
)
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import format_count
from analysis_lib.narrative.prose import Prose, escape, paragraph

NAMED = 12  # misses of one kind that are named before the table takes over


def describe_misses(
    published: PublishedComparison | Omitted, *, dictionary: Dictionary
) -> Prose | Omitted:
    """Every miss by what kind of miss it is, the farthest first."""
    if isinstance(published, Omitted):
        return published
    misses = misses_of(published.comparison)
    if misses == Misses((), (), ()):
        return paragraph("No number is missed.")
    words = ClaimWords(dictionary)
    parts = (
        _kind("Off by one in the last printed digit", misses.close, words),
        _kind("Further off, the farthest first", misses.far, words),
        _kind("Not estimable here", misses.unknown, words),
    )
    return Prose("\n\n".join(part for part in parts if part))


def describe_conflicts(
    published: PublishedComparison | Omitted, *, dictionary: Dictionary
) -> Prose | Omitted:
    """Sets of printed numbers that exclude each other, and which this cohort does not meet."""
    if isinstance(published, Omitted):
        return published
    sets = published.comparison.conflict_sets
    if not sets:
        return paragraph("No number is missed because printed numbers exclude each other.")
    words = ClaimWords(dictionary)
    items = [f"- {_unmet(conflict, words)}" for conflict in sets]
    count = published.comparison.tally().conflicting
    many = "sets" if len(sets) > 1 else "set"
    lead = (
        f"### Conflicting ({_numbered(count)}) {{.unnumbered}}\n\n"
        f"{format_count(len(sets))} {many} of printed numbers cannot be met together by any cohort."
    )
    return Prose("\n".join((lead, "", *items)))


def _kind(title: str, groups: tuple[Together, ...], words: ClaimWords) -> str:
    if not groups:
        return ""
    count = count_missed(groups)
    named = "\n".join(f"- {_both(group, words)}" for group in groups[:NAMED])
    more = "\n- and others, in the table of all numbers" if len(groups) > NAMED else ""
    return f"### {title} ({_numbered(count)}) {{.unnumbered}}\n\n{named}{more}"


def _numbered(count: int) -> str:
    return f"{format_count(count)} {'number' if count == 1 else 'numbers'}"


def _both(group: Together, words: ClaimWords) -> str:
    """`Overall survival, P, InO-exposed vs InO-naïve: printed 0.006, ours 0.002`."""
    return f"{escape(group.label(words))}: {_numbers(group)}"


def _unmet(conflict: ConflictSet, words: ClaimWords) -> str:
    """The set by the name of its finding, and the numbers of it that are not met."""
    groups = together(conflict.unmet)
    alone = len(groups) == 1
    numbers = (_numbers(group) if alone else _both(group, words) for group in groups)
    return f"**{escape(conflict.finding.subject)}:** {'; '.join(numbers)}"


def _numbers(group: Together) -> str:
    return escape(f"printed {group.printed}, ours {group.computed}")
