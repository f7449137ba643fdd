from __future__ import annotations

from dataclasses import replace

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.design import design_findings
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, Finding
from analysis_lib.article.audit.run import audit_claims
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary


def changed(claims: tuple[Claim, ...], name: str, printed: str) -> list[Claim]:
    """The claims with one printed number or date replaced."""
    return [
        replace(claim, printed=printed, value=claim.value if "-" in printed else float(printed))
        if claim.claim_id == name
        else claim
        for claim in claims
    ]


def entry(found: list[Finding]) -> list[Finding]:
    return [one for one in found if one.subject == "Last entry and follow-up"]


def test_the_last_month_of_entry_leaves_too_little_follow_up(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    (found,) = entry(design_findings(Article(dictionary, claims)))
    assert found.verdict == CONSISTENT
    assert "31 August 2023 has 60 days until 30 October 2023" in found.explanation
    assert "3 months (91 days)" in found.explanation
    assert "by 31 July 2023" in found.explanation and found.consequence
    assert len(found.claims) == 3


def test_an_entry_that_ends_early_enough_is_not_mentioned(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    for last, lines in (("2023-07", 0), ("2023-07-31", 0), ("2023-08-01", 1)):
        found = design_findings(Article(dictionary, changed(claims, "des_infusion_end", last)))
        assert len(entry(found)) == lines


def test_a_patient_beyond_the_rules_is_impossible(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    kept = design_findings(Article(dictionary, claims))[0]
    assert kept.verdict == CONSISTENT and "18 and 21" in kept.explanation
    broken = design_findings(Article(dictionary, changed(claims, "des_age_min", "20")))[0]
    assert broken.verdict == IMPOSSIBLE
    assert "minimum of 18 breaks the rule of at least 20 years" in broken.explanation


def test_only_the_rules_on_the_design_read_design_claims(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    outside = {claim.claim_id for claim in claims if not claim.in_scope}
    citing = [one for one in audit_claims(claims, dictionary).findings if outside & {*one.claims}]
    assert {one.rule for one in citing} == {"rules of the study", "follow-up and dates"}
