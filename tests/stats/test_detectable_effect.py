"""Schoenfeld's formula: hand calculations and what it must refuse."""

from __future__ import annotations

from math import exp, isnan, log, sqrt

import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.e_value import minimum_detectable_hazard_ratio


def test_a_hundred_events_in_equal_groups_find_a_ratio_of_1_75() -> None:
    # (1.959964 + 0.841621) / sqrt(100 / 4) = 0.560317
    found = minimum_detectable_hazard_ratio(100, 0.5)
    assert found == pytest.approx(exp((1.959963984540054 + 0.8416212335729143) / 5), rel=1e-12)
    assert found == pytest.approx(1.7512, abs=5e-5)


def test_it_inverts_the_number_of_events_that_a_doubled_hazard_asks_for() -> None:
    # Schoenfeld's events for a ratio of 2 in equal groups: (z + z)^2 / (log(2)^2 / 4) = 65.3.
    events = (1.959963984540054 + 0.8416212335729143) ** 2 / (log(2) ** 2 * 0.25)
    assert events == pytest.approx(65.35, abs=0.01)
    assert minimum_detectable_hazard_ratio(65, 0.5) > 2 > minimum_detectable_hazard_ratio(66, 0.5)


def test_unequal_groups_a_higher_level_and_more_power_ask_for_a_larger_ratio() -> None:
    plain = minimum_detectable_hazard_ratio(89, 92 / 173)
    assert plain == pytest.approx(exp(2.8015852181129683 / sqrt(89 * 92 * 81 / 173**2)), rel=1e-12)
    assert minimum_detectable_hazard_ratio(89, 0.2) > plain
    assert minimum_detectable_hazard_ratio(89, 92 / 173, confidence_level=0.99) > plain
    assert minimum_detectable_hazard_ratio(89, 92 / 173, power=0.9) > plain
    assert minimum_detectable_hazard_ratio(89, 81 / 173) == pytest.approx(plain, rel=1e-12)


@pytest.mark.parametrize(("events", "share"), [(0, 0.5), (10, 0.0), (10, 1.0)])
def test_without_events_or_a_second_group_nothing_can_be_found(events: int, share: float) -> None:
    assert isnan(minimum_detectable_hazard_ratio(events, share))


@pytest.mark.parametrize(
    ("events", "share", "options", "message"),
    [
        (-1, 0.5, {}, "events must be >= 0"),
        (10, 1.5, {}, "share must lie in"),
        (10, 0.5, {"power": 1.0}, "power must lie between"),
        (10, 0.5, {"confidence_level": 1.0}, "confidence_level must lie between"),
    ],
)
def test_impossible_values_are_refused(
    events: int, share: float, options: dict[str, float], message: str
) -> None:
    with pytest.raises(StatisticsError, match=message):
        minimum_detectable_hazard_ratio(events, share, **options)
