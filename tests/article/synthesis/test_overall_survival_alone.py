"""All that the article prints of overall survival holds together: 189 courses do, by lifelines.

The embedded cohort misses two of these numbers by one. With these courses every estimate, limit
and log-rank test of overall survival and the median follow-up print as in the article; what the
cohort has to keep besides is progression-free survival and the hazard ratios of the same patients.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test

COURSES = Path(__file__).parents[2] / "data" / "overall_survival_of_189.csv"
MONTH = 30.4375


@pytest.fixture(scope="module")
def courses() -> pd.DataFrame:
    """Stratum of the response to InO, when it was given, days to death or last contact, death."""
    frame = pd.read_csv(COURSES)
    frame["died"] = frame["died"] == "yes"
    return frame


def members(courses: pd.DataFrame, group: str) -> pd.DataFrame:
    if group == "exposed":
        return courses[courses["response"] != "naive"]
    return courses[courses["ino" if group in ("bridging", "preapheresis") else "response"] == group]


def test_the_groups_are_those_of_the_article(courses: pd.DataFrame) -> None:
    assert courses["response"].value_counts().to_dict() == {
        "naive": 87, "responder": 62, "refractory": 27, "not_reported": 13,
    }  # fmt: skip
    assert courses["ino"].value_counts().to_dict() == {
        "naive": 87, "preapheresis": 74, "bridging": 28,
    }  # fmt: skip
    early = courses["died"] & (courses["days"] <= 30)
    assert [int(early[courses["response"] == "naive"].sum()), int(early.sum())] == [3, 13]
    assert courses.loc[~courses["died"], "days"].min() >= 90


@pytest.mark.parametrize(
    ("group", "printed"),
    [
        ("naive", ["85 75 91", "74 63 83"]),
        ("exposed", ["73 63 80", "54 42 64"]),
        ("responder", ["80", "60"]),
        ("refractory", ["52", "22"]),
    ],
)
def test_estimates_and_limits_print_as_in_the_article(
    group: str, printed: list[str], courses: pd.DataFrame
) -> None:
    rows = members(courses, group)
    fit = KaplanMeierFitter().fit(rows["days"], rows["died"])
    for months, text in zip((6, 12), printed, strict=True):
        day = months * MONTH
        found = [fit.predict(day), *fit.confidence_interval_.loc[:day].iloc[-1]]
        wanted = text.split()
        assert [f"{np.floor(100 * x + 0.5):.0f}" for x in found[: len(wanted)]] == wanted


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ("naive", "exposed", 0.0055, 0.0065),
        ("responder", "refractory", 0.0, 0.0001),
        ("preapheresis", "bridging", 0.855, 0.865),
    ],
)
def test_log_rank_tests_print_as_in_the_article(
    first: str, second: str, low: float, high: float, courses: pd.DataFrame
) -> None:
    a, b = members(courses, first), members(courses, second)
    assert low <= logrank_test(a["days"], b["days"], a["died"], b["died"]).p_value < high


def test_the_median_follow_up_prints_as_in_the_article(courses: pd.DataFrame) -> None:
    reverse = KaplanMeierFitter().fit(courses["days"], ~courses["died"])
    assert 11.35 <= reverse.median_survival_time_ / MONTH < 11.45
