"""Do the patients of subgroups add up to those of the group that they divide?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.analyses.results import Key
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, NOT_CHECKABLE, Finding
from analysis_lib.audit.shares import MISSING, Share, gather_shares
from analysis_lib.audit.words import inside, parse_population, subject
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary

RULE = "subgroups"
Group = tuple[str, str]  # a variable and its level


@dataclass(frozen=True)
class Division:
    """A group that the flow of patients divides by another variable, with the sizes."""

    parent: Group
    variable: str
    sizes: dict[str, int]


def subgroup_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding for each level that is printed in a group and in two or more of its parts."""
    shares = gather_shares(claims)
    by_place: dict[tuple[str, str, str, Group], Share] = {}
    for key, share in shares.items():
        group = parse_population(key.population)
        if (
            key.level not in ("", MISSING)
            and key.analysis != "flow"
            and share.settled_count is not None
        ):
            by_place.setdefault((key.outcome, key.variable, key.level, group[1:]), share)
    found = []
    for division in _divisions(shares):
        for (outcome, variable, level, place), whole in by_place.items():
            if place != division.parent:
                continue
            parts = {
                name: by_place[outcome, variable, level, (division.variable, name)]
                for name in division.sizes
                if (outcome, variable, level, (division.variable, name)) in by_place
            }
            if len(parts) > 1:
                found.append(_finding(whole, parts, division, dictionary))
    return found


def _divisions(shares: dict[Key, Share]) -> list[Division]:
    """Groups of the flow that are themselves divided: the exposed by timing or by response."""
    sizes: dict[tuple[Group, str], dict[str, int]] = {}
    for key, share in shares.items():
        parent = parse_population(key.population)
        if key.analysis == "flow" and key.level and parent.variable and share.count is not None:
            of_parent = sizes.setdefault(((parent.variable, parent.level), key.variable), {})
            of_parent[key.level] = share.count
    return [Division(parent, variable, levels) for (parent, variable), levels in sizes.items()]


def _finding(
    whole: Share, parts: dict[str, Share], division: Division, dictionary: Dictionary
) -> Finding:
    what = subject(whole.key, dictionary)
    total = whole.settled_count or 0
    counts = [share.settled_count or 0 for share in parts.values()]
    added = sum(counts)
    room = sum(size for name, size in division.sizes.items() if name not in parts)
    name = dictionary[division.variable].label if division.variable in dictionary else "parts"
    terms = " + ".join(map(str, counts))
    text = f"{what}: by {inside(name)} {terms} = {added}, against {total} in all"
    ids = tuple(claim for share in (whole, *parts.values()) for claim in share.evidence)
    if 0 <= total - added <= room:
        rest = f"; the other {total - added} are among {room} patients not shown" if room else ""
        return Finding(RULE, what, CONSISTENT, f"{text}{rest}.", ids)
    if any(share.is_reading for share in (whole, *parts.values())):
        text = f"{text}, if the percents are of everyone in each part."
        return Finding(RULE, what, NOT_CHECKABLE, text, ids)
    return Finding(RULE, what, IMPOSSIBLE, f"{text}.", ids)
