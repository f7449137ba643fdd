"""Numbers are written as a journal prints them."""

from __future__ import annotations

import copy
import json
import pickle
from functools import partial
from math import inf, isclose, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.format import (
    MINUS,
    NO_BREAK_SPACE,
    digits_beside,
    format_confidence,
    format_count,
    format_count_percent,
    format_fixed,
    format_interval,
    format_months,
    format_number,
    format_p,
    format_p_statement,
    format_percent,
    format_points,
    format_ratio,
    take_notes,
)
from analysis_lib.marks import Placed, PlacedCount


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "<.001"),
        (1e-300, "<.001"),
        (0.00099999, "<.001"),
        (0.001, ".001"),
        (0.0014999, ".001"),
        (0.0015, ".002"),
        (0.0125, ".013"),
        (0.013, ".013"),
        (0.0495, ".0495"),
        (0.05, ".050"),
        (0.0994, ".099"),
        (0.0995, ".10"),
        (0.1, ".10"),
        (0.105, ".11"),
        (0.0494, ".049"),
        (0.0499, ".0499"),
        (0.049996, ".049996"),
        (0.0499999999, "<.05"),
        (0.05, ".050"),
        (0.47, ".47"),
        (0.994, ".99"),
        (0.995, ">.99"),
        (1.0, ">.99"),
        (nan, "not estimable"),
    ],
)
def test_p_values_are_in_journal_style(p: float, text: str) -> None:
    assert format_p(p) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.013, "P = .013"),
        (0.0002, "P < .001"),
        (0.999, "P > .99"),
        (nan, "P not estimable"),
    ],
)
def test_a_p_value_reads_as_a_statement(p: float, text: str) -> None:
    assert format_p_statement(p) == text


@given(st.floats(min_value=0.001, max_value=0.9949))
def test_a_written_p_value_is_the_value_within_its_rounding(p: float) -> None:
    text = format_p(p)
    if text == "<.05":
        assert 0.0499999 < p < 0.05
        return
    half = 0.5 * 10 ** (1 - len(text))
    assert text.startswith(".")
    assert abs(float(text) - p) <= half + 1e-12
    assert (float(text) < 0.05) == (p < 0.05)


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [
        (0.5, 0, "50%"),
        (71 / 86, 0, "83%"),
        (0.125, 0, "13%"),
        (0.285, 0, "29%"),
        (0.005, 0, "1%"),
        (0.0049, 0, "0%"),
        (57 / 200, 0, "29%"),
        (1 / 3, 1, "33.3%"),
        (0.0005, 1, "0.1%"),
        (1.0, 0, "100%"),
        (-0.125, 0, f"{MINUS}13%"),
        (-0.001, 0, "0%"),
        (nan, 0, "not estimable"),
    ],
)
def test_percentages_round_half_up(share: float, digits: int, text: str) -> None:
    assert format_percent(share, digits) == text


def test_every_half_percent_rounds_up_whatever_the_denominator() -> None:
    halves = [(k, n) for n in range(1, 401) for k in range(n) if (200 * k) % n == 0]
    odd = [(k, n) for k, n in halves if (200 * k // n) % 2 == 1]
    assert len(odd) > 100
    assert [format_points(k / n) for k, n in odd] == [str((200 * k // n + 1) // 2) for k, n in odd]


def test_points_carry_no_sign() -> None:
    assert format_points(0.543) == "54"
    assert format_interval(0.43, 0.63, format_points) == "43–63"


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (1.2, "1.20"),
        (0.705, "0.71"),
        (2.675, "2.68"),
        (10, "10.00"),
        (0.005, "0.01"),
        (0.0049, "<0.01"),
        (0.0, "0.00"),
        (inf, "∞"),
        (nan, "not estimable"),
    ],
)
def test_ratios_have_two_decimals(ratio: float, text: str) -> None:
    assert format_ratio(ratio) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.71, 2.03, "0.71–2.03"),
        (0.001, 2.03, "<0.01–2.03"),
        (0.5, inf, "0.50–∞"),
        (nan, nan, "not estimable"),
    ],
)
def test_intervals_of_ratios_use_an_en_dash(low: float, high: float, text: str) -> None:
    assert format_interval(low, high, format_ratio) == text


def test_an_interval_with_a_negative_limit_says_to() -> None:
    assert format_interval(-0.12, 0.05, format_percent) == f"{MINUS}12% to 5%"
    assert format_interval(-0.2, -0.1, format_percent) == f"{MINUS}20% to {MINUS}10%"


def test_an_interval_with_an_open_end_says_to() -> None:
    assert format_interval(7.24, nan, format_months) == "7.2 to not reached"
    assert format_interval(nan, nan, format_months) == "not reached"


