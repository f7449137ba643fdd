"""One count printed with two percents: of which patients is each?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from analysis_lib.analyses.results import Key
from analysis_lib.audit.finding import CONSISTENT, NEEDS_ANOTHER, Finding
from analysis_lib.audit.outcomes import Solved, solve_outcomes
from analysis_lib.audit.printed import denominators_printing
from analysis_lib.audit.shares import Share, gather_shares, group_sizes, size_of
from analysis_lib.audit.words import (
    base_words,
    either,
    parse_population,
    printed_p,
    printed_percent,
    quantity_name,
    subject,
)
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed

RULE = "percents of one count"


def same_count_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding for each count with several percents, and each place with one denominator.

    The second kind: an outcome and a part of it, printed side by side, have one denominator by
    their percents; it is set against the one that the outcome's P value needs.
    """
    shares, sizes = gather_shares(claims), group_sizes(claims)
    found = list(_of_one_count(shares, sizes, dictionary))
    for outcome in solve_outcomes(claims, dictionary):
        if outcome.solution.unique:
            for group in (0, 1):
                found += _side_by_side(outcome, group, shares, dictionary)
    return found


def _of_one_count(
    shares: dict[Key, Share], sizes: dict[tuple[str, str], int], dictionary: Dictionary
) -> Iterator[Finding]:
    alike: dict[tuple[Key, int], list[Claim]] = defaultdict(list)
    names: dict[tuple[Key, int], list[str]] = defaultdict(list)
    for key, share in shares.items():
        group = parse_population(key.population)
        if share.count is not None and share.percents and group.variable:
            same = (key._replace(population=group.of("")), share.count)
            alike[same] += share.percents
            names[same] += share.claims
    for (key, count), percents in alike.items():
        size = size_of(key.population, sizes)
        if size is not None and len({claim.printed for claim in percents}) > 1:
            yield _finding(key, count, percents, size, tuple(names[key, count]), dictionary)


def _finding(
    key: Key, count: int, percents: list[Claim], size: int, ids: tuple[str, ...],
    dictionary: Dictionary,
) -> Finding:  # fmt: skip
    what = subject(key, dictionary)
    distinct = {claim.printed: claim for claim in percents}
    text = f"{what}: {count} is printed as {listed(map(printed_percent, distinct.values()))}"
    if denominators_printing(count, list(distinct.values()), at_most=size):
        return Finding(RULE, what, CONSISTENT, f"{text}, which one denominator gives.", ids)
    explained = listed(_explained(count, claim, size) for claim in distinct.values())
    return Finding(RULE, what, NEEDS_ANOTHER, f"{text}: {explained}.", ids)


def _explained(count: int, claim: Claim, size: int) -> str:
    admitted = denominators_printing(count, [claim], at_most=size)
    base = base_words(parse_population(claim.key.population).base)
    number = f"{either(admitted)} patients" if admitted else f"more than {size} patients"
    return f"{printed_percent(claim)} in {claim.source} is of {number} ({base})"


def _side_by_side(
    outcome: Solved, group: int, shares: dict[Key, Share], dictionary: Dictionary
) -> Iterator[Finding]:
    """Parts of an outcome printed in the same place as it, with a denominator in common."""
    whole, size = outcome.shares[group], outcome.sizes[group]
    needed = outcome.solution.fits[0].denominators[group]
    mine = parse_population(whole.key.population)
    for key, part in shares.items():
        there = parse_population(key.population)
        same = (key.analysis, key.outcome) == (whole.key.analysis, whole.key.outcome)
        if not same or not key.variable or there[1:] != mine[1:]:
            continue
        for place in dict.fromkeys(claim.source for claim in whole.percents):
            common = _common(whole, place, size) & _common(part, place, size)
            if common:
                yield _in_common(outcome, part, place, common, needed, dictionary)


def _common(share: Share, place: str, size: int) -> set[int]:
    percents = [claim for claim in share.percents if claim.source == place]
    if not percents or share.count is None:
        return set()
    return set(denominators_printing(share.count, percents, at_most=size))


def _in_common(
    outcome: Solved, part: Share, place: str, common: set[int], needed: int, dictionary: Dictionary
) -> Finding:
    whole = next(share for share in outcome.shares if _same_group(share, part))
    what = subject(whole.key, dictionary)
    ids = (*part.claims, *whole.claims, *(claim.claim_id for claim in outcome.comparison.p_values))
    text = (
        f"{what}: {_with_percent(whole, place)} and, for {quantity_name(part.key, dictionary)}, "
        f"{_with_percent(part, place)} in {place} are both of {either(common)} patients"
    )
    p = printed_p(outcome.comparison.p)
    if needed in common:
        return Finding(RULE, what, CONSISTENT, f"{text}, as {p} needs {needed}.", ids)
    return Finding(RULE, what, NEEDS_ANOTHER, f"{text}, but {p} needs {needed}.", ids)


def _with_percent(share: Share, place: str) -> str:
    percent = next(claim for claim in share.percents if claim.source == place)
    return f"{share.count} ({printed_percent(percent)})"


def _same_group(share: Share, other: Share) -> bool:
    mine, theirs = (parse_population(one.key.population)[1:] for one in (share, other))
    return mine == theirs
