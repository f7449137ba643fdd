"""The same seed gives the same cohort, and the committed file is one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.parameters import Parameters
from analysis_lib.synthesis import synthesize, write_cohort
from analysis_lib.synthesis.extract_file import extract_text

COMMITTED = Path(__file__).parents[2] / "data" / "cohort.csv"


def test_committed_cohort_is_the_default_seeds_to_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    write_cohort(synthesize(Parameters().seed), path)
    assert path.read_bytes() == COMMITTED.read_bytes()


def test_same_seed_gives_the_same_cohort_and_another_seed_another() -> None:
    first, again, other = (extract_text(synthesize(seed)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_progress_hears_every_step_once(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    synthesize(5, progress=heard.append)
    assert len(heard) == len(set(heard)) > 5
    assert heard[0] == "baseline"
