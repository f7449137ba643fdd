"""P values recomputed from the counts, and what they turn out to be of."""

from __future__ import annotations

import pytest
from scipy.stats import chi2_contingency, fisher_exact
from small_tables import DICTIONARY, SmallTable, of_subject

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, NOT_CHECKABLE
from analysis_lib.article.audit.p_values import choice_findings, p_value_findings
from analysis_lib.article.audit.scope import scope_findings
from analysis_lib.article.claims.claim import Claim

SEX = {"female": (20, 33), "male": (30, 27)}


def two_digits(p: float) -> str:
    return f"{p:.2f}"


def test_pearsons_p_of_the_printed_counts_is_consistent() -> None:
    exact = chi2_contingency([[20, 33], [30, 27]], correction=False).pvalue
    table = SmallTable().factor("sex", SEX).p(two_digits(exact), variable="sex")
    (found,) = table.findings(p_value_findings)
    assert found.verdict == CONSISTENT
    assert found.claims == ("c10", "c2", "c4", "c6", "c8")
    assert "Yates' correction" in found.explanation


@pytest.mark.parametrize("test", ["Yates' correction", "Fisher's exact test"])
def test_a_p_of_another_test_names_it(test: str) -> None:
    counts = [[20, 33], [30, 27]]
    yates = chi2_contingency(counts, correction=True).pvalue
    exact = yates if test.startswith("Yates") else fisher_exact(counts).pvalue
    table = SmallTable().factor("sex", SEX).p(f"{exact:.3f}", variable="sex")
    (found,) = table.findings(p_value_findings)
    assert found.verdict == NEEDS_ANOTHER
    assert test in found.explanation


def test_a_p_that_no_test_gives_is_impossible() -> None:
    table = SmallTable().factor("sex", SEX).p("0.93", variable="sex")
    (found,) = table.findings(p_value_findings)
    assert found.verdict == IMPOSSIBLE
    assert "no test of the printed counts gives P = .93" in found.explanation


def test_missing_as_a_level_is_a_reading_of_its_own() -> None:
    rows = {
        "active": (20, 40),
        "cr_mrd_positive_or_unknown": (15, 10),
        "cr_mrd_negative": (10, 9),
        "missing": (5, 1),
    }
    exact = chi2_contingency(list(rows.values()), correction=False).pvalue
    known = chi2_contingency(list(rows.values())[:3], correction=False).pvalue
    table = SmallTable().factor("marrow_status", rows)
    with_missing = table.p(f"{exact:.4f}", variable="marrow_status").findings(p_value_findings)
    assert with_missing[0].verdict == NEEDS_ANOTHER
    assert "3 levels with Missing as one more" in with_missing[0].explanation
    table.change(-1, printed=f"{known:.4f}")
    assert table.findings(p_value_findings)[0].verdict == CONSISTENT


def test_a_patient_in_no_row_may_be_a_level_too() -> None:
    rows = {"female": (20, 33), "male": (24, 26)}
    exact = chi2_contingency([*rows.values(), (6, 1)], correction=False).pvalue
    table = SmallTable().factor("sex", rows).p(f"{exact:.4f}", variable="sex")
    (found,) = table.findings(p_value_findings)
    assert found.verdict == NEEDS_ANOTHER
    assert "those in no row as one more" in found.explanation


def test_another_denominator_that_the_percents_admit_is_found() -> None:
    table = SmallTable((87, 102)).outcome("icans", (50, 55), (87, 102))
    table.p("0.68", outcome="icans")
    (found,) = table.findings(p_value_findings)
    assert found.verdict == NEEDS_ANOTHER
    assert "50/87 vs 55/101 (.678)" in found.explanation
    assert "50/87 vs 55/102 gives .624" in found.explanation


def test_a_reading_of_the_denominators_is_not_called_impossible() -> None:
    table = SmallTable().factor("prior_hct", {"yes": (20, 33)}).percents_only("assumed")
    table.p("0.93", variable="prior_hct")
    (found,) = table.findings(p_value_findings)
    assert found.verdict == NOT_CHECKABLE
    assert "one reading of several" in found.explanation


def test_p_values_of_numbers_are_left_alone() -> None:
    assert SmallTable().p("0.30", variable="age_years").findings(p_value_findings) == []


def test_a_level_alone_has_its_own_p() -> None:
    rows = {"ph_positive": (30, 20), "ph_like": (5, 20), "ph_negative": (15, 20)}
    exact = chi2_contingency(list(rows.values()), correction=False).pvalue
    table = SmallTable().factor("disease_subtype", {"ph_positive": (30, 20)})
    table.p(f"{exact:.3f}", variable="disease_subtype", scope="Ph+ disease")
    (found,) = table.findings(scope_findings)
    alone = chi2_contingency([[30, 20], [20, 40]], correction=False).pvalue
    assert found.verdict == NEEDS_ANOTHER
    assert f"{alone:.5f}"[1:] in found.explanation
    assert "splits of the other patients print it" in found.explanation
    table.change(-1, printed=f"{alone:.4f}")
    assert table.findings(scope_findings)[0].verdict == CONSISTENT


