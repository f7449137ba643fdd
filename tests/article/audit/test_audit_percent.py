"""Percents against counts and denominators, and levels against their column."""

from __future__ import annotations

from dataclasses import replace

from small_tables import DICTIONARY, SmallTable, of_subject

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, NOT_CHECKABLE
from analysis_lib.article.audit.percent import percent_findings
from analysis_lib.article.audit.sums import subgroup_findings, sum_findings, whole_findings
from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key

SEX = {"female": (20, 33), "male": (30, 27)}


def test_a_right_table_gives_one_consistent_finding_a_percent() -> None:
    table = SmallTable().factor("sex", SEX)
    found = table.findings(percent_findings)
    assert [one.verdict for one in found] == [CONSISTENT] * 4
    assert found[0].explanation == "Sex: Female, InO-naïve: 20/50 is 40.0%, printed 40%."
    assert found[0].claims == ("c3", "c2")


def test_bounds_and_ranges_in_names_are_signs() -> None:
    found = SmallTable().factor("ecog", {"ge_2": (20, 33), "0_1": (30, 27)})
    said = {one.explanation.partition(",")[0] for one in found.findings(percent_findings)}
    assert said == {"ecog: \u22652", "ecog: 0\u20131"}


def test_a_percent_that_no_denominator_of_its_column_prints_is_impossible() -> None:
    table = SmallTable().factor("sex", SEX)
    table.change(table.index("proportion", "male", "exposed"), printed="44")
    wrong = of_subject(table.findings(percent_findings), "Male", "InO-exposed")
    assert wrong.verdict == IMPOSSIBLE
    assert wrong.explanation == (
        "Sex: Male, InO-exposed: 27/60 is 45.0%, not the printed 44%; 27 would need a denominator "
        "of 61 or 62."
    )


def test_a_percent_cut_off_instead_of_rounded_is_named() -> None:
    table = SmallTable((51, 60)).factor("sex", {"female": (20, 33), "male": (31, 27)})
    table.change(table.index("proportion", "male"), printed="60")  # 60.8
    wrong = of_subject(table.findings(percent_findings), "Male", "InO-naïve")
    assert "cut off instead of rounded" in wrong.explanation


def test_a_smaller_denominator_explains_a_percent_if_the_whole_column_has_it() -> None:
    # 20/50 is 40.0%, 30/50 is 60.0%; of 48 both are otherwise.
    table = SmallTable().factor("sex", SEX)
    table.change(table.index("proportion", "female"), printed="42")
    table.change(table.index("proportion", "male"), printed="63")
    wrong = of_subject(table.findings(percent_findings), "Female", "InO-naïve")
    assert wrong.verdict == NEEDS_ANOTHER
    assert "needs a denominator of 48" in wrong.explanation


def test_more_patients_than_the_denominator_are_impossible() -> None:
    table = SmallTable().factor("sex", SEX)
    table.change(table.index("count", "male"), printed="53")
    wrong = of_subject(table.findings(percent_findings), "Male", "InO-naïve")
    assert wrong.verdict == IMPOSSIBLE
    assert "53 patients cannot be of 50" in wrong.explanation


def test_a_percent_alone_names_its_whole_numbers() -> None:
    table = SmallTable((50, 300)).factor("sex", {"female": (20, 99)}).percents_only("printed")
    naive, exposed = table.findings(percent_findings)
    assert naive.verdict == exposed.verdict == CONSISTENT
    assert "of 50 patients only 20 would print it" in naive.explanation
    assert "98, 99 or 100 would print it" in exposed.explanation


def test_a_percent_alone_that_no_whole_number_prints() -> None:
    table = SmallTable().factor("sex", {"female": (20, 33)}).percents_only("printed")
    table.change(table.index("proportion", "female"), printed="41")
    (wrong, _) = table.findings(percent_findings)
    assert wrong.verdict == NEEDS_ANOTHER
    assert "no whole number of 50 patients prints 41% (20 would be 40.0%)" in wrong.explanation
    reading = replace(table.claims[2], denominator_source="assumed")
    (unsure,) = percent_findings(Article(DICTIONARY, [reading]))
    assert unsure.verdict == NOT_CHECKABLE


def test_levels_that_lack_a_patient_need_another_denominator() -> None:
    table = SmallTable().factor("sex", {"female": (20, 33), "male": (29, 27)})
    found = table.findings(sum_findings)
    gap = of_subject([one for one in found if one.verdict != CONSISTENT], "Sex")
    assert gap.verdict == NEEDS_ANOTHER
    assert gap.explanation == (
        "Sex, InO-naïve: 20 + 29 = 49 of 50, so the denominator is 49: 1 patient is in no row."
    )


