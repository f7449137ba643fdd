"""Reverse Kaplan-Meier: the median follow-up."""

from __future__ import annotations

import numpy as np

from analysis_lib.stats.follow_up import reverse_kaplan_meier
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
