"""A few of the random valid cohorts; `make soak` takes some hundred."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_cohorts import random_cohort
from whole_report import check_results, open_extract


@pytest.mark.parametrize("seed", [1, 6, 7])
def test_a_random_valid_cohort_gives_a_results_table(seed: int, tmp_path: Path) -> None:
    given = random_cohort(seed)
    study = open_extract(given.table, tmp_path, given.parameters)
    assert not isinstance(study, str), study
    assert len(check_results(study).rows) > 500


def test_the_same_seed_makes_the_same_cohort() -> None:
    first, second = random_cohort(7), random_cohort(7)
    assert first.table.equals(second.table) and first.parameters == second.parameters
    assert not first.table.equals(random_cohort(8).table)
