"""Annealing finds a goal, keeps what it undoes, and is the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis_lib.article.synthesis.annealing import (
    Found,
    Phase,
    Undo,
    anneal,
    best_of,
    emphasise_far,
    total,
)


class Sorting:
    """Sort ten numbers by exchanging neighbours; one move in ten is not allowed."""

    def __init__(self) -> None:
        self.values = np.arange(10)[::-1].copy()
        self.refused = self.measured = 0

    def move(self, rng: np.random.Generator) -> Undo | None:
        first = int(rng.integers(9))
        if rng.uniform() < 0.1:
            self.refused += 1
            return None
        pair = [first, first + 1]
        self.values[pair] = self.values[pair[::-1]]

        def undo() -> None:
            self.values[pair] = self.values[pair[::-1]]

        return undo

    def distances(self) -> Iterator[np.ndarray]:
        """The first half, then the second."""
        apart = np.abs(self.values - np.arange(10)).astype(float)
        yield apart[:5]
        self.measured += 1
        yield apart[5:]


PHASES = [Phase(3000, 3.0, emphasise_far), Phase(3000, 1.0, total)]


def run(seed: int) -> tuple[Sorting, float, list[str]]:
    problem, heard = Sorting(), []
    left = anneal(problem, np.random.default_rng(seed), PHASES, report=heard.append)
    return problem, left, heard


def test_the_goal_is_found_and_the_search_stops_there() -> None:
    problem, left, heard = run(1)
    assert left == 0.0
    assert problem.values.tolist() == list(range(10))
    assert problem.refused > 0
    assert heard[-1].startswith("every goal met after ")


def test_what_cannot_be_reached_is_left_and_said() -> None:
    problem, heard = Sorting(), []
    left = anneal(problem, np.random.default_rng(1), [Phase(5, 1e-9, total)], report=heard.append)
    assert left == sum(part.sum() for part in problem.distances()) > 0
    assert heard[-1] == f"distance {left:.2f} left after 5 moves"
    assert sorted(problem.values) == list(range(10))


def test_what_the_first_part_rules_out_is_not_measured_further() -> None:
    problem = Sorting()
    problem.values = np.array([0, 1, 2, 3, 4, 9, 8, 7, 6, 5])
    phases = [Phase(400, 1e-9, total)]
    anneal(problem, np.random.default_rng(1), phases, report=lambda _: None)
    assert 0 < problem.measured < 400 - problem.refused
    assert problem.values[:5].tolist() == [0, 1, 2, 3, 4]


def test_attempts_end_with_the_first_that_leaves_nothing_or_take_the_nearest() -> None:
    def attempts(*left: float) -> tuple[int, int]:
        heard: list[str] = []
        frames = iter([Found(pd.DataFrame({"x": [i]}), one) for i, one in enumerate(left)])
        found = best_of(3, np.random.default_rng(1), lambda _: next(frames), report=heard.append)
        return int(found.at[0, "x"]), len(heard)

    assert attempts(2.0, 0.0, 5.0) == (1, 2)
    assert attempts(2.0, 1.0, 5.0) == (1, 3)


def test_the_same_seed_walks_the_same_way() -> None:
    (_, _, first), (_, _, again), (_, _, other) = run(1), run(1), run(2)
    assert first == again != other


def test_the_convex_measure_weighs_one_far_goal_more_than_two_near_ones() -> None:
    far, near = np.array([10.0, 0.0]), np.array([5.0, 5.0])
    assert emphasise_far(far) > emphasise_far(near)
    assert total(far) == total(near)
