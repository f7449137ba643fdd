"""Events placed so that Kaplan-Meier follows a target."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from analysis_lib.article.synthesis.outcome import MONTH, Curve, follow


@pytest.fixture
def curve() -> Curve:
    return Curve.through(0.95, {6: 0.6, 12: 0.4, 22: 0.1})


def test_curve_is_log_linear_between_its_knots(curve: Curve) -> None:
    assert curve.at(0) == 1
    assert curve.at(6 * MONTH) == pytest.approx(0.6)
    assert curve.at(9 * MONTH) == pytest.approx(np.sqrt(0.6 * 0.4))
    assert curve.at(12 * MONTH) == pytest.approx(0.4)


def test_four_events_without_censoring_fall_on_the_middles_of_their_steps() -> None:
    # S(t) = exp(-t / 100): the k-th of 4 steps is halved at S = 7/8, 5/8, 3/8 and 1/8.
    curve = Curve(days=(0.0, 100.0), survival=(1.0, float(np.exp(-1))))
    long = Curve(days=(0.0, 400.0), survival=(1.0, float(np.exp(-4))))
    expected = [int(np.ceil(-100 * np.log(s))) for s in (7 / 8, 5 / 8, 3 / 8, 1 / 8)]
    assert follow(long, events=4, latest=400) == expected
    assert follow(curve, events=1, censored=[500] * 3, latest=400) == expected[:1]


def test_kaplan_meier_of_the_schedule_is_within_half_a_step_of_the_target(curve: Curve) -> None:
    censored = list(range(90, 700, 12))
    fixed = [100, 150, 200]
    events = follow(curve, events=60, fixed=fixed, censored=censored, latest=660)
    times = events + fixed + censored
    observed = [True] * 63 + [False] * len(censored)
    fitted = KaplanMeierFitter().fit(times, observed)
    for months in (3, 6, 9, 12):
        assert fitted.predict(months * MONTH) == pytest.approx(
            float(curve.at(months * MONTH)), abs=0.015
        )


def test_events_keep_to_the_earliest_and_latest_day(curve: Curve) -> None:
    days = follow(curve, events=30, censored=[90] * 5, earliest=42, latest=300)
    assert len(days) == 30
    assert min(days) >= 42
    assert max(days) == 300
    assert days == sorted(days)
