"""The same seed gives the same cohort, and the committed file is one of them."""

from __future__ import annotations

import pytest
from made_from import COHORT, made_from, recorded, searched_again

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis.cohort import Effort, synthesize
from analysis_lib.article.synthesis.extract import extract_text
from analysis_lib.errors import ClaimsError

SMALL = Effort(survival=400, associations=300, joint=300, attempts=1)


def test_committed_cohort_is_the_embedded_seeds_to_the_byte() -> None:
    """By the record of the last whole search, which takes ten minutes and is part of the soak."""
    record, today = recorded(), made_from()
    libraries = record.pop("libraries"), today.pop("libraries")
    assert today == record, "changed since the cohort was made; run: make synthesis"
    if len(set(libraries)) > 1:
        assert searched_again() == COHORT.read_bytes(), "other libraries give another cohort"


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
