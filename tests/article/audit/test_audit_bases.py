"""Denominators that are not printed, and conclusions that hang on them."""

from __future__ import annotations

from scipy.stats import chi2_contingency
from small_tables import DICTIONARY, SmallTable, of_subject

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.bases import base_findings, evaluability_findings, kind_findings
from analysis_lib.article.audit.denominators import denominator_findings
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, NOT_CHECKABLE
from analysis_lib.article.audit.percent import same_count_findings
from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key

SIZES = (87, 102)


def pearson(a: int, n: int, b: int, m: int) -> float:
    return float(chi2_contingency([[a, n - a], [b, m - b]], correction=False).pvalue)


def response(totals: tuple[int, int] = (83, 85)) -> SmallTable:
    table = SmallTable(SIZES).outcome("cr_cri", (76, 75), totals, "response_evaluable")
    return table.p("0.47", outcome="cr_cri", base="response_evaluable")


def test_printed_denominators_need_no_solver() -> None:
    assert response().findings(denominator_findings) == []


def test_one_solution_below_the_groups_needs_another_denominator() -> None:
    (found,) = response().denominators("derived").findings(denominator_findings)
    assert found.verdict == NEEDS_ANOTHER
    assert "is 76/83 vs 75/85 (P .474) and nothing else up to 87 and 102" in found.explanation
    assert "4 and 17 of the groups are left out" in found.explanation


def test_one_solution_of_everyone_is_consistent() -> None:
    table = SmallTable(SIZES).outcome("tocilizumab", (61, 68), SIZES)
    table.p("0.61", outcome="tocilizumab").denominators("derived")
    (found,) = table.findings(denominator_findings)
    assert found.verdict == CONSISTENT
    assert found.explanation.endswith("everyone.")


def test_a_p_that_no_denominator_gives_is_impossible() -> None:
    table = SmallTable(SIZES).outcome("tocilizumab", (61, 68), SIZES)
    table.p("0.03", outcome="tocilizumab").denominators("derived")
    (found,) = table.findings(denominator_findings)
    assert found.verdict == IMPOSSIBLE


def test_a_p_of_fishers_test_names_it() -> None:
    table = SmallTable(SIZES).outcome("tocilizumab", (61, 68), SIZES)
    table.p("0.64", outcome="tocilizumab").denominators("derived")
    (found,) = table.findings(denominator_findings)
    assert found.verdict == NEEDS_ANOTHER
    assert "Fisher's exact test (.641)" in found.explanation


def test_a_rate_of_the_evaluable_is_recomputed_over_everyone() -> None:
    (found,) = response().findings(base_findings)
    assert found.verdict == CONSISTENT
    assert "76/87 vs 75/102, P .0181" in found.explanation
    assert "P crosses .05: .0181 instead of the printed .47" in found.consequence
    assert round(pearson(76, 87, 75, 102), 4) == 0.0181


def test_no_consequence_where_the_conclusion_stays() -> None:
    table = SmallTable(SIZES).outcome("crs", (71, 86), (86, 101), "crs_evaluable")
    (found,) = table.p("0.63", outcome="crs", base="crs_evaluable").findings(base_findings)
    assert (found.verdict, found.consequence) == (CONSISTENT, "")


def test_being_evaluable_is_tested_itself() -> None:
    (found,) = response().findings(evaluability_findings)
    assert "4/87 vs 17/102, P .00850" in found.explanation
    assert "Who could be assessed differs" in found.consequence
    (same,) = response((87, 102)).findings(evaluability_findings)
    assert "0/87 vs 0/102" in same.explanation and not same.consequence


def test_a_sentence_about_others_than_the_denominators() -> None:
    table = response().outcome("relapse", (24, 37), SIZES)
    table.p("0.20", outcome="relapse", scope="relapse among responders")
    for group, total in (("naive", 76), ("exposed", 75)):
        key = Key("toxicity", "consolidation_any", f"responders[ino={group}]")
        table.writer.add_share(key, 30, total, base="responders")
    found = of_subject(table.findings(base_findings), "Relapse")
    assert found.verdict == NEEDS_ANOTHER
    assert "24/76 vs 37/75 or 32% and 49%, P .0262" in found.explanation
    assert "P crosses .05" in found.consequence
    table.change(-5, printed="0.026")
    assert of_subject(table.findings(base_findings), "Relapse").verdict == CONSISTENT


