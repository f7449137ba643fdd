"""The maximiser: halved steps, what runs away, and what nothing is known of."""

from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.stats.newton import FARTHEST, Point, maximise


def quartic(at: np.ndarray) -> Point:
    """-(b - 3)^4 - b^2 / 100: a full step from far away overshoots."""
    (b,) = at
    score = -4 * (b - 3) ** 3 - b / 50
    return Point(
        np.array([score]), np.array([[12 * (b - 3) ** 2 + 0.02]]), -((b - 3) ** 4) - b**2 / 100
    )


def logistic(at: np.ndarray) -> Point:
    """Rises for ever in the first coefficient, and has its maximum at 1 in the second."""
    left = 1 / (1 + np.exp(at[0]))
    information = np.diag([left * (1 - left), 2.0])
    return Point(
        np.array([left, 2 * (1 - at[1])]), information, float(np.log1p(-left) - (at[1] - 1) ** 2)
    )


def test_the_likelihood_never_falls_and_the_score_is_zero_at_the_end() -> None:
    seen: list[float] = []

    def watched(at: np.ndarray) -> Point:
        seen.append(float(at[0]))
        return quartic(at)

    found = maximise(watched, np.array([-8.0]))
    assert found.converged and not found.singular
    assert quartic(found.coefficients).score[0] == pytest.approx(0, abs=1e-9)
    assert max(np.abs(np.diff(seen))) <= 2.0


def test_what_runs_away_stops_at_the_bound_and_the_others_arrive() -> None:
    found = maximise(logistic, np.zeros(2), ranges=np.array([2.0, 1.0]))
    assert found.converged and not found.is_plain
    assert found.sizes[0] == pytest.approx(FARTHEST)
    assert found.coefficients == pytest.approx([FARTHEST / 2, 1.0])


def test_without_a_bound_it_goes_on_and_says_that_it_did_not_arrive() -> None:
    found = maximise(logistic, np.zeros(2), farthest=np.inf)
    assert not found.converged
    assert found.coefficients[0] > FARTHEST


def test_a_direction_of_which_nothing_is_known_is_left_alone() -> None:
    def flat(at: np.ndarray) -> Point:
        return Point(np.array([1 - at[0], 0.0]), np.diag([1.0, 0.0]), -((at[0] - 1) ** 2) / 2)

    found = maximise(flat, np.zeros(2))
    assert found.coefficients == pytest.approx([1.0, 0.0])
    assert found.singular


def test_no_coefficient_is_a_maximum() -> None:
    nothing = Point(np.empty(0), np.empty((0, 0)), -3.0)
    found = maximise(lambda at: nothing, np.empty(0))
    assert found.is_plain and found.point.log_likelihood == -3.0


def test_a_step_to_where_the_information_overflows_is_shortened() -> None:
    def evaluate(at: np.ndarray) -> Point:
        information = np.full((1, 1), np.nan if at[0] > 1 else 1.0)
        return Point(np.array([3.0 - at[0]]), information, float(3 * at[0] - at[0] ** 2 / 2))

    found = maximise(evaluate, np.zeros(1))
    assert not found.converged
    assert found.coefficients[0] <= 1
