"""The embedded cohort against the article: what its construction must reproduce."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.analyses import all_results
from analysis_lib.claims import Claim
from analysis_lib.cohort import make_study
from analysis_lib.comparison import Comparison, compare
from analysis_lib.parameters import parse_parameters

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def comparison(claims: tuple[Claim, ...]) -> Comparison:
    study = make_study(parse_parameters({}), root=ROOT)
    return compare(claims, all_results(study))


def test_every_count_of_patients_is_reproduced(comparison: Comparison) -> None:
    compared = [one for one in comparison.counted if one.is_count]
    assert len(compared) > 90
    assert [one.claim.claim_id for one in compared if one.status != "reproduced"] == []
    assert all(one.difference == 0 for one in compared)


def test_only_the_misprinted_percent_is_missed(comparison: Comparison) -> None:
    missed = [
        one.claim.claim_id
        for one in comparison.claims
        if one.status == "missed" and one.claim.key.statistic == "proportion"
    ]
    assert missed == ["t1_subtype_ph_negative_ino_exposed_pct"]


def test_medians_and_ranges_of_the_tables_and_the_flow_are_reproduced(
    comparison: Comparison,
) -> None:
    quantities = [
        one
        for one in comparison.counted
        if one.claim.key.statistic in ("median", "minimum", "maximum")
        and one.claim.in_scope
        and one.claim.key.analysis != "followup"
    ]
    assert len(quantities) > 30
    assert [one.claim.claim_id for one in quantities if one.status != "reproduced"] == []


def test_only_claims_of_this_cohort_are_compared(
    comparison: Comparison, claims: tuple[Claim, ...]
) -> None:
    beside = [one.claim.section for one in comparison.of_status("out of scope")]
    assert set(beside) == {"context", "design"}
    assert sum(len(one.printings) for one in comparison.counted) + len(beside) == len(claims)
    assert comparison.tally().total == len(comparison.counted)
    assert comparison.tally().not_computable == 0