def test_a_changed_conclusion_is_a_consequence() -> None:
    table = SmallTable().factor("disease_subtype", {"ph_positive": (30, 20)})
    table.p("0.07", variable="disease_subtype", scope="Ph+ disease")
    (found,) = table.findings(scope_findings)
    assert "P crosses .05" in found.consequence


def test_a_p_printed_in_a_row_of_the_table_is_no_claim_about_the_row() -> None:
    rows = {"18_to_39": (20, 24), "40_to_59": (15, 26), "ge_60": (15, 10)}
    exact = chi2_contingency(list(rows.values()), correction=False).pvalue
    table = SmallTable().factor("age_group_as_published", rows)
    table.p(two_digits(exact), variable="age_group_as_published", scope="row 18-39")
    (found,) = table.findings(scope_findings)
    assert found.verdict == CONSISTENT
    assert "stands in this row but is that of" in found.explanation


HAND = {  # printed P, and Pearson, Yates and Fisher where the table has two rows
    "Sex": ("P = .83", ".826", ".942", ".883"),
    "Disease subtype, InO-exposed": ("P = .003", ".00253", ".00255"),
    "Race/ethnicity": ("P = .85", ".854", ".867"),
    "Age group": ("P = .80", ".798", ".806"),
    "Extramedullary disease at apheresis, InO-exposed": ("P = .33", ".331", ".425", ".386"),
    "CNS": ("P = .37", ".372", ".482", ".448"),
    "blinatumomab": ("P = .67", ".668", ".779", ".767"),
    "Prior allogeneic HCT, InO-exposed": ("P = .36", ".359", ".442", ".377"),
    "Prior allogeneic HCT, InO-refractory": ("P = .0002", ".000213", ".000533", ".000212"),
    "CRS of any": ("P = .63", ".630", ".779", ".692"),
    "CRS grade": ("P = .05", ".0517", ".0882", ".0580"),
    "ICANS of any": ("P = .68", ".678", ".789", ".769"),
    "ICANS grade": ("P = .02", ".0164", ".0276", ".0192"),
    "Tocilizumab": ("P = .61", ".612", ".726", ".641"),
    "Corticosteroids": ("P = .48", ".484", ".584", ".544"),
    "Anakinra": ("P = .26", ".261", ".342", ".302"),
    "Death within": ("P = .085", ".0853", ".152", ".147"),
    "CR or CRi": ("P = .47", ".474", ".646", ".611"),
    "consolidation": ("P = .005", ".00526", ".00872", ".00709"),
    "Relapse": ("P = .20", ".203", ".264", ".216"),
    "Extramedullary disease at apheresis, Bridging": ("P = .05", ".0492", ".0869", ".0733"),
}


@pytest.mark.parametrize("subject", HAND)
def test_the_articles_p_values_are_those_found_by_hand(
    claims: tuple[Claim, ...], subject: str
) -> None:
    found = of_subject(p_value_findings(Article(DICTIONARY, claims)), subject)
    assert found.verdict == CONSISTENT
    for number in HAND[subject]:
        assert number in found.explanation


def test_the_articles_two_other_p_values(claims: tuple[Claim, ...]) -> None:
    found = p_value_findings(Article(DICTIONARY, claims))
    marrow = of_subject(found, "Marrow status")
    assert marrow.verdict == NEEDS_ANOTHER
    assert "Missing as one more (.0254)" in marrow.explanation
    assert "without Missing gives .0124" in marrow.explanation
    blasts = of_subject(found, "Marrow blasts")
    assert blasts.verdict == IMPOSSIBLE
    for number in ("P = .002", ".00144", ".00145", ".00291"):
        assert number in blasts.explanation


def test_pearson_is_the_articles_test(claims: tuple[Claim, ...]) -> None:
    (found,) = choice_findings(Article(DICTIONARY, claims))
    assert found.verdict == CONSISTENT
    assert "Pearson's chi-square gives 21 (InO-exposed vs InO-naïve 20 of 21" in found.explanation
    assert "Extramedullary disease at apheresis, Bridging InO" in found.consequence


def test_the_articles_p_values_of_levels(claims: tuple[Claim, ...]) -> None:
    wrong = [
        one for one in scope_findings(Article(DICTIONARY, claims)) if one.verdict == NEEDS_ANOTHER
    ]
    alone = {
        one.subject: next(
            number
            for number in (".000599", ".0158", ".0104", ".000198", ".00911")
            if number in one.explanation
        )
        for one in wrong
    }
    assert list(alone.values()) == [".0158", ".000599", ".0104", ".000198", ".00911"]
    assert [bool(one.consequence) for one in wrong] == [False, False, False, False, True]
    assert "abs_marrow_status_p" in wrong[0].claims and "base_active_p" in wrong[0].claims
