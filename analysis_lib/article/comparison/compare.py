"""The claims of an article beside the numbers computed from a cohort: a join on the key."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis_lib.article.audit.finding import Audit, Finding
from analysis_lib.article.claims.claim import Claim
from analysis_lib.errors import ClaimsError
from analysis_lib.format import format_fixed, percent, round_half_up
from analysis_lib.marks import alike
from analysis_lib.results.rows import Results, Row

SECTIONS = {
    "flow": "Exposure and flow",
    "table1": "Table 1, baseline",
    "suppl1": "Supplemental Table 1",
    "suppl2": "Supplemental Table 2",
    "toxicity": "Toxicity and early deaths",
    "response": "Response",
    "consolidation": "Consolidation and maintenance",
    "relapse": "Relapse",
    "survival": "Survival",
    "cox": "Multivariable models",
}


def section_title(section: str) -> str:
    """A section as a heading; one that is not known says its own name."""
    plain = section.replace("_", " ")
    return SECTIONS.get(section, plain[:1].upper() + plain[1:])


def in_order(sections: Iterable[str]) -> tuple[str, ...]:
    """Each section once: those that are known as a report goes, then the others as they come."""
    found = dict.fromkeys(sections)
    known = [section for section in SECTIONS if section in found]
    return (*known, *(section for section in found if section not in SECTIONS))


REPRODUCED = "reproduced"
MISSED = "missed"
CONFLICTING = "conflicting"
NOT_COMPUTABLE = "not computable"
OUT_OF_SCOPE = "out of scope"
STATUSES = (REPRODUCED, MISSED, CONFLICTING, NOT_COMPUTABLE)
COUNT_UNIT = "patients"
ROUNDED = ("=", "~")


@dataclass(frozen=True)
class Compared:
    """One number of the article with the one computed, both in the claim's unit.

    `difference` is computed minus printed. Both are nan for a claim that has no computed number.
    `finding` names the conflict of a conflicting claim; `repeats` are the other places where the
    article prints the same number.
    """

    claim: Claim
    status: str
    computed: float = math.nan
    difference: float = math.nan
    finding: Finding | None = None
    repeats: tuple[Claim, ...] = ()

    @property
    def printings(self) -> tuple[Claim, ...]:
        """The claim and its repeats."""
        return (self.claim, *self.repeats)

    @property
    def is_count(self) -> bool:
        """Whether the number counts patients."""
        return self.claim.unit == COUNT_UNIT

    @property
    def last_digits(self) -> float:
        """How far the number computed is from the printed one, in units of its last digit.

        A whole number where both are rounded alike, a fraction beside a bound such as <.001.
        """
        claim = self.claim
        if claim.comparator not in ROUNDED:
            return self.difference * 10.0**claim.decimals
        apart = round_half_up(self.computed, claim.decimals) - claim.value
        return round_half_up(apart * 10.0**claim.decimals, 0)


@dataclass(frozen=True)
class Tally:
    """How many claims there are of each status; the four add up to the total."""

    reproduced: int = 0
    missed: int = 0
    conflicting: int = 0
    not_computable: int = 0

    @property
    def counts(self) -> tuple[int, ...]:
        """In the order of `STATUSES`."""
        return (self.reproduced, self.missed, self.conflicting, self.not_computable)

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class ConflictSet:
    """Printed numbers that no cohort can meet together, with the finding that says so.

    `unmet` are those that this cohort does not meet.
    """

    finding: Finding
    members: tuple[Compared, ...]

    @property
    def unmet(self) -> tuple[Compared, ...]:
        return tuple(one for one in self.members if one.status == CONFLICTING)


@dataclass(frozen=True)
class Comparison:
    """Every unique claim in the order of the file."""

    claims: tuple[Compared, ...]

    @cached_property
    def counted(self) -> tuple[Compared, ...]:
        """The claims about this cohort: all but context and design."""
        return tuple(one for one in self.claims if one.status != OUT_OF_SCOPE)

    def of_status(self, status: str) -> tuple[Compared, ...]:
        return tuple(one for one in self.claims if one.status == status)

    def tally(self, *, section: str = "", counts: bool = True) -> Tally:
        """Claims by status, of one section or all, with or without the counts of patients."""
        return _tally(
            one
            for one in self.counted
            if section in ("", one.claim.section) and (counts or not one.is_count)
        )

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections with a counted claim, in the order of a report."""
        return in_order(one.claim.section for one in self.counted)

    def of_section(self, section: str) -> tuple[Compared, ...]:
        return tuple(one for one in self.counted if one.claim.section == section)

    @cached_property
    def conflict_sets(self) -> tuple[ConflictSet, ...]:
        """The impossible findings that explain a claim which is not reproduced."""
        findings = dict.fromkeys(one.finding for one in self.claims if one.finding)
        place = {claim.claim_id: one for one in self.claims for claim in one.printings}
        return tuple(
            ConflictSet(finding, tuple(dict.fromkeys(place[name] for name in finding.claims)))
            for finding in findings
        )


def _tally(claims: Iterable[Compared]) -> Tally:
    found = Counter(one.status for one in claims)
    return Tally(*(found[status] for status in STATUSES))


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
    return percent(row.value)


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
    computed_as, printed = (format_fixed(x, claim.decimals) for x in (computed, claim.value))
    return alike([computed_as], [printed])