def test_one_count_with_two_percents_has_two_denominators() -> None:
    table = SmallTable(SIZES)
    for base, total in (("crs_evaluable", 86), ("crs_affected", 71)):
        key = Key("toxicity", "crs", f"{base}[ino=naive]", "crs_grade_group", "grade_3_4")
        table.writer.add_share(key, 5, total, base=base)
    (found,) = table.findings(same_count_findings)
    assert found.verdict == NEEDS_ANOTHER
    assert "6% in Table is of 77 to 87 patients" in found.explanation
    assert "7% in Table is of 67 to 76 patients" in found.explanation


def test_one_count_with_a_coarser_percent_is_consistent() -> None:
    table = SmallTable(SIZES)
    key = Key("toxicity", "death_30d", "infused[ino=naive]")
    table.writer.add_share(key, 3, 87)
    table.writer.add_share(key, 3, 87, decimals=1)
    (found,) = table.findings(same_count_findings)
    assert found.verdict == CONSISTENT


def test_any_against_none_beside_its_kinds() -> None:
    table = SmallTable(SIZES).outcome("consolidation_any", (37, 20), (76, 75), "responders")
    table.p("0.005", outcome="consolidation_any", base="responders")
    for group, counts, total in (("naive", (20, 11, 6), 76), ("exposed", (10, 7, 3), 75)):
        for kind, count in zip(("allo_hct", "tki", "other"), counts, strict=True):
            population = f"responders[ino={group}]"
            key = Key("toxicity", "consolidation", population, "consolidation", kind)
            table.writer.add_share(key, count, total, base="responders")
    (found,) = table.findings(kind_findings)
    assert found.verdict == CONSISTENT
    assert "by kind, in 4 categories, Pearson's chi-square gives .0473" in found.explanation
    assert "weaker" in found.consequence
    place = [claim.key.statistic for claim in table.claims].index("p_value")
    table.change(place, printed="0.047")
    assert table.findings(kind_findings)[0].verdict == NEEDS_ANOTHER


def test_the_articles_denominators(claims: tuple[Claim, ...]) -> None:
    found = denominator_findings(Article(DICTIONARY, claims))
    expected = {
        "CR or CRi": (NEEDS_ANOTHER, "is 76/83 vs 75/85 (P .474) and nothing else"),
        "CRS of any": (NEEDS_ANOTHER, "is 71/86 vs 86/101 (P .630) and nothing else"),
        "ICANS of any": (NEEDS_ANOTHER, "is 50/87 vs 55/101 (P .678) and nothing else"),
        "consolidation": (CONSISTENT, "76 and 75 are the patients with CR or CRi"),
        "MRD": (NOT_CHECKABLE, "its denominators are not identified"),
        "Relapse": (CONSISTENT, "is 24/87 vs 37/102"),
    }
    for subject, (verdict, text) in expected.items():
        one = of_subject(found, subject)
        assert one.verdict == verdict, subject
        assert text in one.explanation
    assert "55/83 vs 64/85" in of_subject(found, "MRD").explanation


def test_the_articles_text_and_p_value_disagree_on_who_was_evaluable(
    claims: tuple[Claim, ...],
) -> None:
    found = same_count_findings(Article(DICTIONARY, claims))
    icans = of_subject([x for x in found if x.verdict == NEEDS_ANOTHER], "ICANS of any grade")
    assert (
        "37 (36%) in Results, paragraph 3 are both of 102 patients, but P = .68 needs 101"
        in icans.explanation
    )
    two = [x for x in found if "is printed as" in x.explanation and x.verdict == NEEDS_ANOTHER]
    assert [one.explanation.partition("printed as ")[2].partition(":")[0] for one in two] == [
        "15% and 17%",
        "6% and 7%",
        "36% and 67%",
        "25% and 44%",
    ]


def test_the_articles_conclusions_that_cross_05(claims: tuple[Claim, ...]) -> None:
    crossing = [one for one in base_findings(Article(DICTIONARY, claims)) if one.consequence]
    numbers = [one.consequence.partition("crosses .05: ")[2].partition(" instead")[0]
               for one in crossing]  # fmt: skip
    assert dict(zip([one.subject.partition(",")[0] for one in crossing], numbers, strict=True)) == {
        "CRS grade group": ".0460",
        "ICANS grade group": ".104",
        "CR or CRi": ".0181",
        "Relapse": ".0262",
    }
    (response,) = [x for x in evaluability_findings(Article(DICTIONARY, claims)) if x.consequence]
    assert "4/87 vs 17/102, P .00850" in response.explanation
