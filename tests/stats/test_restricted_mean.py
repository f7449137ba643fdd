"""Restricted means, and differences of two curves at a time, against R; what is refused."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, sqrt

import numpy as np
import pytest
from scipy.stats import norm

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier
from analysis_lib.stats.restricted_mean import (
    restricted_mean,
    restricted_mean_difference,
    survival_difference,
)
from analysis_lib.stats.weighted_kaplan_meier import weighted_kaplan_meier


def test_mean_and_error_match_survmean(data, golden) -> None:
    expected = golden("restricted_mean")
    assert len(expected) > 30
    for row in expected.itertuples():
        table = data(row.data)
        own = table[table[row.by].astype(str) == row.level]
        found = restricted_mean(own["time"], own["event"], row.tau)
        if row.tau > own["time"].max() and not own["event"][own["time"].idxmax()]:
            assert np.isnan(found.estimate)  # R goes on with the last value of the curve
            continue
        np.testing.assert_allclose(found.estimate, row.estimate, rtol=1e-9)
        np.testing.assert_allclose(found.std_error, row.std_error, rtol=1e-9)
        assert found.n == len(own)


def test_four_patients_by_hand() -> None:
    # S is 3/4 from 1, 3/8 from 3 (two at risk); up to 5 the area is 1 + 2 (3/4) + 2 (3/8).
    found = restricted_mean([1.0, 2.0, 3.0, 6.0], [True, False, True, False], 5.0)
    assert found.estimate == pytest.approx(1 + 2 * 0.75 + 2 * 0.375)
    variance = (1.5 + 0.75) ** 2 / (4 * 3) + 0.75**2 / (2 * 1)
    assert found.std_error == pytest.approx(sqrt(variance))
    assert (found.n, found.events) == (4, 2)


def test_without_censoring_it_is_the_mean_of_the_truncated_times() -> None:
    time = np.array([1.0, 2.0, 4.0, 7.0, 9.0])
    for tau in (3.0, 7.0, 12.0):
        found = restricted_mean(time, [True] * 5, tau)
        cut = np.minimum(time, tau)
        assert found.estimate == pytest.approx(cut.mean())
        assert found.std_error == pytest.approx(cut.std() / sqrt(5))
    assert restricted_mean(time, [True] * 5, 12.0).reason == ""


def test_beyond_the_follow_up_nothing_is_estimated_unless_the_curve_has_ended() -> None:
    time, event = [1.0, 2.0, 4.0], [True, True, False]
    assert restricted_mean(time, event, 4.0).estimate == pytest.approx(2 + 1 / 3)
    late = restricted_mean(time, event, 4.01)
    assert np.isnan([late.estimate, late.std_error, late.ci_low, late.ci_high]).all()
    assert late.reason == "follow-up ends before this time"
    assert restricted_mean(time, [True] * 3, 4.01).estimate == pytest.approx(7 / 3)


def test_without_an_event_the_mean_is_known_and_its_error_is_not() -> None:
    found = restricted_mean([5.0, 6.0], [False, True], 4.0)
    assert found.estimate == 4.0
    assert np.isnan(found.std_error) and "no event" in found.reason


def test_the_difference_is_that_of_independent_groups(data) -> None:
    table = data("veteran")
    first, second = (
        restricted_mean(own["time"], own["event"], 300, confidence_level=0.9)
        for own in (table[table["trt"] == 2], table[table["trt"] == 1])
    )
    found = restricted_mean_difference(first, second)
    error = sqrt(first.std_error**2 + second.std_error**2)
    assert found.estimate == first.estimate - second.estimate
    assert found.ci_low == pytest.approx(found.estimate - norm.ppf(0.95) * error)
    assert found.ci_high == pytest.approx(found.estimate + norm.ppf(0.95) * error)
    assert found.p_value == pytest.approx(2 * norm.sf(abs(found.estimate) / error))
    reverse = restricted_mean_difference(second, first)
    assert (reverse.ci_low, reverse.p_value) == (-found.ci_high, found.p_value)


def test_a_group_that_is_not_estimable_leaves_no_difference(data) -> None:
    table = data("lung")
    known = restricted_mean(table["time"], table["event"], 4.0)
    short = restricted_mean([1.0, 2.0], [True, False], 4.0)
    flat = restricted_mean([5.0, 6.0], [False, True], 4.0)
    assert restricted_mean_difference(short, known).reason == "follow-up ends before this time"
    found = restricted_mean_difference(known, flat)
    assert found.estimate == known.estimate - 4.0
    assert np.isnan([found.std_error, found.ci_low, found.p_value]).all()
    assert found.reason == flat.reason


def test_the_error_shrinks_with_the_root_of_the_patients(data) -> None:
    table = data("larynx")
    once = restricted_mean(table["time"], table["event"], 4.0)
    nine = restricted_mean(np.tile(table["time"], 9), np.tile(table["event"], 9), 4.0)
    assert nine.estimate == pytest.approx(once.estimate)
    # Greenwood's d / (n (n - d)) of nine copies is a ninth of that of one.
    assert nine.std_error == pytest.approx(once.std_error / 3)


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(StatisticsError, match="tau must be > 0"):
        restricted_mean([1.0], [True], 0.0)
    found = restricted_mean([1.0, 2.0, 3.0], [True, True, False], 2.0)
    with pytest.raises(StatisticsError, match="compute both with the same"):
        restricted_mean_difference(found, replace(found, tau=3.0))


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
