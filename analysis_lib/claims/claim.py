"""One number that an article prints, with the key of the result to set beside it."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.analyses.results import Key

KEY_COLUMNS = Key._fields
COLUMNS = (
    "claim_id", "section", *KEY_COLUMNS, "value", "comparator", "printed_decimals", "unit", "base",
    "denominator", "denominator_source", "p_scope", "source", "note",
)  # fmt: skip
OUT_OF_SCOPE = ("context", "design")


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
