"""Reference data sets and golden values written by tests/reference/make_reference.R."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[1] / "reference"

ReadTable = Callable[[str], pd.DataFrame]

FACTORS = {
    "veteran": {"celltype": ["squamous", "smallcell", "adeno", "large"]},
    "lung": {"ecog": [0, 1, 2, 3]},
    "lung_months": {"ecog": [0, 1, 2, 3]},
    "larynx": {"stage": [1, 2, 3, 4]},
    "lung_empty": {"ecog": [0, 1, 2, 9]},
    "lung_early": {},
}
COVARIATES = {
    "veteran": ["trt", "karno", "celltype", "age", "prior"],
    "lung": ["age", "sex", "ecog"],
    "lung_months": ["age", "sex", "ecog"],
    "larynx": ["age", "stage"],
    "lung_empty": ["age", "sex", "ecog"],
    "lung_early": ["age", "sex", "early"],
}


@pytest.fixture(scope="session")
def data() -> ReadTable:
    """Read a reference data set; `event` is boolean."""

    def read(name: str) -> pd.DataFrame:
        table = pd.read_csv(REFERENCE / "data" / f"{name}.csv", float_precision="round_trip")
        event = table["death" if name == "larynx" else "event"] == 1
        return table.assign(event=event)

    return read


@pytest.fixture(scope="session")
def golden() -> ReadTable:
    """Read a table of golden values; level columns are text."""

    def read(name: str) -> pd.DataFrame:
        table = pd.read_csv(
            REFERENCE / "golden" / f"{name}.csv",
            float_precision="round_trip",
            dtype={"level": str, "versus": str},
        )
        return table.fillna({"level": ""}) if "level" in table else table

    return read


@pytest.fixture(scope="session")
def model(data: ReadTable) -> Callable[[str], tuple[pd.Series, pd.Series, pd.DataFrame]]:
    """Time, event and typed covariates of a reference Cox model."""

    def read(name: str) -> tuple[pd.Series, pd.Series, pd.DataFrame]:
        table = data(name)
        covariates = table[COVARIATES[name]].copy()
        for factor, levels in FACTORS[name].items():
            covariates[factor] = pd.Categorical(covariates[factor], levels)
        return table["time"], table["event"], covariates

    return read
