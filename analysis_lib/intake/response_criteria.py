"""What the response to the infusion is judged by, and the bounds of its definition."""

from __future__ import annotations

MARROW_BLASTS_PERCENT = 5.0
ANC_PER_UL = 1000.0
PLATELETS_PER_UL = 100_000.0

MEASURED = (
    "response_marrow_blasts_percent",
    "response_circulating_blasts",
    "response_extramedullary_disease",
    "response_anc_per_ul",
    "response_platelets_per_ul",
)


def says_salvage(level: str) -> bool:
    """Whether a level of consolidation says by its name that it is none."""
    return "salvage" in level.casefold()
