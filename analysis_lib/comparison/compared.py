"""What a comparison holds: every claim with its status, counts of them, sets in conflict."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from analysis_lib.audit import Finding
from analysis_lib.claims import Claim
from analysis_lib.comparison.sections import in_order
from analysis_lib.format import round_half_up

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
