"""The hazard by amount of exposure against R, and where there is too little for a curve."""

from __future__ import annotations

import csv
from math import log2, nan

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.amount_response import AmountResponse, amount_response

NUMBERS = {
    "hazard_ratio": "hazard_ratio",
    "hazard_ratio_ci_low": "ci_low",
    "hazard_ratio_ci_high": "ci_high",
    "p_value": "p_value",
}
AT = {"at_quartile_1": log2(50), "at_median": log2(60), "at_quartile_3": log2(68)}


@pytest.fixture(scope="module")
def trial(root):
    return pd.read_csv(root / "tests" / "reference" / "data" / "veteran.csv")


def _fitted(trial: pd.DataFrame, amount: pd.Series) -> AmountResponse:
    return amount_response(trial["time"], trial["event"] == 1, trial[["karno", "prior"]], amount)


@pytest.fixture(scope="module")
def found(trial) -> AmountResponse:
    return _fitted(trial, np.log2(trial["age"]).where(trial["trt"] == 2))


def test_line_curve_and_ratios_are_those_of_r_on_veteran(root, found) -> None:
    path = root / "tests" / "reference" / "golden" / "drug.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [x for x in csv.DictReader(file) if x["data"] == "veteran"]
    assert len(rows) == 19
    tests = {"line": found.line, "curve": found.curve, "bend": found.bend}
    for row in rows:
        if row["level"] in tests:
            got = tests[row["level"]].p_value
        else:
            at = AT.get(row["level"])
            term = found.per_unit if at is None else found.against_unexposed(at)
            got = getattr(term, NUMBERS[row["statistic"]])
        assert got == pytest.approx(float(row["value"]), rel=1e-6), row


def test_the_tests_add_up_and_count_their_degrees(found) -> None:
    assert found.curve.statistic == pytest.approx(found.line.statistic + found.bend.statistic)
    degrees = (found.line, found.curve, found.bend)
    assert [x.degrees_of_freedom for x in degrees] == [1, 2, 1]
    assert found.exposed == 68
    assert found.curved is not None


def test_another_unit_of_the_amount_changes_its_line_alone(trial, found) -> None:
    scaled = _fitted(trial, 10 * np.log2(trial["age"]).where(trial["trt"] == 2) + 7)
    assert scaled.per_unit.coefficient == pytest.approx(found.per_unit.coefficient / 10)
    assert scaled.curve.p_value == pytest.approx(found.curve.p_value)
    at = found.against_unexposed(log2(55))
    assert scaled.against_unexposed(10 * log2(55) + 7).ci_low == pytest.approx(at.ci_low)


def test_two_amounts_have_a_line_and_no_curve(trial) -> None:
    found = _fitted(trial, (trial["age"] > 60).astype(float).where(trial["trt"] == 2))
    assert (found.curved, found.curve, found.bend) == (None, None, None)
    assert found.line.p_value > 0
    assert not found.against_unexposed(1.0).estimable


def test_without_an_amount_there_is_nothing_to_fit(trial) -> None:
    with pytest.raises(StatisticsError, match="amount must be known for somebody"):
        _fitted(trial, pd.Series(nan, index=trial.index))
