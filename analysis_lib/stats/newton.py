"""The one maximiser of log-likelihoods: Newton-Raphson with halved steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis_lib.stats.inputs import FloatArray

# All in log ratios over the range of a column: what a coefficient may still move by at the end,
# may move by in one step, and the size at which it is taken to run away. Where a likelihood has
# no maximum a step adds about 1, so that at 20 what is left of its score is e^-20.
TOLERANCE = 1e-10
LARGEST_STEP = 2.0
FARTHEST = 20.0
# From here on a maximum may lie at infinity, and has to be looked into.
LARGE = 8.0
MOST_STEPS = 100
_HALVINGS = 30
_ROUNDING = 1e-12


class Point(NamedTuple):
    """Score, information and log-likelihood at some coefficients."""

    score: FloatArray
    information: FloatArray
    log_likelihood: float


Evaluate = Callable[[FloatArray], Point]


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where the steps ended.

    `point` is the likelihood at the last step but one, within the tolerance of the end. `sizes`
    are the coefficients over the ranges of their columns. `singular` says that a step met an
    information without an inverse, `converged` that nothing moved any more.
    """

    coefficients: FloatArray
    point: Point
    sizes: FloatArray
    converged: bool
    singular: bool

    @property
    def is_plain(self) -> bool:
        """Whether it stands still at coefficients that nobody would take for infinite."""
        return self.converged and not (self.sizes > LARGE).any()


def maximise(
    evaluate: Evaluate,
    start: FloatArray,
    *,
    ranges: FloatArray | float = 1.0,
    farthest: FloatArray | float = FARTHEST,
    tolerance: float = TOLERANCE,
    most_steps: int = MOST_STEPS,
) -> Maximum:
    """Coefficients at which the score is zero, from `start` on.

    A step is shortened to 2 over the range of a column and then halved until it does not lower
    the likelihood. A coefficient that reaches `farthest` over its range stays there, while the
    others go on to the maximum that they have beside it; infinite where coefficients are kept
    finite by a penalty or have been found to be.
    """
    ranges = np.broadcast_to(np.where(np.asarray(ranges) > 0, ranges, 1.0), start.shape)
    bound = farthest / ranges
    coefficients, point = start, evaluate(start)
    converged, singular = not len(start), False
    for _ in range(most_steps):
        if converged:
            break
        step, stuck = _step(point, ranges)
        singular |= stuck
        moved = np.clip(coefficients + step, -bound, bound)
        converged = bool(np.abs((moved - coefficients) * ranges).max() < tolerance)
        if not converged:
            moved, point = _halved(evaluate, coefficients, step, point, bound)
        coefficients = moved
    return Maximum(coefficients, point, np.abs(coefficients) * ranges, converged, singular)


def _halved(
    evaluate: Evaluate, before: FloatArray, step: FloatArray, point: Point, bound: FloatArray
) -> tuple[FloatArray, Point]:
    """The first of a step, its half, its quarter and so on that does not lower the likelihood, and
    is not so far that numbers overflow.
    """
    least = point.log_likelihood - _ROUNDING * (1 + abs(point.log_likelihood))
    for _ in range(_HALVINGS):
        moved = np.clip(before + step, -bound, bound)
        with np.errstate(all="ignore"):
            following = evaluate(moved)
        if following.log_likelihood >= least and np.isfinite(following.information).all():
            return moved, following
        step = step / 2
    return before, point


def _step(point: Point, ranges: FloatArray) -> tuple[FloatArray, bool]:
    """The shortened Newton step, and whether the information had no inverse."""
    singular, largest = False, np.inf
    try:
        step = np.linalg.solve(point.information, point.score)
        largest = float(np.abs(step * ranges).max())
    except np.linalg.LinAlgError:
        pass
    if not largest <= LARGEST_STEP:
        step, rank = solve_scaled(point.information, point.score)
        singular = rank < len(step)
        largest = float(np.abs(step * ranges).max())
    return np.asarray(step * min(1.0, LARGEST_STEP / max(largest, 1e-300))), singular


def inverse(matrix: FloatArray) -> FloatArray:
    """The covariance that belongs to an information.

    Raises
    ------
    numpy.linalg.LinAlgError
        The matrix is singular.
    """
    return np.asarray(np.linalg.inv(matrix), dtype=float)


def solve_scaled(matrix: FloatArray, right: FloatArray) -> tuple[FloatArray, int]:
    """The solution in the unit of each column, and the rank of the matrix; the solution stands
    still along what nothing is known of, as a group without events.
    """
    diagonal = np.diag(matrix)
    scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    scaled = matrix / np.outer(scale, scale)
    found, _, rank, _ = np.linalg.lstsq(scaled, right / scale, rcond=1e-10)
    return np.asarray(found / scale), int(rank)
