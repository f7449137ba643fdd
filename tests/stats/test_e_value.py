"""E-values and detectable ratios: published examples, closed forms, hand calculations, refusals."""

from __future__ import annotations

from math import exp, isnan, log, nan, sqrt

import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.e_value import e_value, minimum_detectable_hazard_ratio


@pytest.mark.parametrize(
    ("ratio", "low", "high", "estimate", "limit"),
    [(3.9, 1.8, 8.7, 7.26, 3.00), (0.80, 0.71, 0.91, 1.81, 1.43)],
)
def test_examples_of_vanderweele_and_ding(ratio, low, high, estimate, limit) -> None:
    found = e_value(ratio, low, high, event_share=0.1)
    assert (round(found.estimate, 2), round(found.limit, 2)) == (estimate, limit)
    assert not found.common


def test_a_common_outcome_is_converted_to_a_risk_ratio_first() -> None:
    found = e_value(0.56, 0.46, 0.69, event_share=0.4)
    for ratio, value in ((0.56, found.estimate), (0.69, found.limit)):
        risk = (1 - 0.5 ** sqrt(ratio)) / (1 - 0.5 ** sqrt(1 / ratio))
        bound = 1 / risk
        assert value == pytest.approx(bound + sqrt(bound * (bound - 1)), rel=1e-12)
    assert found.common and found.estimate < e_value(0.56, 0.46, 0.69, event_share=0.15).estimate


def test_a_ratio_and_its_inverse_need_the_same_confounder() -> None:
    above, below = e_value(2, 1.25, 4, event_share=0.5), e_value(0.5, 0.25, 0.8, event_share=0.5)
    assert above.estimate == pytest.approx(below.estimate)
    assert above.limit == pytest.approx(below.limit)


def test_an_interval_that_contains_1_needs_no_confounder() -> None:
    assert e_value(1.4, 0.9, 2.2, event_share=0.5).limit == 1
    assert e_value(1.0, 0.5, 2.0, event_share=0.5).estimate == 1


def test_what_is_not_estimable_has_no_e_value_and_nonsense_is_refused() -> None:
    assert isnan(e_value(nan, nan, nan, event_share=0.5).estimate)
    for bad in ((-1, 0.5, 2), (1.2, 1.3, 2), (1.2, 0.5, 1.1)):
        with pytest.raises(StatisticsError):
            e_value(*bad, event_share=0.5)


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
