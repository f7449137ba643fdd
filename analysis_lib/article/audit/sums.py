"""Do levels, kinds, grades and subgroups add up to their whole?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
)
from analysis_lib.article.audit.shares import MISSING, Share, gather_shares, group_sizes, size_of
from analysis_lib.article.audit.words import (
    capital,
    inside,
    parse_population,
    quantity_name,
    subject,
)
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import format_number
from analysis_lib.results.rows import Key

RULE = "sum"
_SPLIT = {"none", "some"}  # the two halves of a number of doses


def sum_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """Columns of levels against their total, their percents against 100, parts against wholes."""
    shares, sizes = gather_shares(claims), group_sizes(claims)
    columns = dict(_columns(shares))
    found = []
    for key, column in columns.items():
        found += _of_column(key, column, size_of(key.population, sizes), dictionary)
    return found + _of_groups(claims, dictionary)


def _columns(shares: dict[Key, Share]) -> Iterator[tuple[Key, list[Share]]]:
    """The levels of one variable in one population, where more than one is printed."""
    columns: dict[Key, list[Share]] = defaultdict(list)
    for key, share in shares.items():
        if key.variable and key.level:
            columns[key._replace(level="")].append(share)
    return ((key, column) for key, column in columns.items() if len(column) > 1)


def _of_column(
    key: Key, column: list[Share], size: int | None, dictionary: Dictionary
) -> list[Finding]:
    found = []
    counted = [share for share in column if share.counts]
    total = next((share.denominator for share in counted if share.denominator), size)
    if len(counted) > 1 and total:
        found.append(_counts_against_total(key, counted, total, dictionary))
    if _is_whole(key, column, dictionary) and all(share.percents for share in column):
        found.append(_percents_against_100(key, column, total, dictionary))
    return found


def _counts_against_total(
    key: Key, column: list[Share], total: int, dictionary: Dictionary
) -> Finding:
    what = subject(key, dictionary)
    added = sum(share.count or 0 for share in column)
    terms = " + ".join(str(share.count) for share in column)
    ids = tuple(name for share in column for name in share.claims)
    start = f"{what}: {terms} = {added}"
    if added == total:
        return Finding(RULE, what, CONSISTENT, f"{start}, all {total} patients.", ids)
    if added > total:
        text = f"{start}, more than the {total} patients of the group."
        return Finding(RULE, what, IMPOSSIBLE, text, ids)
    left = total - added
    if not _is_whole(key, column, dictionary):
        text = f"{start} of {total}; the other {left} have a level that is not printed."
        return Finding(RULE, what, CONSISTENT, text, ids)
    patients = "1 patient is" if left == 1 else f"{left} patients are"
    text = f"{start} of {total}, so the denominator is {added}: {patients} in no row."
    return Finding(RULE, what, NEEDS_ANOTHER, text, ids)


def _is_whole(key: Key, column: list[Share], dictionary: Dictionary) -> bool:
    """Whether every level that the variable can have is printed."""
    levels = {share.key.level for share in column}
    if levels == _SPLIT:
        return True
    known = set(dictionary[key.variable].levels) if key.variable in dictionary else set()
    return bool(known) and known <= levels


def _percents_against_100(
    key: Key, column: list[Share], total: int | None, dictionary: Dictionary
) -> Finding:
    """Rounding moves each percent by at most half of its last digit."""
    what = subject(key, dictionary)
    percents = [share.percents[0] for share in column]
    added = sum(claim.value for claim in percents)
    slack = sum(0.5 * 10.0**-claim.decimals for claim in percents)
    counted = [share.count for share in column if share.count is not None]
    expected = 100.0
    if total and len(counted) == len(column):
        expected *= sum(counted) / total  # patients in no row are missing from it too
    terms = " + ".join(claim.printed for claim in percents)
    text = f"{what}: {terms} = {format_number(added)}%"
    ids = tuple(claim.claim_id for claim in percents)
    if abs(added - expected) <= slack + 1e-9:
        return Finding(RULE, what, CONSISTENT, f"{text}, within rounding.", ids)
    text = f"{text}, further from {format_number(expected)}% than rounding can move it."
    return Finding(RULE, what, IMPOSSIBLE, text, ids)


def _of_groups(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """The groups of a column against everyone: printed sizes `n`, and counts of one key."""
    everyone: dict[Key, Claim] = {}
    parts: dict[tuple[Key, str], dict[str, Claim]] = defaultdict(dict)
    for claim in claims:
        if claim.key.statistic not in ("n", "count") or claim.comparator != "=":
            continue
        group = parse_population(claim.key.population)
        key = _of_everyone(claim.key._replace(population=group.base), group.base)
        if group.variable:
            parts[key, group.variable].setdefault(group.level, claim)
        else:
            everyone.setdefault(key, claim)
    return [
        _groups_against_everyone(everyone[key], variable, groups, dictionary)
        for (key, variable), groups in parts.items()
        if key in everyone
    ]


def _of_everyone(key: Key, base: str) -> Key:
    """The size of a base has one key, whether it heads a column or a box of the flow."""
    is_size = key.statistic == "n" or (key.variable == base and not key.level)
    return Key("", population=base, statistic="n") if is_size else key


def _groups_against_everyone(
    whole: Claim, variable: str, groups: dict[str, Claim], dictionary: Dictionary
) -> Finding:
    known = dictionary[variable].levels if variable in dictionary else ()
    added, total = sum(int(claim.value) for claim in groups.values()), int(whole.value)
    what = capital(subject(whole.key, dictionary))
    ids = (whole.claim_id, *(claim.claim_id for claim in groups.values()))
    terms = " + ".join(claim.printed for claim in groups.values())
    text = f"{what}: the groups add up to {terms} = {added}, against {total} in all"
    complete = bool(known) and set(known) <= set(groups)
    if added > total or (complete and added != total):
        return Finding(RULE, what, IMPOSSIBLE, f"{text}.", ids)
    rest = "" if added == total else f"; the other {total - added} are in groups not printed"
    return Finding(RULE, what, CONSISTENT, f"{text}{rest}.", ids)


WHOLES = "parts of a whole"
ANY = "_any"  # an outcome of this ending is any kind of the outcome without it


def whole_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding for each outcome and group whose kinds or grades are printed beside it.

    The whole is the count of the outcome itself, or of its `_any` form, in the same group; the
    parts are the levels of a variable of that outcome, `none` aside.
    """
    shares = gather_shares(claims)
    parts: dict[Key, list[Share]] = defaultdict(list)
    for key, share in shares.items():
        if key.outcome and key.level not in ("", "none", MISSING) and share.counts:
            parts[key._replace(level="")].append(share)
    found = []
    for key, column in parts.items():
        whole = _whole_of(key, shares)
        if whole is not None and len(column) > 1:
            found.append(_parts_against_whole(column, whole, dictionary))
    return found


