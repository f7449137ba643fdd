"""Difference of two survival curves at a time: R's values, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier
from analysis_lib.stats.restricted_mean import survival_difference
from analysis_lib.stats.weighted_kaplan_meier import weighted_kaplan_meier

GROUPS = [("veteran", "trt"), ("lung_months", "sex")]


def weigh(n: int) -> np.ndarray:
    """The weights of tests/reference/weighted.R."""
    i = np.arange(n)
    return 0.25 + (7 * i) % 5 / 3 + i % 13 / 10


@pytest.fixture
def curves(data):
    def of(name: str, group: str, weighted: bool) -> list[KaplanMeier]:
        table = data(name)
        weights = weigh(len(table))
        made = []
        for level in sorted(table[group].unique()):
            own = table[group] == level
            time, event = table.loc[own, "time"], table.loc[own, "event"].astype(bool)
            made.append(
                weighted_kaplan_meier(time, event, weights[own])
                if weighted
                else kaplan_meier(time, event)
            )
        return made

    return of


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("name", "group"), GROUPS)
def test_matches_survfit(name, group, weighted, curves, golden) -> None:
    expected = golden("survival_difference").query("data == @name and weighted == @weighted")
    assert len(expected) >= 3
    reference, subject = curves(name, group, weighted)
    for row in expected.itertuples():
        found = survival_difference(subject, reference, row.time)
        got = (found.estimate, found.std_error, found.ci_low, found.ci_high)
        wanted = (row.estimate, row.std_error, row.ci_low, row.ci_high)
        assert got == pytest.approx(wanted, rel=1e-6)


def test_groups_exchanged_change_the_sign(curves) -> None:
    first, second = curves("veteran", "trt", False)
    one, other = (survival_difference(*pair, 90) for pair in ((first, second), (second, first)))
    assert (one.estimate, one.ci_low) == pytest.approx((-other.estimate, -other.ci_high))


def test_after_the_end_of_a_curve_nothing_is_estimated(curves) -> None:
    reference, subject = curves("lung_months", "sex", False)
    end = min(reference.times[-1], subject.times[-1])
    assert isnan(survival_difference(subject, reference, end + 1).estimate)


def test_curves_of_different_levels_are_refused(curves) -> None:
    first, second = curves("veteran", "trt", False)
    with pytest.raises(StatisticsError, match="one confidence level"):
        survival_difference(first, replace(second, confidence_level=0.9), 90)
