"""What a search aims at: intervals that print as the article does, and the distance to them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis_lib.analyses.results import Key
from analysis_lib.claims import Claim
from analysis_lib.errors import ClaimsError

# The search keeps this share of a printed number's rounding interval away from either end, so
# that nothing hangs on the last bit.
MARGIN = 0.005
# How far a number is from its goal that cannot be estimated.
UNKNOWN = 10.0


@dataclass(frozen=True)
class Goal:
    """An interval for one number; `scale` weighs its distance, on the log scale if `logged`."""

    low: float
    high: float
    scale: float
    logged: bool = False


class Goals:
    """Several goals at once, for numbers in a fixed order."""

    def __init__(self, goals: Sequence[Goal]) -> None:
        self._logged = np.array([goal.logged for goal in goals])
        self._low = np.array([_on_scale(goal.low, goal.logged) for goal in goals])
        self._high = np.array([_on_scale(goal.high, goal.logged) for goal in goals])
        self._scale = np.array([goal.scale for goal in goals])

    def distances(self, values: np.ndarray) -> np.ndarray:
        """How far each number is outside its interval; 0 inside, large where it is not finite."""
        seen = values.copy()
        seen[self._logged] = np.log(np.maximum(values[self._logged], 1e-12))
        outside = np.maximum(np.maximum(self._low - seen, seen - self._high), 0.0)
        return self._scale * np.where(np.isfinite(outside), outside, UNKNOWN)


def printed_goal(claims: Iterable[Claim], key: Key, *, scale: float, logged: bool = False) -> Goal:
    """The interval of numbers that print as the claim of this key does.

    Raises
    ------
    ClaimsError
        No claim has the key.
    """
    claim = next((claim for claim in claims if claim.key == key), None)
    if claim is None:
        words = " ".join(str(part) for part in key if part not in ("", None))
        raise ClaimsError(f"claims: a row with the key {words!r} is needed to build the cohort")
    unit = 0.01 if claim.unit == "%" else 1.0
    if claim.comparator == "<":
        return Goal(0.0, claim.value * unit, scale, logged)
    half = 0.5 * 10.0**-claim.decimals * (1 - 2 * MARGIN)
    return Goal((claim.value - half) * unit, (claim.value + half) * unit, scale, logged)


def _on_scale(bound: float, logged: bool) -> float:
    if not logged:
        return bound
    return math.log(bound) if bound > 0 else -math.inf