def _whole_of(key: Key, shares: dict[Key, Share]) -> Share | None:
    group = parse_population(key.population)
    for other, share in shares.items():
        same = (other.analysis, other.variable) == (key.analysis, "")
        there = parse_population(other.population)
        if (
            same
            and share.counts
            and other.outcome in (key.outcome, f"{key.outcome}{ANY}")
            and (there.variable, there.level) == (group.variable, group.level)
        ):
            return share
    return None


def _parts_against_whole(column: list[Share], whole: Share, dictionary: Dictionary) -> Finding:
    what = subject(whole.key, dictionary)
    added, total = sum(share.count or 0 for share in column), whole.count or 0
    terms = " + ".join(str(share.count) for share in column)
    by = inside(quantity_name(column[0].key._replace(level=""), dictionary))
    text = f"{what}: by {by} {terms} = {added}, against {total} in all"
    ids = (*whole.claims, *(name for share in column for name in share.claims))
    if added > total:
        return Finding(WHOLES, what, IMPOSSIBLE, f"{text}.", ids)
    if added == total:
        return Finding(WHOLES, what, CONSISTENT, f"{text}.", ids)
    if _kinds_are_whole(column, dictionary):
        return Finding(WHOLES, what, IMPOSSIBLE, f"{text}.", ids)
    text = f"{text}; the other {total - added} are of a kind not printed."
    return Finding(WHOLES, what, CONSISTENT, text, ids)


def _kinds_are_whole(column: list[Share], dictionary: Dictionary) -> bool:
    variable = column[0].key.variable
    if variable not in dictionary:
        return False
    kinds = set(dictionary[variable].levels) - {"none"}
    return kinds <= {share.key.level for share in column}


SUBGROUPS = "subgroups"
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
        return Finding(SUBGROUPS, what, CONSISTENT, f"{text}{rest}.", ids)
    if any(share.is_reading for share in (whole, *parts.values())):
        text = f"{text}, if the percents are of everyone in each part."
        return Finding(SUBGROUPS, what, NOT_CHECKABLE, text, ids)
    return Finding(SUBGROUPS, what, IMPOSSIBLE, f"{text}.", ids)
