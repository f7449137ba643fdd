"""The example of the documentation: complete, read without findings, and true to itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.article.audit.finding import IMPOSSIBLE, NEEDS_ANOTHER
from analysis_lib.article.audit.run import audit_claims
from analysis_lib.article.claims.claim import COMPARATORS, DENOMINATOR_SOURCES, OUT_OF_SCOPE, Claim
from analysis_lib.article.claims.read import read_claims
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Results, Row
from analysis_lib.study.study import Study
from analysis_lib.topics.whole import check_vocabulary


@pytest.fixture(scope="module")
def example(root: Path) -> tuple[Claim, ...]:
    return read_claims(root / "tests" / "data" / "example_claims.csv")


def test_it_shows_every_section_that_is_never_compared_and_every_source_of_denominators(
    example: tuple[Claim, ...],
) -> None:
    assert set(OUT_OF_SCOPE) <= {claim.section for claim in example}
    assert {claim.denominator_source for claim in example} == set(DENOMINATOR_SOURCES)
    assert {claim.comparator for claim in example} <= set(COMPARATORS)
    assert {claim.p_scope for claim in example} == {"", "as printed", "Ph+"}
    assert any(claim.unit == "date" for claim in example)


def test_its_keys_use_words_of_the_vocabulary(
    example: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    units = {claim.key: claim.unit for claim in example if claim.in_scope}
    check_vocabulary(
        Results(tuple(Row(key, unit=unit) for key, unit in units.items()), ""), dictionary
    )


def test_every_key_has_a_result_once_the_exposure_is_that_of_the_article(
    example: tuple[Claim, ...],
    study_of: Callable[..., Study],
    results_of: Callable[[Study], Results],
) -> None:
    results = results_of(study_of(exposure="prior_blinatumomab"))
    assert [x.claim_id for x in example if x.in_scope and not results.has(x.key)] == []


def test_its_numbers_can_be_true_together_and_one_p_value_stands_beside_another_contrast(
    example: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    audit = audit_claims(example, dictionary)
    assert len(audit.findings) > 20
    assert audit.of_verdict(IMPOSSIBLE) == ()
    assert {finding.claims[0] for finding in audit.of_verdict(NEEDS_ANOTHER)} == {"text_ph_p"}
