"""The claims of an article beside the numbers computed from a cohort: a join on the key."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from analysis_lib.analyses.results import Results, Row
from analysis_lib.claims.claim import Claim
from analysis_lib.errors import ClaimsError
from analysis_lib.format import format_fixed

REPRODUCED = "reproduced"
MISSED = "missed"
NOT_COMPUTED = "not_computed"
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Compared:
    """One claim with its computed number, both in the claim's unit.

    `difference` is computed minus printed. Both are nan for a claim that has no computed number.
    """

    claim: Claim
    status: str
    computed: float = math.nan
    difference: float = math.nan


@dataclass(frozen=True)
class Tally:
    """How many claims there are of each status."""

    reproduced: int
    missed: int
    not_computed: int
    out_of_scope: int

    @property
    def compared(self) -> int:
        """Claims that have a computed number beside them."""
        return self.reproduced + self.missed

    @property
    def total(self) -> int:
        return self.compared + self.not_computed + self.out_of_scope


@dataclass(frozen=True)
class Comparison:
    """Every claim in the order of the file, and the label of the cohort's results."""

    claims: tuple[Compared, ...]
    label: str

    def tally(
        self, *, sections: Iterable[str] | None = None, statistics: Iterable[str] | None = None
    ) -> Tally:
        """Counts by status, of the named sections and statistics only (default: of all)."""
        wanted = None if sections is None else frozenset(sections)
        kinds = None if statistics is None else frozenset(statistics)
        return _tally(
            one
            for one in self.claims
            if (wanted is None or one.claim.section in wanted)
            and (kinds is None or one.claim.key.statistic in kinds)
        )

    def counts_by_section(self) -> dict[str, Tally]:
        """Counts by status for each section, in the order of the file."""
        sections = dict.fromkeys(one.claim.section for one in self.claims)
        return {section: self.tally(sections=(section,)) for section in sections}


def compare(claims: Iterable[Claim], results: Results) -> Comparison:
    """Whether each claim's printed number is what the cohort's results would print.

    A claim printed with `=` is reproduced when the computed number, rounded half up to the printed
    decimals, is the printed one; one printed with `<` and the like when the unrounded computed
    number satisfies it. A number that cannot be estimated misses its claim.

    Raises
    ------
    ClaimsError
        A claim and its result have different units.
    """
    return Comparison(tuple(_compare_one(claim, results) for claim in claims), results.label)


def _compare_one(claim: Claim, results: Results) -> Compared:
    if not claim.in_scope:
        return Compared(claim, OUT_OF_SCOPE)
    if not results.has(claim.key):
        return Compared(claim, NOT_COMPUTED)
    computed = _in_unit_of(claim, results.row(claim.key))
    status = REPRODUCED if _prints(claim, computed) else MISSED
    return Compared(claim, status, computed, computed - claim.value)


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


def _prints(claim: Claim, computed: float) -> bool:
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


def _tally(claims: Iterable[Compared]) -> Tally:
    counts = Counter(one.status for one in claims)
    return Tally(
        reproduced=counts[REPRODUCED],
        missed=counts[MISSED],
        not_computed=counts[NOT_COMPUTED],
        out_of_scope=counts[OUT_OF_SCOPE],
    )
