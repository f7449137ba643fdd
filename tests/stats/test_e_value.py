"""E-values: the published examples, the closed form, and what an interval around 1 means."""

from __future__ import annotations

from math import isnan, nan, sqrt

import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.e_value import e_value


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
