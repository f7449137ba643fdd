"""One number that an article prints, with the key of the result to set beside it."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.analyses.results import Key
from analysis_lib.claims.columns import OUT_OF_SCOPE

KEY_COLUMNS = Key._fields


@dataclass(frozen=True)
class Claim:
    """One printed number; `value` is `printed` as a number, nan for a date."""

    claim_id: str
    section: str
    key: Key
    printed: str
    value: float
    comparator: str
    decimals: int
    unit: str
    base: str
    denominator: int | None
    denominator_source: str
    p_scope: str
    source: str
    note: str

    @property
    def in_scope(self) -> bool:
        """Whether the number is about this cohort, so that results can be set beside it."""
        return self.section not in OUT_OF_SCOPE
