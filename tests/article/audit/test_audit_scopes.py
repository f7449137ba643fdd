"""What a P value may be of: rows of its own key, others of the file, a level that is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_tables import DICTIONARY, SmallTable, of_subject
from writing_articles import CONTRAST, GROUPS, Writer

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, NOT_CHECKABLE
from analysis_lib.article.audit.p_values import p_value_findings
from analysis_lib.article.audit.scope import scope_findings
from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key


def graded(p: str, *, variable: str = "") -> SmallTable:
    """CRS of any grade in 40/50 and 45/60, of grade 3 or 4 in 3/50 and 14/60, and a P value."""
    table = SmallTable().outcome("crs", (40, 45), (50, 60))
    for name, counts, total in zip(GROUPS, ((37, 3), (31, 14)), (50, 60), strict=True):
        for level, count in zip(("grade_1_2", "grade_3_4"), counts, strict=True):
            key = Key("toxicity", "crs", f"infused[ino={name}]", "crs_grade_group", level)
            table.writer.add_share(key, count, total)
    return table.p(p, outcome="crs", variable=variable)


# R: of 3/50 v 14/60 chisq.test gives .0123, with Yates' correction .0251, fisher.test .0161.
@pytest.mark.parametrize(
    ("printed", "test"),
    [
        ("0.012", "Pearson's chi-square"),
        ("0.025", "Yates' correction"),
        ("0.016", "Fisher's exact test"),
    ],
)
@pytest.mark.parametrize("variable", ["", "crs_grade_group"])
def test_counts_of_a_grade_explain_a_p_value_keyed_to_the_outcome_or_to_the_grades(
    printed: str, test: str, variable: str
) -> None:
    (found,) = graded(printed, variable=variable).findings(p_value_findings)
    assert found.verdict == NEEDS_ANOTHER, found.explanation
    assert f"{test} of " in found.explanation and "3/50 vs 14/60" in found.explanation
    assert "tests tried" in found.explanation


def test_counts_of_the_outcome_explain_a_p_value_keyed_to_its_grades() -> None:
    table = graded("0.53", variable="crs_grade_group")  # of 40/50 v 45/60
    (found,) = table.findings(p_value_findings)
    assert found.verdict == NEEDS_ANOTHER
    assert "CRS of any grade alone, 40/50 vs 45/60" in found.explanation


def test_a_p_value_of_no_row_of_the_outcome_is_impossible() -> None:
    (found,) = graded("0.0001").findings(p_value_findings)
    assert found.verdict == IMPOSSIBLE


def test_a_p_value_of_the_level_that_its_words_name_needs_nothing_else() -> None:
    table = graded("0.016", variable="crs_grade_group")
    table.change(-1, p_scope="grade 3 or higher")
    (scoped,) = table.findings(scope_findings)
    assert (
        scoped.verdict == CONSISTENT and "Fisher's exact test (3/50 vs 14/60" in scoped.explanation
    )
    assert table.findings(p_value_findings) == []


def test_rows_of_another_outcome_explain_nothing() -> None:
    table = graded("0.012")
    table.writer.claims = [
        replace(c, key=c.key._replace(outcome="icans")) if c.key.variable else c
        for c in table.claims
    ]
    (found,) = table.findings(p_value_findings)
    assert found.verdict == NEEDS_ANOTHER
    assert "a test of grades that are not printed" in found.explanation


def test_the_upper_grades_together_are_one_reading() -> None:
    rows = {"2": (15, 10), "4": (1, 8), "1": (20, 21), "3": (3, 10)}  # in any order
    table = SmallTable()
    for level, counts in rows.items():
        for name, count, total in zip(GROUPS, counts, (50, 60), strict=True):
            key = Key("toxicity", "crs", f"infused[ino={name}]", "crs_grade", level)
            table.writer.add_share(key, count, total)
    # Of grade 3 or 4, 4/50 v 18/60: Yates .00847.
    found = of_subject(
        table.p("0.008", outcome="crs", variable="crs_grade").findings(p_value_findings)
    )
    assert found.verdict == NEEDS_ANOTHER
    assert "Yates' correction of 3 and above alone, 4/50 vs 18/60" in found.explanation


def test_nobody_against_nobody_has_fishers_p_of_one() -> None:
    (found,) = (
        SmallTable()
        .outcome("crs", (0, 0), (50, 60))
        .p("1.00", outcome="crs")
        .findings(p_value_findings)
    )
    assert found.verdict == CONSISTENT
    assert "chi-square of 0/50 vs 0/60 is not defined, Fisher's exact test" in found.explanation
    other = SmallTable().outcome("steroids", (0, 0), (50, 60)).p("0.50", outcome="steroids")
    assert other.findings(p_value_findings)[0].verdict == IMPOSSIBLE


def attached(*, scope: str, order: tuple[str, ...]) -> list[Claim]:
    """The sexes and prior HCT in both groups and a P value of the sexes, in any order of lines."""
    writer = SmallTable().writer
    for variable in order:
        if variable == "p":
            key = Key("baseline_by_exposure", "", "infused", "sex", "", CONTRAST)
            writer.add(key._replace(statistic="p_value"), "0.90")
            writer.claims[-1] = replace(writer.claims[-1], p_scope=scope)
            continue
        levels = {"sex": ("female", "male"), "prior_hct": ("yes", "no")}[variable]
        for level, counts in zip(levels, ((20, 25), (30, 35)), strict=True):
            for name, count, total in zip(GROUPS, counts, (50, 60), strict=True):
                population = f"infused[ino={name}]"
                key = Key("baseline_by_exposure", "", population, variable, level)
                writer.add_share(key, count, total)
    return writer.claims


ORDERS = [("sex", "prior_hct", "p"), ("prior_hct", "p", "sex"), ("p", "sex", "prior_hct")]


@pytest.mark.parametrize("order", ORDERS)
def test_a_sentence_attaches_a_p_value_only_to_a_level_that_its_words_name(
    order: tuple[str, ...],
) -> None:
    (found,) = scope_findings(Article(DICTIONARY, attached(scope="female patients", order=order)))
    assert found.subject.startswith("Sex: Female")
    for scope in ("as printed", "", "the whole table", "sex"):
        claims = attached(scope=scope, order=order)
        assert scope_findings(Article(DICTIONARY, claims)) == []


@pytest.mark.parametrize(("printed", "test"), [("0.97", ""), ("1.00", "Fisher's exact test")])
def test_a_level_that_is_named_is_tried_under_every_named_test(printed: str, test: str) -> None:
    """R: of 20/50 v 25/60 chisq.test gives .859 without and 1 with the correction."""
    claims = attached(scope="female patients", order=ORDERS[0])
    place = next(i for i, claim in enumerate(claims) if claim.key.statistic == "p_value")
    claims[place] = replace(claims[place], printed=printed, value=float(printed))
    (found,) = scope_findings(Article(DICTIONARY, claims))
    assert found.verdict == (CONSISTENT if test else NEEDS_ANOTHER), found.explanation
    assert not test or "stands beside this level, which alone gives it under" in found.explanation


def test_words_that_name_two_levels_alike_attach_to_neither() -> None:
    claims = attached(scope="female or male", order=ORDERS[0])
    assert scope_findings(Article(DICTIONARY, claims)) == []


def test_a_p_value_whose_words_name_no_level_is_still_spoken_of() -> None:
    writer = Writer()
    key = Key("baseline_by_exposure", "", "infused[ino=naive]", "race_ethnicity", "black")
    for name in GROUPS:
        writer.add_share(key._replace(population=f"infused[ino={name}]"), 5, 50)
    test = Key("baseline_by_exposure", "", "infused", "race_ethnicity", "", CONTRAST)
    writer.add(test._replace(statistic="p_value"), "0.60")
    writer.claims[-1] = replace(writer.claims[-1], p_scope="ethnic background")
    (found,) = p_value_findings(Article(DICTIONARY, writer.claims))
    assert found.verdict == NOT_CHECKABLE and "only Black is printed" in found.explanation


def test_groups_of_a_yes_no_variable_are_named() -> None:
    writer = Writer()
    for level in ("yes", "no"):
        key = Key("baseline_by_exposure", "", f"infused[prior_hct={level}]", "sex", "female")
        writer.add_share(key, 20, 40)
    test = Key("baseline_by_exposure", "", "infused", "sex", "", "yes_vs_no", None, "p_value")
    writer.add(test, "1.00")
    (found,) = p_value_findings(Article(DICTIONARY, writer.claims))
    assert found.subject == "Sex, with vs without prior allogeneic HCT"
    assert found.verdict == CONSISTENT
