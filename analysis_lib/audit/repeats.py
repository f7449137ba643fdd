"""Numbers that an article prints in more than one place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from analysis_lib.analyses.results import Key
from analysis_lib.audit.about import about
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding
from analysis_lib.audit.windows import window
from analysis_lib.audit.words import Population, parse_population, subject
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed

RULE = "repeated numbers"
_TOUCHING = 1e-9


def repeat_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding per number printed with different values, and one for all that agree.

    A number given with more digits in one place agrees if it rounds to the other.
    """
    printed: dict[tuple[Key, str], list[Claim]] = {}
    for claim in claims:
        printed.setdefault((_quantity(claim.key), claim.unit), []).append(claim)
    repeated = [group for group in printed.values() if len(group) > 1]
    differing = [group for group in repeated if not _agree(group)]
    agreeing = [group for group in repeated if _agree(group)]
    found = [_differ(group, dictionary) for group in differing]
    return found + ([_all_agree(agreeing)] if agreeing else [])


def _quantity(key: Key) -> Key:
    """One key for the size of a group, be it a box of the flow or the head of a column."""
    group = parse_population(key.population)
    if key.statistic == "n" and not key.variable and not key.outcome:
        return Key("", population=key.population, statistic="n")
    is_level = bool(key.variable and key.level) and not group.variable and not key.outcome
    if key.statistic == "count" and is_level:
        population = Population(group.base, key.variable, key.level).of(group.base)
        return Key("", population=population, statistic="n")
    return key


def _agree(group: Sequence[Claim]) -> bool:
    """Whether one value rounds to all; windows that only touch share none that does."""
    return all(
        a.printed == b.printed or window(a).overlap(window(b)) > _TOUCHING
        for a, b in combinations(group, 2)
    )


def _differ(group: Sequence[Claim], dictionary: Dictionary) -> Finding:
    said = listed(f"{_printed(claim)} in {_place(claim)}" for claim in group)
    counted = group[0].key.statistic in ("n", "count")  # whatever they are set against
    bases = {(claim.base, None if counted else claim.denominator) for claim in group}
    text = f"the same number is printed as {said}: "
    text += (
        "at least one is wrong." if len(bases) == 1 else "of different patients, or one is wrong."
    )
    return about(
        RULE,
        subject(group[0].key, dictionary),
        IMPOSSIBLE if len(bases) == 1 else NEEDS_ANOTHER,
        text,
        tuple(claim.claim_id for claim in group),
    )


def _all_agree(groups: Sequence[Sequence[Claim]]) -> Finding:
    exact = [[claim for claim in group if claim.comparator == "="] for group in groups]
    rounded = [group for group in exact if len({claim.printed for claim in group}) > 1]
    text = f"{len(groups)} numbers are printed in two or more places, each time alike"
    if rounded:
        pairs = "; ".join(listed(dict.fromkeys(_printed(c) for c in g)) for g in rounded)
        text += f" but for the number of digits ({pairs})"
    cited = tuple(claim.claim_id for group in groups for claim in group)
    return about(RULE, "Numbers printed more than once", CONSISTENT, f"{text}.", cited)


def _printed(claim: Claim) -> str:
    sign = "" if claim.comparator == "=" else claim.comparator
    return f"{sign}{claim.printed}{'%' if claim.unit == '%' else ''}"


def _place(claim: Claim) -> str:
    place = claim.source or "one place"
    return f"the {place}" if place in ("Abstract", "Discussion") else place
