"""Bias, coverage and their errors by hand, and what the committed simulation found."""

from __future__ import annotations

import csv
from math import isnan, sqrt
from pathlib import Path

import numpy as np
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.simulation.performance import performance


def test_performance_recounted_by_hand() -> None:
    estimates, errors = np.array([0.1, -0.3, 0.5, 0.9]), np.array([0.1, 0.2, 0.2, 0.5])
    found = performance(estimates, errors, truth=0.1)
    assert found.bias == pytest.approx(0.3 - 0.1)
    spread = sqrt(((estimates - 0.3) ** 2).sum() / 3)
    assert found.empirical_std_error == pytest.approx(spread)
    assert found.bias_mc_error == pytest.approx(spread / 2)
    # |0| <= .196, |-.4| > .392, |.4| > .392, |.8| <= .98
    assert found.coverage == 0.5
    assert found.coverage_mc_error == pytest.approx(sqrt(0.5 * 0.5 / 4))
    assert found.mean_std_error == pytest.approx(sqrt((0.01 + 0.04 + 0.04 + 0.25) / 4))


def test_cohorts_without_an_estimate_are_left_out_and_counted() -> None:
    found = performance(np.array([0.2, np.nan, 0.4]), np.array([0.1, np.nan, 0.1]), truth=0.3)
    assert (found.replications, found.estimated) == (3, 2)
    assert found.bias == pytest.approx(0.0)
    none = performance(np.array([np.nan]), np.array([np.nan]), truth=0.0)
    assert none.estimated == 0 and isnan(none.bias) and isnan(none.coverage)


def test_a_lower_level_covers_less() -> None:
    rng = np.random.default_rng(5)
    estimates = rng.normal(size=4000)
    levels = [
        performance(estimates, np.ones(4000), truth=0.0, confidence_level=x) for x in (0.5, 0.95)
    ]
    for found, level in zip(levels, (0.5, 0.95), strict=True):
        assert abs(found.coverage - level) < 4 * found.coverage_mc_error


@pytest.mark.parametrize("errors", [[0.1], []])
def test_arrays_must_belong_together(errors: list[float]) -> None:
    estimates = np.zeros(2 * len(errors))
    with pytest.raises(StatisticsError, match="one number per cohort"):
        performance(estimates, np.array(errors), truth=0.0)


RIGHT = {
    "both models right": {"outcome", "iptw", "overlap", "robust"},
    "both models right, no effect": {"outcome", "iptw", "overlap", "robust"},
    "outcome model wrong": {"iptw", "overlap", "robust"},
    "propensity wrong": {"outcome", "robust"},
    "both models wrong": set(),
}
NAMES = {
    "outcome": "standardised",
    "iptw": "inverse-probability weighted",
    "overlap": "overlap-weighted",
    "robust": "doubly robust",
}


@pytest.fixture(scope="module")
def rows(root: Path) -> list[dict[str, str]]:
    path = root / "tests" / "reference" / "golden" / "standardised_simulation.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_scenario_is_there_by_patients_and_the_first_by_centres(
    rows: list[dict[str, str]],
) -> None:
    assert {x["scenario"] for x in rows} == set(RIGHT)
    assert {x["scenario"] for x in rows if x["resampled"] == "centres"} == {"both models right"}
    assert len(rows) == 5 * (len(RIGHT) + 1)


def test_an_estimator_is_unbiased_and_covers_where_a_model_that_it_rests_on_is_right(
    rows: list[dict[str, str]],
) -> None:
    for row in rows:
        off = abs(float(row["bias"])) / float(row["bias_mc_error"])
        if row["estimator"] in RIGHT[row["scenario"]]:
            assert off < 4, row
            assert abs(float(row["coverage"]) - 0.95) < 4 * float(row["coverage_mc_error"]), row
        else:
            assert off > 10, row
            assert float(row["coverage"]) < 0.8, row


def test_the_page_on_statistics_shows_it(root: Path, rows: list[dict[str, str]]) -> None:
    page = (root / "docs" / "explanation" / "statistics.md").read_text(encoding="utf-8")
    for row in rows:
        if row["resampled"] == "patients" and row["estimator"] in NAMES:
            bias, coverage = 100 * float(row["bias"]), 100 * float(row["coverage"])
            line = (
                f"| {row['scenario']} | {NAMES[row['estimator']]} | {bias:.1f} | {coverage:.0f} |"
            )
            assert line in page
