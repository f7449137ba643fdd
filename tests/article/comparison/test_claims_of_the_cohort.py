"""The embedded cohort against the article: what its search reached, without the search."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis_lib.article.audit.run import audit_claims
from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.comparison.compare import Comparison, compare
from analysis_lib.article.comparison.published import printed_ratio
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.results.rows import Key, Results
from analysis_lib.study.study import Study
from analysis_lib.topics.specifications.choices import PrintedRatio

ResultsOf = Callable[[Study], Results]
# Printed numbers that contradict the counts printed beside them.
CONFLICTING = {"t1_subtype_ph_negative_ino_exposed_pct", "t1_blast_p"}


@pytest.fixture(scope="module")
def results(study: Study, results_of: ResultsOf) -> Results:
    return results_of(study)


@pytest.fixture(scope="module")
def comparison(study: Study, claims: tuple[Claim, ...], results: Results) -> Comparison:
    return compare(claims, results, audit=audit_claims(claims, study.dictionary))


def test_every_count_of_patients_is_reproduced(comparison: Comparison) -> None:
    compared = [one for one in comparison.counted if one.is_count]
    assert len(compared) == 100
    assert [one.claim.claim_id for one in compared if one.status != "reproduced"] == []
    assert all(one.difference == 0 for one in compared)


def test_tables_and_hazard_ratios_miss_nothing_that_can_be_met(comparison: Comparison) -> None:
    others = {
        one.claim.claim_id: one.status
        for one in comparison.counted
        if one.status != "reproduced" and one.claim.section != "survival"
    }
    assert others == dict.fromkeys(CONFLICTING, "conflicting")


def test_what_the_search_did_not_reach_is_rare_and_near_the_printed_digit(
    comparison: Comparison,
) -> None:
    missed = comparison.of_status("missed")
    assert {one.claim.section for one in missed} == {"survival"}
    assert all(abs(one.last_digits) <= 1.5 for one in missed)
    assert len(missed) == 4


def test_conflicts_come_with_the_numbers_they_contradict(comparison: Comparison) -> None:
    sets = comparison.conflict_sets
    assert {one.claim.claim_id for conflict in sets for one in conflict.unmet} == CONFLICTING
    assert all(len(conflict.finding.claims) > 1 for conflict in sets)
    assert all(conflict.finding.explanation for conflict in sets)


def test_only_claims_of_this_cohort_are_compared(
    comparison: Comparison, claims: tuple[Claim, ...]
) -> None:
    beside = [one.claim.section for one in comparison.of_status("out of scope")]
    assert set(beside) == {"context", "design"}
    assert sum(len(one.printings) for one in comparison.counted) + len(beside) == len(claims)
    assert comparison.tally().total == len(comparison.counted)


def test_the_screen_lets_in_what_the_article_entered_and_nothing_else(results: Results) -> None:
    screened = {
        row.key.variable: row.value
        for row in results.rows
        if row.key.analysis == "cox_univariable" and row.key.statistic == "lr_p_value"
    }
    parameters = Parameters()
    entered = set(parameters.as_published_terms) - set(parameters.forced_terms)
    left_out = set(parameters.candidates) - set(parameters.as_published_terms)
    assert len(entered) == 5 and len(left_out) == 5
    assert {name for name in entered if screened[name] >= parameters.entry_p} == set()
    assert {name for name in left_out if screened[name] < parameters.entry_p} == set()


MODEL_A = Key("cox_as_published_a", "pfs", "responders", "ino", "exposed", "exposed_vs_naive")


def test_the_printed_interval_of_the_articles_model(study):
    assert printed_ratio(study, MODEL_A) == PrintedRatio(1.20, 0.71, 2.03)


def test_what_the_article_does_not_print_is_none(study, study_of):
    assert printed_ratio(study, MODEL_A._replace(outcome="os")) is None
    assert printed_ratio(study_of(claims=""), MODEL_A) is None


def test_an_estimate_without_its_interval_is_none(study_of, write_claims):
    own = {name: getattr(MODEL_A, name) for name in MODEL_A._fields if name != "time_months"}
    change = {**own, "statistic": "hazard_ratio", "value": "1.20", "printed_decimals": "2"}
    path = write_claims({**change, "unit": "", "section": "cox", "claim_id": "hr"})
    assert printed_ratio(study_of(claims=str(path)), MODEL_A) is None
