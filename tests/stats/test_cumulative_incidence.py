"""Cumulative incidence and Gray's test: R's cmprsk, hand calculations, what is not estimable."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cumulative_incidence import cumulative_incidence
from analysis_lib.stats.gray_test import gray_test
from analysis_lib.stats.kaplan_meier import kaplan_meier

DATA = Path(__file__).parents[1] / "reference" / "data"
FIELDS = ("incidence", "std_error", "ci_low", "ci_high")


def flags(name: str, cause: int) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """A data set of competing risks with the flags of one cause and of the others."""
    table = pd.read_csv(DATA / f"{name}.csv", float_precision="round_trip")
    return table, table["cause"] == cause, ~table["cause"].isin([0, cause])


@pytest.mark.parametrize("name", ["mgus2", "pbc", "pbc_halfyears", "few"])
@pytest.mark.parametrize("cause", [1, 2])
def test_incidence_error_and_limits_match_cuminc(name: str, cause: int, golden) -> None:
    expected = golden("cumulative_incidence").query("data == @name and cause == @cause")
    assert len(expected) >= 6
    table, event, competing = flags(name, cause)
    for level, rows in expected.groupby("confidence_level"):
        found = cumulative_incidence(table["time"], event, competing, confidence_level=level)
        at = [found.at(t) for t in rows["time"]]
        for field in FIELDS:
            values = [getattr(x, field) for x in at]
            np.testing.assert_allclose(values, rows[field], rtol=1e-6, err_msg=field)


@pytest.mark.parametrize("cause", [1, 2])
@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("mgus2", "male"), ("pbc", "edema"), ("pbc", "stage"), ("pbc_halfyears", "edema"),
        ("pbc_halfyears", "stage"), ("few", "group"),
    ],
)  # fmt: skip
def test_gray_matches_cuminc_with_two_to_four_groups(name, by, cause, golden) -> None:
    expected = golden("gray").query("data == @name and by == @by and cause == @cause").iloc[0]
    table, event, competing = flags(name, cause)
    test = gray_test(table["time"], event, competing, table[by])
    assert test.statistic == pytest.approx(expected["statistic"], rel=1e-6)
    assert test.p_value == pytest.approx(expected["p_value"], rel=1e-6)
    assert test.degrees_of_freedom == expected["df"] == table[by].nunique() - 1
    assert sum(test.events) == event.sum() and sum(test.competing) == competing.sum()
    assert test.n == tuple(table[by].value_counts().sort_index())


def test_incidence_recounted_by_hand() -> None:
    # At risk 4, 3, 2, 1: event, competing, censored, event.
    found = cumulative_incidence([1, 2, 3, 4], *_flags("e", "c", "", "e"))
    np.testing.assert_allclose(found.incidence, [0, 1 / 4, 1 / 4, 1 / 4, 3 / 4])
    assert found.times.tolist() == [0, 1, 2, 3, 4]
    assert found.number_at_risk([0, 1, 1.5, 4, 5]).tolist() == [4, 4, 3, 1, 0]
    at = found.at(3.5)
    assert (at.events, at.competing, at.at_risk) == (1, 1, 1)
    # At 4, the event at 1 weighs 1 less what it took from those later: (1 - (1/2) / (3/4)) / 4. The
    # competing event at 2 has 3 at risk, the event at 4 the half that is left.
    parts = [(1 - (1 / 2) / (3 / 4)) / 4, (3 / 4) * (1 / 2) / (1 / 2) / 3, 1 / 2]
    assert found.at(4).std_error == pytest.approx(np.sqrt(sum(x**2 for x in parts)))
    assert found.at(3).std_error == pytest.approx(1 / 4)


def test_both_causes_and_survival_add_up_to_one() -> None:
    table, first, second = flags("pbc_halfyears", 1)
    one = cumulative_incidence(table["time"], first, second)
    two = cumulative_incidence(table["time"], second, first)
    free = kaplan_meier(table["time"], first | second)
    np.testing.assert_allclose(one.incidence + two.incidence + free.survival, 1, atol=1e-12)


def test_without_a_competing_event_it_is_one_minus_kaplan_meier() -> None:
    table, event, _ = flags("pbc", 2)
    nothing = np.zeros(len(table), dtype=bool)
    found = cumulative_incidence(table["time"], event, nothing)
    curve = kaplan_meier(table["time"], event)
    np.testing.assert_allclose(found.incidence, 1 - curve.survival, atol=1e-12)
    # Aalen's error: where Greenwood has d / (Y (Y - 1)) it has d / (Y - 1)^2, untied.
    untied = np.arange(len(table), dtype=float)
    found = cumulative_incidence(untied, event, nothing)
    left = len(table) - untied[:-1] - 1
    expected = (1 - found.incidence[:-1]) ** 2 * np.cumsum(event[:-1] / left**2)
    np.testing.assert_allclose(found.std_error[:-1], np.sqrt(expected), rtol=1e-9)


def test_what_cannot_be_known_is_nan() -> None:
    none = cumulative_incidence([1.0, 2.0], *_flags("c", ""))
    assert none.at(2).incidence == 0 and isnan(none.at(2).ci_low)
    assert isnan(none.at(2.5).incidence)
    everyone = cumulative_incidence([1.0, 2.0], *_flags("e", "e"))
    assert everyone.at(9).incidence == 1 and isnan(everyone.at(9).ci_high)
    event, competing = _flags("e", "c")
    single = gray_test([1.0, 2.0], event, competing, ["a", "a"])
    without = gray_test([1.0, 2.0], [False, False], competing, ["a", "b"])
    assert isnan(single.p_value) and isnan(without.p_value)


def test_wrong_flags_are_refused() -> None:
    with pytest.raises(StatisticsError, match="exclude each other"):
        cumulative_incidence([1.0, 2.0], [True, False], [True, False])
    with pytest.raises(StatisticsError, match="boolean"):
        cumulative_incidence([1.0, 2.0], [1, 0], [False, True])
    with pytest.raises(StatisticsError, match=">= 0"):
        cumulative_incidence([1.0, 2.0], *_flags("e", "c")).at(-1)


def test_gray_does_not_depend_on_the_order_or_the_names_of_the_groups() -> None:
    table, event, competing = flags("pbc_halfyears", 2)
    test = gray_test(table["time"], event, competing, table["stage"])
    order = np.random.default_rng(7).permutation(len(table))
    renamed = table["stage"].map({1: "d", 2: "b", 3: "c", 4: "a"})
    again = gray_test(table["time"][order] * 3.7, event[order], competing[order], renamed[order])
    assert again.statistic == pytest.approx(test.statistic, rel=1e-9)


def _flags(*ends: str) -> tuple[list[bool], list[bool]]:
    return [x == "e" for x in ends], [x == "c" for x in ends]