@pytest.mark.parametrize(
    ("n", "share", "text"),
    [(71, 71 / 86, "71 (83%)"), (0, 0.0, "0 (0%)"), (0, nan, "0 (–)"), (3, 1.0, "3 (100%)")],
)
def test_a_count_stands_with_its_share(n: int, share: float, text: str) -> None:
    assert format_count_percent(n, share) == text


def test_a_count_with_a_decimal_in_its_share() -> None:
    assert format_count_percent(1, 1 / 8, 1) == "1 (12.5%)"


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0"),
        (9999, "9999"),
        (10_000, f"10{NO_BREAK_SPACE}000"),
        (1_234_567.0, f"1{NO_BREAK_SPACE}234{NO_BREAK_SPACE}567"),
        (-4, f"{MINUS}4"),
    ],
)
def test_counts_group_thousands_from_five_digits(n: float, text: str) -> None:
    assert format_count(n) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (46.0, "46"),
        (46.5, "46.5"),
        (46.25, "46.3"),
        (46.04, "46"),
        (100, "100"),
        (-0.04, "0"),
        (-1.5, f"{MINUS}1.5"),
        (np.float64(3.0), "3"),
        (nan, "not estimable"),
    ],
)
def test_quantities_drop_trailing_zeros(x: float, text: str) -> None:
    assert format_number(x) == text


def test_the_word_for_a_missing_number_is_the_caller_s() -> None:
    assert format_number(nan, missing="–") == "–"
    assert format_months(nan, missing="not estimable") == "not estimable"
    assert format_fixed(nan, 2, missing="") == ""


@pytest.mark.parametrize(
    ("x", "text"), [(11.35, "11.4"), (11.4, "11.4"), (0.04, "0.0"), (nan, "not reached")]
)
def test_months_have_one_decimal(x: float, text: str) -> None:
    assert format_months(x) == text


@pytest.mark.parametrize("zero", [0.0, -0.0, -0.004])
def test_zero_has_no_sign(zero: float) -> None:
    assert format_fixed(zero, 2) == "0.00"


def test_infinities_are_written_as_a_symbol() -> None:
    assert format_fixed(inf, 1) == "∞"
    assert format_fixed(-inf, 1) == f"{MINUS}∞"


@given(st.floats(min_value=-1e6, max_value=1e6), st.integers(0, 4))
def test_a_fixed_number_is_the_value_within_half_a_unit(x: float, digits: int) -> None:
    written = float(format_fixed(x, digits).replace(MINUS, "-"))
    assert abs(written - x) <= 0.5 * 10**-digits + 1e-9 * max(1.0, abs(x))


@given(st.floats(min_value=0, max_value=1), st.integers(0, 3))
def test_percent_and_points_agree(share: float, digits: int) -> None:
    assert format_percent(share, digits) == format_points(share, digits) + "%"
    assert isclose(float(format_points(share, digits)), 100 * share, abs_tol=0.5 * 10**-digits)


def test_a_formatter_with_options_fits_an_interval() -> None:
    one_decimal = partial(format_points, digits=1)
    assert format_interval(0.4321, 0.6349, one_decimal) == "43.2–63.5"


@pytest.mark.parametrize(
    ("level", "text"), [(0.95, "95% CI"), (0.9, "90% CI"), (0.999, "99.9% CI"), (0.5, "50% CI")]
)
def test_an_interval_is_named_by_its_level(level: float, text: str) -> None:
    assert format_confidence(level) == text


def test_a_number_keeps_its_place_in_percent_and_loses_it_in_arithmetic() -> None:
    place = ("toxicity", "crs", "value")
    take_notes()
    format_percent(Placed(0.825, place))
    format_count(PlacedCount(86, place))
    format_fixed(Placed(1.5, place) * 2, 1)
    assert take_notes() == [
        ["83", 82.5, json.dumps(place)],
        ["86", 86.0, json.dumps(place)],
        ["3.0", 3.0],
    ]
    assert pickle.loads(pickle.dumps(Placed(0.5, place))).place == place
    assert copy.deepcopy(PlacedCount(5, place)).place == place


@pytest.mark.parametrize(
    ("x", "bounds", "digits"),
    [(0.0996, (0.1,), 4), (0.1, (0.1,), 2), (0.1004, (0.1,), 4), (0.24, (0.1, 0.25), 2)],
)
def test_as_many_digits_as_show_on_which_side_of_a_bound_it_lies(x, bounds, digits) -> None:
    assert digits_beside(x, 2, *bounds) == digits
