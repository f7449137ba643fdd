"""The same seed gives the same cohort, and the committed file is one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis.cohort import (
    EMBEDDED_SEED,
    Effort,
    extract_text,
    synthesize,
    write_cohort,
)
from analysis_lib.errors import ClaimsError

COMMITTED = Path(__file__).parents[2] / "data" / "cohort.csv"
SMALL = Effort(survival=400, associations=300, joint=300, attempts=1)


def test_committed_cohort_is_the_embedded_seeds_to_the_byte(
    claims: tuple[Claim, ...], tmp_path: Path
) -> None:
    """The whole search: minutes, and the one slow test of the project."""
    path = tmp_path / "cohort.csv"
    write_cohort(synthesize(EMBEDDED_SEED, claims=claims), path)
    assert path.read_bytes() == COMMITTED.read_bytes()


def test_same_seed_gives_the_same_cohort_and_another_seed_another(
    claims: tuple[Claim, ...],
) -> None:
    first, again, other = (
        extract_text(synthesize(seed, claims=claims, effort=SMALL)) for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


def test_progress_hears_every_step_and_the_searches(claims: tuple[Claim, ...]) -> None:
    heard: list[str] = []
    synthesize(5, claims=claims, effort=SMALL, progress=heard.append)
    assert heard[0] == "baseline"
    assert sum("moves, distance" in text for text in heard) >= 10
    assert "distance" in heard[heard.index("consolidation and covariates") - 1]


def test_a_missing_printed_number_is_named(claims: tuple[Claim, ...]) -> None:
    fewer = tuple(claim for claim in claims if claim.key.analysis != "followup")
    with pytest.raises(ClaimsError, match="reverse_kaplan_meier"):
        synthesize(5, claims=fewer, effort=SMALL)
