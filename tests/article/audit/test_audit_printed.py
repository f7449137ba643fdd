"""Rounding: which exact values print as a printed number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis_lib.article.audit.printed import (
    counts_printing,
    denominators_printing,
    fractions_printing,
    prints_p,
    prints_percent,
)
from analysis_lib.article.claims.claim import Claim

MakeClaim = Callable[..., Claim]


@pytest.mark.parametrize(
    ("count", "total", "printed", "expected"),
    [
        (71, 86, "83", True),
        (71, 87, "83", False),  # 81.6
        (1, 8, "13", True),  # 12.5 half up
        (1, 8, "12", True),  # 12.5 half to even
        (3, 8, "38", True),  # 37.5 rounds to 38 either way
        (3, 8, "37", False),
        (0, 8, "0", True),
        (8, 8, "100", True),
        (8, 8, "99", False),
    ],
)
def test_a_percent_may_be_rounded_half_up_or_half_to_even(
    claim: MakeClaim, count: int, total: int, printed: str, expected: bool
) -> None:
    assert prints_percent(count, total, claim(value=printed)) is expected


def test_decimals_of_the_percent_count(claim: MakeClaim) -> None:
    percent = claim(value="91.6", printed_decimals="1")
    assert prints_percent(76, 83, percent)
    assert not prints_percent(77, 84, percent)  # 91.67
    assert fractions_printing([percent], at_most=87) == ((76, 83),)


def test_a_bound_is_not_rounded(claim: MakeClaim) -> None:
    over_half = claim(value="50", comparator=">")
    assert prints_percent(102, 189, over_half)
    assert not prints_percent(94, 188, over_half)


def test_counts_and_denominators_of_a_percent(claim: MakeClaim) -> None:
    percent = claim(value="49")
    assert counts_printing([percent], 76) == (37,)
    assert denominators_printing(37, [percent], at_most=87) == (75, 76)
    tenths = claim(value="48.7", printed_decimals="1")
    assert denominators_printing(37, [percent, tenths], at_most=87) == (76,)


@pytest.mark.parametrize(
    ("exact", "printed", "comparator", "expected"),
    [
        (0.474, "0.47", "=", True),
        (0.475, "0.47", "=", True),
        (0.4651, "0.47", "=", True),
        (0.4649, "0.47", "=", False),
        (0.4751, "0.47", "=", False),
        (0.00009, "0.0001", "<", True),
        (0.0001, "0.0001", "<", False),
        (0.06, "0.05", ">", True),
    ],
)
def test_a_p_value_prints_to_its_decimals_or_under_its_bound(
    claim: MakeClaim, exact: float, printed: str, comparator: str, expected: bool
) -> None:
    decimals = str(len(printed) - 2)
    p = claim(
        statistic="p_value",
        value=printed,
        printed_decimals=decimals,
        comparator=comparator,
        unit="",
    )
    assert prints_p(exact, p) is expected
