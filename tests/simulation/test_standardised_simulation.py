"""What `tests/simulate_standardised.py` found, as its file and the page on statistics have it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

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
