"""Does each printed percent follow from its count and its denominator?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from analysis_lib.article.audit.denominators import Solved, solve_outcomes
from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
)
from analysis_lib.article.audit.printed import (
    counts_printing,
    denominators_printing,
    fractions_printing,
    prints_percent,
)
from analysis_lib.article.audit.shares import Share, gather_shares, group_sizes, size_of
from analysis_lib.article.audit.words import (
    base_words,
    either,
    exact_percent,
    parse_population,
    printed_p,
    printed_percent,
    quantity_name,
    subject,
)
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key

RULE = "percent"


def percent_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding for each printed percent whose denominator is recorded."""
    shares = gather_shares(claims)
    return [
        _against_count(claim, share, shares, dictionary)
        if share.counts
        else _without_count(claim, share, dictionary)
        for share in shares.values()
        for claim in share.percents
        if claim.denominator
    ]


def _against_count(
    claim: Claim, share: Share, shares: dict[Key, Share], dictionary: Dictionary
) -> Finding:
    near = [count for count in share.counts if count.source == claim.source] or list(share.counts)
    count, total = int(near[0].value), claim.denominator or 0
    ids = (claim.claim_id, *(found.claim_id for found in near))
    what = subject(claim.key, dictionary)
    if count > total:
        text = f"{what}: {count} patients cannot be of {total}."
        return Finding(RULE, what, IMPOSSIBLE, text, ids)
    start = f"{what}: {count}/{total} is {exact_percent(count, total, claim)}"
    if prints_percent(count, total, claim):
        return Finding(RULE, what, CONSISTENT, f"{start}, printed {printed_percent(claim)}.", ids)
    others = _denominators_of_the_column(claim, count, shares)
    if others:
        text = (
            f"{start}, not the printed {printed_percent(claim)}; "
            f"with {count} patients it needs a denominator of {either(others)}."
        )
        return Finding(RULE, what, NEEDS_ANOTHER, text, ids)
    text = (
        f"{start}, not the printed {printed_percent(claim)}{_if_cut_off(count, total, claim)}; "
        f"{_what_would(claim, count)}{_if_made_to_fit(claim, shares)}."
    )
    return Finding(RULE, what, IMPOSSIBLE, text, ids)


def _denominators_of_the_column(
    claim: Claim, count: int, shares: dict[Key, Share]
) -> tuple[int, ...]:
    """Smaller denominators that print this percent and every other of the same column."""
    most = claim.denominator or 0
    admitted = set(denominators_printing(count, [claim], at_most=most - 1))
    for share in _column(claim, shares):
        if share.count is not None:
            admitted &= set(denominators_printing(share.count, share.percents, at_most=most))
    return tuple(sorted(admitted))


def _column(claim: Claim, shares: dict[Key, Share]) -> list[Share]:
    """The percents of all levels of the same variable in the same group."""
    same = claim.key._replace(level="", statistic="")
    return [
        share for key, share in shares.items() if share.percents and key._replace(level="") == same
    ]


def _if_cut_off(count: int, total: int, claim: Claim) -> str:
    scale = 10**claim.decimals
    cut = 100 * scale * count // total == round(claim.value * scale)
    return " (which it is if cut off instead of rounded)" if cut else ""


def _if_made_to_fit(claim: Claim, shares: dict[Key, Share]) -> str:
    column = _column(claim, shares)
    added = sum(share.percents[0].value for share in column)
    return "; printed so, the column adds up to exactly 100%" if added == 100 else ""


def _what_would(claim: Claim, count: int) -> str:
    total = claim.denominator or 0
    counts = counts_printing([claim], total)
    larger = denominators_printing(count, [claim], at_most=2 * total)
    says = []
    if counts:
        says.append(f"{either(counts)} of {total} would print it")
    if larger:
        says.append(f"{count} would need a denominator of {either(larger)}")
    return ", or ".join(says) or "no count or denominator nearby would"


def _without_count(claim: Claim, share: Share, dictionary: Dictionary) -> Finding:
    total = claim.denominator or 0
    what, ids = subject(claim.key, dictionary), (claim.claim_id,)
    admitted = counts_printing([claim], total)
    if admitted:
        only = "only " if len(admitted) == 1 else ""
        text = (
            f"{what}: printed {printed_percent(claim)} without a count; "
            f"{_if(share)} {total} patients {only}{either(admitted)} would print it."
        )
        return Finding(RULE, what, CONSISTENT, text, ids)
    if share.is_reading:
        text = (
            f"{what}: printed {printed_percent(claim)} without a count, and no whole number of "
            f"{total} patients prints it, one reading of its denominator among several."
        )
        return Finding(RULE, what, NOT_CHECKABLE, text, ids)
    nearest = min(range(total + 1), key=lambda count: abs(100 * count / total - claim.value))
    smaller = fractions_printing(share.percents, at_most=total)
    start = (
        f"{what}: no whole number of {total} patients prints {printed_percent(claim)} "
        f"({nearest} would be {exact_percent(nearest, total, claim)})"
    )
    if smaller:
        text = f"{start}; it needs a smaller denominator, such as {_fraction(smaller[-1])}."
        return Finding(RULE, what, NEEDS_ANOTHER, text, ids)
    return Finding(RULE, what, IMPOSSIBLE, f"{start}, and none of a smaller number does.", ids)


def _if(share: Share) -> str:
    return "if it is of" if share.is_reading else "of"


def _fraction(pair: tuple[int, int]) -> str:
    return f"{pair[0]}/{pair[1]}"


SAME_COUNT = "percents of one count"


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
        return Finding(SAME_COUNT, what, CONSISTENT, f"{text}, which one denominator gives.", ids)
    explained = listed(_explained(count, claim, size) for claim in distinct.values())
    return Finding(SAME_COUNT, what, NEEDS_ANOTHER, f"{text}: {explained}.", ids)


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
        return Finding(SAME_COUNT, what, CONSISTENT, f"{text}, as {p} needs {needed}.", ids)
    return Finding(SAME_COUNT, what, NEEDS_ANOTHER, f"{text}, but {p} needs {needed}.", ids)


def _with_percent(share: Share, place: str) -> str:
    percent = next(claim for claim in share.percents if claim.source == place)
    return f"{share.count} ({printed_percent(percent)})"


def _same_group(share: Share, other: Share) -> bool:
    mine, theirs = (parse_population(one.key.population)[1:] for one in (share, other))
    return mine == theirs
