"""Fixtures that several folders share: the project, its dictionary and the default study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis_lib.cohort import Study, make_study
from analysis_lib.dictionary import Dictionary, read_dictionary
from analysis_lib.parameters import parse_parameters

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def dictionary() -> Dictionary:
    return read_dictionary(ROOT / "data" / "dictionary.csv")


@pytest.fixture(scope="session")
def study_of() -> Callable[..., Study]:
    """Makes the study of some parameters on the embedded cohort, once each."""
    made: dict[str, Study] = {}

    def make(**parameters: Any) -> Study:
        name = repr(sorted(parameters.items()))
        if name not in made:
            made[name] = make_study(parse_parameters(parameters), root=ROOT)
        return made[name]

    return make


@pytest.fixture(scope="session")
def study(study_of: Callable[..., Study]) -> Study:
    return study_of()


@pytest.fixture
def extract() -> pd.DataFrame:
    """The embedded cohort as text, to be changed and written elsewhere."""
    return pd.read_csv(ROOT / "data" / "cohort.csv", dtype=str, keep_default_na=False)


@pytest.fixture
def write_extract(tmp_path: Path) -> Callable[[pd.DataFrame], Path]:
    def write(frame: pd.DataFrame) -> Path:
        path = tmp_path / "extract.csv"
        frame.to_csv(path, index=False)
        return path

    return write
