"""Survival estimates that no whole number of patients gives: someone was censored before."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis_lib.audit.about import about
from analysis_lib.audit.finding import CONSISTENT, Finding
from analysis_lib.audit.survival_words import patients_words
from analysis_lib.audit.triples import find_curves, patients
from analysis_lib.audit.windows import Window, window
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import format_percent
from analysis_lib.labels import listed

RULE = "censoring before a landmark"


def censoring_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """Without censoring S(t) is the share of patients still free of the event at t."""
    censored: list[tuple[Claim, int]] = []
    for points in find_curves(claims).values():
        for claim in points.values():
            total = patients(claims, claim.key.population)
            if total is not None and not _is_share(window(claim), total):
                censored.append((claim, total))
    if not censored:
        return []
    said = listed(_words(claim, total, dictionary) for claim, total in censored)
    text = (
        f"no whole number of patients gives {said}, so at least one of each group was censored "
        "before that time."
    )
    consequence = "Censoring began before these times, so the estimates are no simple shares."
    cited = tuple(claim.claim_id for claim, _ in censored)
    return [about(RULE, "Early censoring", CONSISTENT, text, cited, consequence)]


def _is_share(values: Window, total: int) -> bool:
    return math.floor(values.high * total + 1e-9) >= math.ceil(values.low * total - 1e-9)


def _words(claim: Claim, total: int, dictionary: Dictionary) -> str:
    """`57% of the 62 patients of … at 6 months (35 are 56.5%, 36 are 58.1%)`."""
    below = math.floor(total * window(claim).low)
    counts = listed(
        f"{count} are {format_percent(count / total, claim.decimals + 1)}"
        for count in (below, below + 1)
    )
    return (
        f"{claim.printed}% of the {total} patients of "
        f"{patients_words(claim.key.population, dictionary)} at {claim.key.time_months:g} months "
        f"({counts})"
    )
