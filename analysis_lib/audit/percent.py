"""Does each printed percent follow from its count and its denominator?"""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.analyses.results import Key
from analysis_lib.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
)
from analysis_lib.audit.printed import (
    counts_printing,
    denominators_printing,
    fractions_printing,
    prints_percent,
)
from analysis_lib.audit.shares import Share, gather_shares
from analysis_lib.audit.words import either, exact_percent, printed_percent, subject
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary

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
