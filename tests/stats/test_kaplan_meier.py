"""Kaplan-Meier curve: R's survfit, hand recounts, invariants and edges."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.follow_up import reverse_kaplan_meier
from analysis_lib.stats.kaplan_meier import kaplan_meier

COHORTS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=25)
PROPERTY = settings(max_examples=10, deadline=None, derandomize=True)


def arrays(cohort: list[tuple[int, bool]]) -> tuple[np.ndarray, np.ndarray]:
    time, event = zip(*cohort, strict=True)
    return np.array(time, dtype=float), np.array(event, dtype=bool)


def test_landmark_estimates_match_survfit(data, golden) -> None:
    for (name, reverse, level), rows in golden("kaplan_meier").groupby(
        ["data", "reverse", "confidence_level"]
    ):
        estimate = reverse_kaplan_meier if reverse else kaplan_meier
        curve = estimate(data(name)["time"], data(name)["event"], confidence_level=level)
        for row in rows.itertuples():
            found = curve.at(row.time)
            assert (found.at_risk, found.events) == (row.at_risk, row.events), row
            for field in ("survival", "std_error", "ci_low", "ci_high"):
                assert getattr(found, field) == pytest.approx(getattr(row, field), rel=1e-6), row


def test_medians_match_survfit(data, golden) -> None:
    for row in golden("median").itertuples():
        estimate = reverse_kaplan_meier if row.reverse else kaplan_meier
        table = data(row.data)
        curve = estimate(table["time"], table["event"], confidence_level=row.confidence_level)
        expected = (row.estimate, row.ci_low, row.ci_high)
        found = dataclasses.astuple(curve.median())
        assert found == pytest.approx(expected, rel=1e-12, nan_ok=True), row


def test_events_just_after_a_landmark_do_not_count_at_it(data) -> None:
    # Events on days 182 and 183, 365 and 366; six months are 182.625 days, twelve 365.25.
    table = data("landmark")
    curve = kaplan_meier(table["time"], table["event"])
    assert [curve.at(6).events, curve.at(12).events] == [2, 5]
    assert curve.at(6).survival == pytest.approx(0.8)
    # Seven at risk after day 183, one censored on day 200, events on days 300 and 365.
    assert curve.at(12).survival == pytest.approx(0.7 * 4 / 6)
    assert [curve.at(6).at_risk, curve.at(12).at_risk] == [8, 4]


def test_curve_is_right_continuous_and_at_risk_left_continuous() -> None:
    curve = kaplan_meier([1.0, 2.0, 3.0, 4.0], [True, False, True, False])
    assert curve.at(3.0).survival == pytest.approx(0.75 * 0.5)
    assert curve.at(np.nextafter(3.0, 0)).survival == pytest.approx(0.75)
    assert curve.number_at_risk([0, 1, 1.5, 2, 3, 4, 4.1]).tolist() == [4, 4, 3, 3, 2, 1, 0]
    assert curve.censor_times().tolist() == [2.0, 4.0]


def test_greenwood_error_recounted_by_hand() -> None:
    curve = kaplan_meier([1.0, 2.0, 3.0, 4.0], [True, False, True, False])
    by_hand = 0.375 * np.sqrt(1 / (4 * 3) + 1 / (2 * 1))
    assert curve.at(3).std_error == pytest.approx(by_hand)


def test_interval_is_not_estimable_where_survival_is_one_or_zero() -> None:
    curve = kaplan_meier([1.0, 2.0], [True, True])
    start, end = curve.at(0.5), curve.at(2)
    assert (start.survival, end.survival) == (1.0, 0.0)
    assert np.isnan([start.ci_low, start.ci_high, end.ci_low, end.ci_high]).all()


def test_survival_beyond_a_last_censored_time_is_not_estimable() -> None:
    beyond = kaplan_meier([1.0, 2.0], [True, False]).at(2.5)
    assert np.isnan([beyond.survival, beyond.std_error, beyond.ci_low, beyond.ci_high]).all()
    assert (beyond.at_risk, beyond.events) == (0, 1)


def test_survival_beyond_a_last_event_that_took_everyone_is_zero() -> None:
    assert kaplan_meier([1.0, 2.0], [False, True]).at(9).survival == 0.0


def test_median_is_nan_when_not_reached_or_all_censored() -> None:
    assert np.isnan(kaplan_meier([1.0, 2.0, 3.0], [True, False, False]).median().estimate)
    curve = kaplan_meier([1.0, 2.0], [False, False])
    assert np.isnan(dataclasses.astuple(curve.median())).all()
    assert curve.survival.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(("event", "survival", "median"), [(True, 0.0, 5.0), (False, 1.0, np.nan)])
def test_one_patient(event: bool, survival: float, median: float) -> None:
    curve = kaplan_meier([5.0], [event])
    assert curve.at(5).survival == survival
    assert curve.median().estimate == pytest.approx(median, nan_ok=True)


def test_event_on_day_zero_lowers_the_curve_at_zero() -> None:
    assert kaplan_meier([0.0, 1.0], [True, False]).at(0).survival == 0.5


def test_negative_landmark_is_refused() -> None:
    with pytest.raises(StatisticsError, match="-1"):
        kaplan_meier([1.0], [True]).at(-1)


def test_higher_confidence_gives_wider_limits(data) -> None:
    table = data("lung")
    curves = [
        kaplan_meier(table["time"], table["event"], confidence_level=c).at(365) for c in (0.8, 0.99)
    ]
    assert curves[1].ci_low < curves[0].ci_low < curves[0].ci_high < curves[1].ci_high


@PROPERTY
@given(COHORTS)
def test_at_risk_and_survival_agree_with_a_recount_from_the_rows(cohort) -> None:
    time, event = arrays(cohort)
    curve = kaplan_meier(time, event)
    survival = 1.0
    for i, t in enumerate(curve.times):
        at_risk = int((time >= t).sum())
        deaths = int(((time == t) & event).sum())
        survival *= 1 - deaths / at_risk
        assert (curve.at_risk[i], curve.events[i]) == (at_risk, deaths)
        assert curve.number_at_risk([t]).tolist() == [at_risk]
        assert curve.survival[i] == pytest.approx(survival, abs=1e-12)
    assert curve.events.sum() + curve.censored.sum() == len(cohort)


@PROPERTY
@given(COHORTS)
def test_row_order_does_not_matter(cohort) -> None:
    forward, backward = kaplan_meier(*arrays(cohort)), kaplan_meier(*arrays(cohort[::-1]))
    np.testing.assert_array_equal(forward.survival, backward.survival)
    np.testing.assert_array_equal(forward.ci_low, backward.ci_low)


@PROPERTY
@given(COHORTS)
def test_rescaling_time_rescales_the_median_only(cohort) -> None:
    time, event = arrays(cohort)
    days, months = kaplan_meier(time * 30.4375, event), kaplan_meier(time, event)
    np.testing.assert_array_equal(days.survival, months.survival)
    scaled = np.array(dataclasses.astuple(months.median())) * 30.4375
    np.testing.assert_allclose(dataclasses.astuple(days.median()), scaled, rtol=1e-12)


@PROPERTY
@given(COHORTS)
def test_limits_enclose_a_falling_curve(cohort) -> None:
    curve = kaplan_meier(*arrays(cohort))
    assert (np.diff(curve.survival) <= 1e-12).all()
    known = ~np.isnan(curve.ci_low)
    assert (curve.ci_low[known] < curve.survival[known]).all()
    assert (curve.survival[known] < curve.ci_high[known]).all()
    assert (known == ((curve.survival > 0) & (curve.survival < 1))).all()
