"""The claims of an article beside the numbers computed from a cohort: a join on the key."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal

from analysis_lib.analyses.results import Results, Row
from analysis_lib.audit import Audit, Finding
from analysis_lib.claims import Claim
from analysis_lib.comparison.compared import (
    CONFLICTING,
    MISSED,
    NOT_COMPUTABLE,
    OUT_OF_SCOPE,
    REPRODUCED,
    Compared,
    Comparison,
)
from analysis_lib.errors import ClaimsError
from analysis_lib.format import format_fixed

NO_AUDIT = Audit(())


def compare(claims: Iterable[Claim], results: Results, *, audit: Audit = NO_AUDIT) -> Comparison:
    """Whether each claim's printed number is what the cohort's results would print.

    A claim printed with `=` is reproduced when the computed number, rounded half up to the printed
    decimals, is the printed one; one printed with `<` and the like when the unrounded computed
    number satisfies it. A number that cannot be estimated misses its claim. A claim that is not
    reproduced and stands in an impossible finding of `audit` is conflicting: no cohort can meet
    all of that finding. A number printed in several places counts once.

    Raises
    ------
    ClaimsError
        A claim and its result have different units.
    """
    conflicts = audit.conflicts()
    return Comparison(tuple(_compare_one(same, results, conflicts) for same in _unique(claims)))


def _unique(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Claims of one number, the most precise first; numbers without a key stand alone."""
    found: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        name = (claim.key, claim.value, claim.comparator) if claim.in_scope else (claim.claim_id,)
        found.setdefault(name, []).append(claim)
    return [sorted(same, key=lambda claim: -claim.decimals) for same in found.values()]


def _compare_one(same: list[Claim], results: Results, conflicts: Mapping[str, Finding]) -> Compared:
    claim, *repeats = same
    if not claim.in_scope:
        return Compared(claim, OUT_OF_SCOPE)
    if not results.has(claim.key):
        return Compared(claim, NOT_COMPUTABLE, repeats=tuple(repeats))
    computed = _in_unit_of(claim, results.row(claim.key))
    findings = [conflicts[one.claim_id] for one in same if one.claim_id in conflicts]
    if prints(claim, computed):
        status, finding = REPRODUCED, None
    elif findings:
        status, finding = CONFLICTING, findings[0]
    else:
        status, finding = MISSED, None
    return Compared(claim, status, computed, computed - claim.value, finding, tuple(repeats))


def _in_unit_of(claim: Claim, row: Row) -> float:
    if row.unit == claim.unit:
        return row.value
    if (row.unit, claim.unit) != ("proportion", "%"):
        raise ClaimsError(
            f"claims: unit of {claim.claim_id} must be that of the result, {row.unit!r} "
            f"('%' for a proportion), but is {claim.unit!r}; correct the unit or the key"
        )
    if math.isnan(row.value):
        return math.nan
    # In decimal, so that 0.285 becomes 28.5 and rounds up as a reader would round it.
    return float(Decimal(repr(float(row.value))).scaleb(2))


def prints(claim: Claim, computed: float) -> bool:
    """Whether a computed number, in the claim's unit, would be printed as the claim is."""
    match claim.comparator:
        case "<":
            return computed < claim.value
        case "<=":
            return computed <= claim.value
        case ">":
            return computed > claim.value
        case ">=":
            return computed >= claim.value
    return format_fixed(computed, claim.decimals) == format_fixed(claim.value, claim.decimals)
