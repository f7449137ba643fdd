"""The one maximiser: it finds what is there, and goes back where numbers overflow."""

from __future__ import annotations

import numpy as np

from analysis_lib.stats.inputs import FloatArray
from analysis_lib.stats.newton import Point, maximise


def test_a_quadratic_is_found_in_a_step() -> None:
    def evaluate(at: FloatArray) -> Point:
        return Point(1.5 - at, np.eye(1), float(-((at[0] - 1.5) ** 2) / 2))

    found = maximise(evaluate, np.zeros(1))
    assert found.converged and not found.singular
    np.testing.assert_allclose(found.coefficients, 1.5, rtol=1e-12)


def test_a_step_to_where_the_information_overflows_is_shortened() -> None:
    def evaluate(at: FloatArray) -> Point:
        information = np.full((1, 1), np.nan if at[0] > 1 else 1.0)
        return Point(np.array([3.0 - at[0]]), information, float(3 * at[0] - at[0] ** 2 / 2))

    found = maximise(evaluate, np.zeros(1))
    assert not found.converged
    assert found.coefficients[0] <= 1
