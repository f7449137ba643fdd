"""The embedded cohort against the article: what its construction must reproduce."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.analyses import all_results
from analysis_lib.claims import Claim
from analysis_lib.cohort import make_study
from analysis_lib.comparison import Compared, Comparison, compare
from analysis_lib.parameters import parse_parameters

ROOT = Path(__file__).parents[2]
SECTIONS = ("flow", "response", "consolidation", "relapse")
TABLES = ("Table 1", "Table 2")


@pytest.fixture(scope="module")
def comparison(claims: tuple[Claim, ...]) -> Comparison:
    study = make_study(parse_parameters({}), root=ROOT)
    return compare(claims, all_results(study))


def counts(comparison: Comparison) -> list[Compared]:
    return [
        one
        for one in comparison.claims
        if one.claim.key.statistic in ("count", "n")
        and (one.claim.section in SECTIONS or one.claim.source in TABLES)
    ]


def test_every_count_of_the_tables_the_flow_and_the_response_is_reproduced(
    comparison: Comparison,
) -> None:
    compared = counts(comparison)
    assert len(compared) == 93
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
        for one in comparison.claims
        if one.claim.key.statistic in ("median", "minimum", "maximum")
        and one.claim.key.analysis != "followup"
    ]
    assert len(quantities) == 37
    assert [one.claim.claim_id for one in quantities if one.status != "reproduced"] == []


def test_only_claims_of_this_cohort_are_compared(comparison: Comparison) -> None:
    assert comparison.tally(sections=["context", "design"]).out_of_scope == 25
    assert comparison.tally().out_of_scope == 25
    assert comparison.tally().total == 394
