"""The shipped claims, the dictionary, and small claims files and results to compare."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.analyses.results import Key, Results, Row
from analysis_lib.claims import Claim, read_claims
from analysis_lib.claims.claim import COLUMNS

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "data" / "published.csv"
PERCENT = {
    "claim_id": "crs_pct",
    "section": "toxicity",
    "analysis": "toxicity",
    "outcome": "crs",
    "population": "crs_evaluable",
    "statistic": "proportion",
    "value": "83",
    "comparator": "=",
    "printed_decimals": "0",
    "unit": "%",
    "source": "Table 2",
}

WriteClaims = Callable[..., Path]
MakeClaim = Callable[..., Claim]
MakeResults = Callable[..., Results]


@pytest.fixture(scope="session")
def claims() -> tuple[Claim, ...]:
    return read_claims(PUBLISHED)


@pytest.fixture
def write_claims(tmp_path: Path) -> WriteClaims:
    """Write lines that differ from a valid one by the given columns; `drop` leaves one out."""

    def write(*changes: dict[str, str], drop: str = "") -> Path:
        path = tmp_path / "claims.csv"
        columns = [column for column in COLUMNS if column != drop]
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, columns, restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows({**PERCENT, **change} for change in changes)
        return path

    return write


@pytest.fixture
def claim(write_claims: WriteClaims) -> MakeClaim:
    """One claim: the percent of patients with CRS, with the given columns changed."""

    def make(**change: str) -> Claim:
        return read_claims(write_claims(change))[0]

    return make


@pytest.fixture
def results_with() -> MakeResults:
    """Results of one row that has a claim's key."""

    def make(claim: Claim, value: float, unit: str = "proportion") -> Results:
        return Results((Row(claim.key, value, unit), Row(Key("flow"), 1.0, "patients")), "label")

    return make
