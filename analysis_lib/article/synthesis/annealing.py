"""Simulated annealing: change a cohort move by move until every printed number is met."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis.fate import mark
from analysis_lib.errors import ClaimsError
from analysis_lib.results.rows import Key

Arrays = dict[str, np.ndarray]
NO_RELAPSE = 0


def as_arrays(frame: pd.DataFrame) -> Arrays:
    """A copy of every column; days are whole numbers, and `relapse_day` is 0 without relapse."""
    arrays = {name: frame[name].to_numpy(copy=True) for name in frame}
    arrays["end_day"] = arrays["end_day"].astype(int)
    arrays["relapse_day"] = frame["relapse_day"].fillna(NO_RELAPSE).to_numpy(dtype=int)
    return arrays


def as_frame(arrays: Arrays, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with these columns, and with what their fates say."""
    written = frame.assign(**arrays)
    written["relapse_day"] = written["relapse_day"].where(written["relapse_day"] != NO_RELAPSE)
    return mark(written)


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


Undo = Callable[[], None]
# Of several distances; that of two sets together is the sum of theirs.
Measure = Callable[[np.ndarray], float]
Report = Callable[[str], None]

REPORTS = 8
COLDEST = 0.01


@dataclass(frozen=True)
class Found:
    """What a search found, and the distance that it left."""

    frame: pd.DataFrame
    left: float


class Problem(Protocol):
    """A state that can be changed and judged."""

    def move(self, rng: np.random.Generator) -> Undo | None:
        """Change the state and return the way back; None where the move was not allowed."""

    def distances(self) -> Iterator[np.ndarray]:
        """Distance of every number to its goal, 0 where it is met; in parts, the quickest first."""


@dataclass(frozen=True)
class Phase:
    """A number of moves under one measure of the distances, cooling from `heat` by a constant
    share a move."""

    moves: int
    heat: float
    measure: Measure


def total(distances: np.ndarray) -> float:
    return float(distances.sum())


def emphasise_far(distances: np.ndarray) -> float:
    """Convex: the farthest goals first, which keeps a hazard ratio from settling beyond 1."""
    return float((distances**1.5).sum() / 50)


def anneal(
    problem: Problem, rng: np.random.Generator, phases: Sequence[Phase], *, report: Report
) -> float:
    """Run the phases until every distance is 0 or the moves are spent; return what is left.

    A worse state is taken with probability exp(-rise / heat). The random number is drawn at every
    judgement, so that the last bit of a distance decides nothing about the draws that follow. It
    is drawn before the state is measured: once one part of the distances is beyond what it allows,
    the other parts need not be known.
    """
    spent, planned = 0, sum(phase.moves for phase in phases)
    every = max(planned // REPORTS, 1)
    distances = np.concatenate(list(problem.distances()))
    for phase in phases:
        current = phase.measure(distances)
        for number in range(phase.moves):
            if not distances.any():
                report(f"every goal met after {spent:,} moves")
                return 0.0
            spent += 1
            if spent % every == 0:
                report(f"{spent:,} of {planned:,} moves, distance {total(distances):.1f}")
            undo = problem.move(rng)
            if undo is None:
                continue
            heat = phase.heat * (COLDEST / phase.heat) ** (number / phase.moves)
            allowed = current - heat * np.log(1 - rng.uniform())
            trial = _within(allowed, problem.distances(), phase.measure)
            if trial is None:
                undo()
            else:
                distances, current = trial, phase.measure(trial)
    left = total(distances)
    report(f"distance {left:.2f} left after {spent:,} moves")
    return left


def _within(allowed: float, parts: Iterable[np.ndarray], measure: Measure) -> np.ndarray | None:
    """All parts together, or None as soon as they measure more than is allowed."""
    known: list[np.ndarray] = []
    for part in parts:
        known.append(part)
        if sum(measure(one) for one in known) > allowed:
            return None
    return np.concatenate(known)


def best_of(
    attempts: int,
    rng: np.random.Generator,
    attempt: Callable[[np.random.Generator], Found],
    *,
    report: Report,
) -> pd.DataFrame:
    """Start again from another draft until one attempt leaves nothing; else the nearest of all."""
    found: list[Found] = []
    for number, stream in enumerate(rng.spawn(attempts), start=1):
        report(f"attempt {number} of at most {attempts}")
        found.append(attempt(stream))
        if found[-1].left == 0.0:
            break
    return min(found, key=lambda one: one.left).frame
