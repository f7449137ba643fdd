"""Follow-up: reverse Kaplan-Meier, and Clark's C, observed over potential person-time."""

from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.follow_up import follow_up_completeness, reverse_kaplan_meier
from analysis_lib.stats.kaplan_meier import kaplan_meier


def test_without_any_event_the_median_follow_up_is_the_median_time() -> None:
    curve = reverse_kaplan_meier([1.0, 2.0, 3.0, 4.0, 5.0], [False] * 5)
    assert curve.median().estimate == 3.0
    assert curve.n_events == 5


def test_when_everyone_has_the_event_follow_up_is_unknown() -> None:
    assert np.isnan(reverse_kaplan_meier([1.0, 2.0], [True, True]).median().estimate)


def test_reversing_twice_gives_the_curve_itself(data) -> None:
    table = data("lung")
    twice = reverse_kaplan_meier(table["time"], ~table["event"])
    once = kaplan_meier(table["time"], table["event"])
    np.testing.assert_array_equal(twice.survival, once.survival)
    assert "reverse" in twice.method


def test_four_patients_by_hand() -> None:
    # Died at 3 of 10, seen to the end, lost at 4 of 8, lost at 5 of 6.
    found = follow_up_completeness(
        [3.0, 9.0, 4.0, 5.0], [True, False, False, False], [10.0, 9.0, 8.0, 6.0]
    )
    assert (found.observed, found.potential, found.n) == (21.0, 26.0, 4)
    assert found.completeness == pytest.approx(21 / 26)


def test_it_is_1_exactly_when_nobody_was_lost() -> None:
    complete = follow_up_completeness([3.0, 9.0], [True, False], [10.0, 9.0])
    assert complete.completeness == 1
    assert follow_up_completeness([3.0, 8.9], [True, False], [10.0, 9.0]).completeness < 1


def test_deaths_alone_do_not_make_follow_up_incomplete() -> None:
    assert follow_up_completeness([1.0, 2.0], [True, True], [24.0, 24.0]).completeness == 1


def test_without_any_possible_time_it_is_unknown() -> None:
    assert np.isnan(follow_up_completeness([0.0], [False], [0.0]).completeness)


def test_more_than_was_possible_is_refused() -> None:
    with pytest.raises(StatisticsError, match=r"8\.0 of 7\.0 at position 1"):
        follow_up_completeness([3.0, 8.0], [True, False], [2.0, 7.0])
