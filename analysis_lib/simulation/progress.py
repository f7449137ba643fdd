"""How a simulation tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

# The stage, the cohorts done, their number, and the seconds that have passed.
Progress = Callable[[str, int, int, float], None]


def no_progress(stage: str, done: int, total: int, seconds: float) -> None:
    """Says nothing."""
