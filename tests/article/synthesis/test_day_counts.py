"""Estimates from counts per day equal the report's estimators."""

from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.article.synthesis.survival_goals import (
    count_days,
    log_rank_p,
    median_days,
    survival_with_interval,
)
from analysis_lib.stats.follow_up import reverse_kaplan_meier
from analysis_lib.stats.group_tests import logrank_test
from analysis_lib.stats.kaplan_meier import kaplan_meier

N = 150
GROUPS = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])


@pytest.fixture
def sample() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    return rng.integers(0, 3, size=N), rng.integers(3, 60, size=N) * 9, rng.uniform(size=N) < 0.6


def test_survival_and_interval_equal_kaplan_meier(sample) -> None:
    cells, days, events = sample
    counts = count_days(cells, days, events, GROUPS)
    found = survival_with_interval(counts, [0, 1], [182, 365])
    for group, rows in enumerate((cells == 0, cells > 0)):
        curve = kaplan_meier(days[rows].astype(float), events[rows])
        for month, day in enumerate((182, 365)):
            at = curve.at(day)
            assert [part[group, month] for part in found] == pytest.approx(
                [at.survival, at.ci_low, at.ci_high], rel=1e-10
            )


def test_log_rank_p_equals_the_reports(sample) -> None:
    cells, days, events = sample
    counts = count_days(cells, days, events, GROUPS)
    expected = logrank_test(days.astype(float), events, cells > 0)
    assert log_rank_p(counts, [0], [1])[0] == pytest.approx(expected.p_value, rel=1e-10)


def test_median_day_of_the_censored_equals_reverse_kaplan_meier(sample) -> None:
    cells, days, events = sample
    counts = count_days(cells, days, ~events, GROUPS)
    for group, rows in enumerate((cells == 0, cells > 0)):
        expected = reverse_kaplan_meier(days[rows].astype(float), events[rows])
        assert median_days(counts, [group])[0] == expected.median().estimate
