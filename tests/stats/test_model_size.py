"""The size that a model asks for is that of pmsampsize."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.model_size import expected_shrinkage, required_size, risk_margin


def test_patients_and_margin_are_those_of_pmsampsize(root: Path) -> None:
    path = root / "tests" / "reference" / "golden" / "model_size.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(handle)]
    assert len(rows) == 27
    for row in rows:
        found = required_size(int(row["parameters"]), row["event_share"])
        for name in ("for_shrinkage", "for_optimism"):
            assert getattr(found, name) == row[name], (name, row)
        for name in ("r_squared", "largest_r_squared"):
            assert getattr(found, name) == pytest.approx(row[name], rel=1e-6)
        margin = risk_margin(row["events"], row["person_time"], 1.0)
        assert margin == pytest.approx(row["margin"], rel=1e-6)
        assert margin + 1 - 2.718281828459045 ** (-row["events"] / row["person_time"]) == (
            pytest.approx(row["upper"], abs=5e-4)
        )


@pytest.mark.parametrize(("parameters", "share"), [(1, 0.1), (11, 0.54), (40, 1.0)])
def test_the_shrinkage_of_the_size_asked_for_is_the_one_asked_for(parameters, share) -> None:
    patients = required_size(parameters, share).for_shrinkage
    assert expected_shrinkage(patients, parameters, share) == pytest.approx(0.9, abs=0.02)
    assert expected_shrinkage(patients - 1, parameters, share) < 0.9
    assert expected_shrinkage(patients * 10, parameters, share) > 0.98


@pytest.mark.parametrize(("parameters", "share"), [(0, 0.5), (3, 0.0), (3, 1.2)])
def test_a_model_of_nothing_is_refused(parameters, share) -> None:
    with pytest.raises(StatisticsError, match="at least 1 parameter and a share of events"):
        required_size(parameters, share)
