"""Two groups that a printed P value compares, with what is printed of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.article.audit.shares import MISSING, Share, gather_shares
from analysis_lib.article.audit.words import Population, parse_population
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Key

Table = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Comparison:
    """A P value under one key and one printing; `groups` are populations, the reference first.

    `rows` maps each printed level (or the empty level of an outcome) to its share in either
    group.
    """

    p_values: tuple[Claim, ...]
    groups: tuple[str, str]
    rows: dict[str, tuple[Share, Share]]

    @property
    def p(self) -> Claim:
        return self.p_values[0]

    @property
    def key(self) -> Key:
        return self.p.key

    @property
    def claims(self) -> tuple[str, ...]:
        """The P values first, then what it is recomputed from."""
        shares = [share for pair in self.rows.values() for share in pair]
        return tuple(
            dict.fromkeys(
                [claim.claim_id for claim in self.p_values]
                + [name for share in shares for name in share.evidence]
            )
        )

    @property
    def levels(self) -> tuple[str, ...]:
        """The printed levels but for a missing value."""
        return tuple(level for level in self.rows if level != MISSING)

    @property
    def is_reading(self) -> bool:
        """Whether a denominator is only one reading of several."""
        return any(share.is_reading for pair in self.rows.values() for share in pair)

    def counts(self, level: str) -> tuple[int, int] | None:
        """The patients at a level in either group, if the printed numbers settle them."""
        first, second = (share.settled_count for share in self.rows[level])
        return None if first is None or second is None else (first, second)

    def denominators(self) -> tuple[int, int] | None:
        """The recorded denominators, if all rows agree on them."""
        known = {
            (first.denominator, second.denominator)
            for first, second in self.rows.values()
            if first.denominator and second.denominator
        }
        if len(known) != 1:
            return None
        first, second = known.pop()
        return None if first is None or second is None else (first, second)


def gather_comparisons(claims: Sequence[Claim], dictionary: Dictionary) -> list[Comparison]:
    """Every printed P value of two groups, in the order of the claims.

    P values of a time to event need event times and belong to the rules on survival.
    """
    shares = gather_shares(claims)
    same: dict[tuple[Key, str, str], list[Claim]] = {}
    for claim in claims:
        if claim.key.statistic == "p_value" and "_vs_" in claim.key.contrast:
            same.setdefault((claim.key, claim.comparator, claim.printed), []).append(claim)
    found = []
    for (key, _, _), p_values in same.items():
        if _is_time_to_event(key.outcome, dictionary):
            continue
        groups = groups_of(key, claims)
        if groups is not None:
            found.append(
                Comparison(tuple(p_values), groups, _rows(key, groups, shares, dictionary))
            )
    return found


def groups_of(key: Key, claims: Sequence[Claim]) -> tuple[str, str] | None:
    """The populations that a contrast names, the reference first.

    The variable is the one by which populations of the same analysis are split; a claims file
    keys groups of one base alike everywhere.
    """
    subject, _, reference = key.contrast.partition("_vs_")
    base = parse_population(key.population).base
    near = [claim.key.population for claim in claims if claim.key.analysis == key.analysis]
    splits: dict[str, set[str]] = {}
    for population in near:
        group = parse_population(population)
        if group.variable:
            splits.setdefault(group.variable, set()).add(group.level)
    for variable, levels in splits.items():
        if {subject, reference} <= levels:
            first, second = (Population(base, variable, x).of(base) for x in (reference, subject))
            return first, second
    return None


def _rows(
    key: Key, groups: tuple[str, str], shares: dict[Key, Share], dictionary: Dictionary
) -> dict[str, tuple[Share, Share]]:
    levels = [
        share.level
        for share in shares
        if share.population == groups[0]
        and (share.analysis, share.outcome, share.variable)
        == (key.analysis, key.outcome, key.variable)
    ]
    blank = key._replace(contrast="", statistic="")
    pairs = {}
    for level in _ordered(levels, key.variable, dictionary):
        first, second = (
            shares.get(blank._replace(population=group, level=level)) for group in groups
        )
        if first is not None and second is not None:
            pairs[level] = (first, second)
    return pairs


def _ordered(levels: Sequence[str], variable: str, dictionary: Dictionary) -> list[str]:
    """Levels in the dictionary's order, then those it does not know."""
    known = dictionary[variable].levels if variable in dictionary else ()
    return sorted(levels, key=lambda x: known.index(x) if x in known else len(known))


def _is_time_to_event(outcome: str, dictionary: Dictionary) -> bool:
    return outcome in dictionary and dictionary[outcome].type == "time_to_event"
