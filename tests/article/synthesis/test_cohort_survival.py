"""Kaplan-Meier, log-rank and follow-up of the committed rows, by lifelines alone."""

from __future__ import annotations

from datetime import date

import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test

Row = dict[str, str]
MONTH = 30.4375


def course(rows: list[Row], endpoint: str) -> tuple[list[int], list[bool]]:
    """Days and events: relapse or death for PFS, death for OS."""
    times, events = [], []
    for row in rows:
        relapse = row["relapse_date"] if endpoint == "pfs" else ""
        end = date.fromisoformat(relapse or row["last_contact_date"])
        times.append((end - date.fromisoformat(row["infusion_date"])).days)
        events.append(bool(relapse or row["death_date"]))
    return times, events


def members(rows: list[Row], group: str) -> list[Row]:
    if group in ("bridging", "preapheresis"):
        bridged = group == "bridging"
        return [
            r for r in rows if r["ino_response"] and (r["ino_doses_bridging"] != "0") == bridged
        ]
    if group == "exposed":
        return [row for row in rows if row["ino_response"]]
    return [row for row in rows if row["ino_response"] == ("" if group == "naive" else group)]


@pytest.mark.parametrize(
    ("group", "endpoint", "printed"),
    [
        ("naive", "pfs", ["65 54 75", "57 45 68"]),
        ("naive", "os", ["85 75 91", "74 63 83"]),
        ("exposed", "pfs", ["54 43 63", "39 29 50"]),
        ("exposed", "os", ["73 63 80", "54 42 64"]),
        ("responder", "pfs", ["57", "39"]),
        ("responder", "os", ["80", "60"]),
        ("refractory", "pfs", ["36", "30"]),
        ("refractory", "os", ["52", "22"]),
    ],
)
def test_curves_and_intervals_are_within_one_and_a_half_points_of_the_published_ones(
    group: str, endpoint: str, printed: list[str], committed: list[Row]
) -> None:
    fit = KaplanMeierFitter().fit(*course(members(committed, group), endpoint))
    for months, text in zip((6, 12), printed, strict=True):
        day = months * MONTH
        low, high = fit.confidence_interval_.loc[:day].iloc[-1]
        found = [float(fit.predict(day)), float(low), float(high)]
        printed_numbers = [int(number) for number in text.split()]
        for value, number in zip(found, printed_numbers, strict=False):
            assert abs(100 * value - number) < 1.5


@pytest.mark.parametrize(
    ("first", "second", "endpoint", "low", "high"),
    [
        ("naive", "exposed", "pfs", 0.0115, 0.0145),
        ("naive", "exposed", "os", 0.0045, 0.0075),
        ("responder", "refractory", "pfs", 0.0015, 0.0025),
        ("responder", "refractory", "os", 0.0, 0.0001),
        ("preapheresis", "bridging", "pfs", 0.495, 0.525),
        ("preapheresis", "bridging", "os", 0.845, 0.875),
    ],
)
def test_log_rank_tests_are_those_published_or_next_to_them(
    first: str, second: str, endpoint: str, low: float, high: float, committed: list[Row]
) -> None:
    a, b = (course(members(committed, group), endpoint) for group in (first, second))
    assert low <= logrank_test(a[0], b[0], a[1], b[1]).p_value < high


def test_follow_up_is_as_published_and_alike_in_both_arms(committed: list[Row]) -> None:
    medians = []
    for rows in (committed, members(committed, "naive"), members(committed, "exposed")):
        times, events = course(rows, "os")
        reverse = KaplanMeierFitter().fit(times, [not event for event in events])
        medians.append(reverse.median_survival_time_ / MONTH)
    assert 11.25 <= medians[0] < 11.55
    assert abs(medians[1] - medians[2]) <= 0.9
