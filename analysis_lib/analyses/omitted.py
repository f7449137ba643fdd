"""A part of the report that does not apply to this cohort, with the reason in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MIME = "application/vnd.cart-report.omitted+json"


@dataclass(frozen=True)
class Omitted:
    """Shown in place of a table, a figure or a sentence; its caption is dropped with it."""

    reason: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {
            MIME: {"reason": self.reason},
            "text/markdown": f"*{self.reason}*",
            "text/plain": self.reason,
        }
