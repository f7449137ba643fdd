"""The written extract: ISO dates, yes or no, empty for missing, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis_lib.article.synthesis.extract import write_cohort
from analysis_lib.errors import OutputError


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "who": ["a", ""],
            "when": [pd.Timestamp("2022-02-03"), pd.NaT],
            "flag": pd.Series([True, None], dtype=object),
            "share": [12.5, np.nan],
            "count": [3.0, 100000.0],
        }
    )


def test_cells_are_written_as_the_dictionary_wants_them(
    frame: pd.DataFrame, tmp_path: Path
) -> None:
    write_cohort(frame, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == (
        b"who,when,flag,share,count\na,2022-02-03,yes,12.5,3\n,,,,100000\n"
    )


def test_only_the_finished_file_is_left_and_it_replaces_the_old_one(
    frame: pd.DataFrame, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old", encoding="utf-8")
    write_cohort(frame, target)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert target.read_text(encoding="utf-8").startswith("who,")


def test_a_missing_folder_is_named(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"out\.csv"):
        write_cohort(frame, tmp_path / "nowhere" / "out.csv")