def test_levels_beyond_the_column_are_impossible() -> None:
    table = SmallTable().factor("sex", {"female": (20, 33), "male": (31, 27)})
    (wrong,) = [one for one in table.findings(sum_findings) if one.verdict == IMPOSSIBLE]
    assert "20 + 31 = 51, more than the 50 patients" in wrong.explanation


def test_levels_not_printed_take_the_rest() -> None:
    table = SmallTable().factor("disease_subtype", {"ph_positive": (9, 9), "ph_like": (5, 6)})
    found = table.findings(sum_findings)
    assert {one.verdict for one in found} == {CONSISTENT}
    assert any("the other 36 have a level that is not printed" in x.explanation for x in found)


def test_percents_of_a_column_may_miss_100_by_rounding_only() -> None:
    rows = {"ph_positive": (17, 20), "ph_like": (17, 20), "ph_negative": (17, 20)}
    table = SmallTable((51, 60)).factor("disease_subtype", rows)
    (thirds,) = [x for x in table.findings(sum_findings) if "33 + 33 + 33 = 99%" in x.explanation
                 and "naïve" in x.subject]  # fmt: skip
    assert thirds.verdict == CONSISTENT
    table.change(table.index("proportion", "ph_like"), printed="43")
    wrong = [x for x in table.findings(sum_findings) if x.verdict == IMPOSSIBLE]
    assert ["109%" in one.explanation for one in wrong] == [True]


def test_groups_of_a_column_add_up_to_everyone() -> None:
    table = SmallTable()
    table.writer.add(Key("flow", "", "infused", "infused", statistic="count"), "110", "patients")
    (right,) = table.findings(sum_findings)
    assert right.verdict == CONSISTENT
    assert "50 + 60 = 110, against 110 in all" in right.explanation
    table.change(-1, printed="111")
    (fewer,) = table.findings(sum_findings)
    assert fewer.verdict == NEEDS_ANOTHER and "1 patient in neither" in fewer.explanation
    table.change(-1, printed="109")
    (wrong,) = table.findings(sum_findings)
    assert wrong.verdict == IMPOSSIBLE


def test_grades_add_up_to_any_grade() -> None:
    table = SmallTable().outcome("crs", (40, 45), (50, 60))
    for level, count in (("grade_1_2", 30), ("grade_3_4", 10)):
        key = Key("toxicity", "crs", "crs_affected[ino=naive]", "crs_grade_group", level)
        table.writer.add_share(key, count, 40, base="crs_affected")
    (right,) = table.findings(whole_findings)
    assert right.verdict == CONSISTENT
    assert "by CRS grade group 30 + 10 = 40, against 40 in all" in right.explanation
    table.change(-2, printed="11")
    (wrong,) = table.findings(whole_findings)
    assert wrong.verdict == IMPOSSIBLE


def test_kinds_of_an_any_outcome_add_up(claims: tuple[Claim, ...]) -> None:
    found = whole_findings(Article(DICTIONARY, claims))
    kinds = [one.explanation for one in found if "onsolidation" in one.subject]
    assert ["20 + 11 + 6 = 37" in kinds[0], "10 + 7 + 3 = 20" in kinds[1]] == [True, True]


def test_subgroups_add_up_to_the_group_that_they_divide(claims: tuple[Claim, ...]) -> None:
    found = [one.explanation for one in subgroup_findings(Article(DICTIONARY, claims))]
    assert any("37 + 22 = 59, against 59 in all" in text for text in found)
    assert any(
        "17 + 1 = 18, against 19 in all; the other 1 are among 13 patients" in text
        for text in found
    )
    moved = [
        replace(claim, printed="89", value=89.0)
        if claim.key.level == "active" and "bridging" in claim.key.population
        else claim
        for claim in claims
    ]
    wrong = [
        one for one in subgroup_findings(Article(DICTIONARY, moved)) if one.verdict != CONSISTENT
    ]
    assert [one.verdict for one in wrong] == [IMPOSSIBLE]
    assert "37 + 25 = 62, against 59 in all" in wrong[0].explanation


def test_the_article_has_one_misprinted_percent_and_two_gaps(claims: tuple[Claim, ...]) -> None:
    (misprint,) = [
        one for one in percent_findings(Article(DICTIONARY, claims)) if one.verdict != CONSISTENT
    ]
    assert misprint.verdict == IMPOSSIBLE
    assert misprint.explanation == (
        "Disease subtype: Ph-negative, InO-exposed: 63/102 is 61.8%, not the printed 61% "
        "(which it is if cut off instead of rounded); 62 of 102 would print it, or 63 would need "
        "a denominator of 103 or 104; printed so, the column adds up to exactly 100%."
    )
    gaps = [one.explanation for one in sum_findings(Article(DICTIONARY, claims)) if one.notable]
    assert len(gaps) == 2
    assert "= 86 of 87" in gaps[0] and "= 101 of 102" in gaps[1]
