"""Small claims files in which nothing is wrong, of kinds that were called impossible once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency, fisher_exact
from small_tables import DICTIONARY, SmallTable
from writing_articles import CONTRAST, GROUPS, Writer, half_up

from analysis_lib.article.audit.finding import IMPOSSIBLE
from analysis_lib.article.audit.run import audit_claims
from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key

COX = Key("cox_univariable", "os", "infused")
NAIVE = "infused[ino=naive]"


def accusations(claims: list[Claim]) -> list[str]:
    return [one.explanation for one in audit_claims(claims, DICTIONARY).of_verdict(IMPOSSIBLE)]


def of_numbers(base: Key, unit: str = "", size: int = 40, **printed: str) -> list[Claim]:
    """A group of a size, and some numbers of one key."""
    writer = Writer()
    writer.add(Key("flow", "", "infused", "infused", statistic="count"), str(2 * size), "patients")
    writer.add(Key("baseline_by_exposure", "", NAIVE, statistic="n"), str(size), "patients")
    for name, text in printed.items():
        writer.add(base._replace(statistic=name), text, unit, denominator=size)
    return writer.claims


def ratio(estimate: str, low: str, high: str, **key: str) -> list[Claim]:
    names = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
    return of_numbers(COX._replace(**key), **dict(zip(names, (estimate, low, high), strict=True)))


@pytest.mark.parametrize(
    "claims",
    [
        ratio("0.95", "0.94", "0.96", variable="age_years"),
        ratio("1.00", "1.00", "1.00", variable="marrow_blasts_percent"),
        ratio("1.02", "1.01", "1.03", variable="ferritin"),
        ratio("1.02", "1.01", "1.03", variable="ferritin", level="per_100"),
        ratio("1.10", "1.05", "1.15", variable="ferritin", level="q3", contrast="q3_vs_q1"),
        ratio("1.10", "1.04", "1.16", variable="disease_subtype"),
        ratio("0.08", "0.00", "0.60", variable="sex", level="female", contrast="female_vs_male"),
        ratio("1.25", "0.61", "2.56", variable="sex", level="male", contrast="male_vs_female"),
        ratio("0.6", "0.64", "0.9", variable="age_years"),  # .64 rounds to 0.6
    ],
)  # fmt: skip
def test_no_hazard_ratio_that_can_be_is_impossible(claims: list[Claim]) -> None:
    assert accusations(claims) == []


SURVIVAL = Key("survival_by_exposure", "os", NAIVE, time_months=6.0)


@pytest.mark.parametrize(
    ("estimate", "low", "high", "unit"),
    [
        ("100", "100", "100", "%"), ("0", "0", "0", "%"), ("100", "91", "100", "%"),
        ("0", "0", "9", "%"), ("1.00", "1.00", "1.00", "proportion"), ("98", "83", "100", "%"),
        ("95", "81", "99", "%"), ("97.5", "83.5", "99.6", "%"),
        ("0.95", "0.81", "0.99", "proportion"),
    ],
)  # fmt: skip
def test_no_survival_estimate_that_can_be_is_impossible(
    estimate: str, low: str, high: str, unit: str
) -> None:
    printed = {"survival": estimate, "survival_ci_low": low, "survival_ci_high": high}
    assert accusations(of_numbers(SURVIVAL, unit, **printed)) == []
    printed.pop("survival_ci_high")  # not estimable
    assert accusations(of_numbers(SURVIVAL, unit, **printed)) == []


@pytest.mark.parametrize(
    ("counts", "p", "comparator"),
    [
        ((0, 0), "1.00", "="), ((0, 0), "0.99", ">"), ((50, 60), "1.00", "="),
        ((0, 6), half_up(fisher_exact([[0, 6], [50, 54]]).pvalue, 3), "="),
        ((5, 6), "1.00", "="), ((1, 40), "0.001", "<"), ((1, 40), "0.000", "="),
        ((20, 36), "0.04", "="),  # Pearson's .0362 and Yates' .0571, between them
    ],
)  # fmt: skip
def test_no_p_value_of_an_outcome_that_can_be_is_impossible(
    counts: tuple[int, int], p: str, comparator: str
) -> None:
    table = SmallTable().outcome("tocilizumab", counts, (50, 60))
    table.p(p, outcome="tocilizumab", comparator=comparator)
    assert accusations(table.claims) == []


SUBTYPES = {"ph_positive": (10, 30), "ph_like": (15, 10), "ph_negative": (25, 20)}
ROWS = np.array(list(SUBTYPES.values()))


@pytest.mark.parametrize(
    "table",
    [
        ROWS, ROWS[:2], ROWS[1:], ROWS[[0, 2]],
        *(np.array([row, ROWS.sum(axis=0) - row]) for row in ROWS),
    ],
)  # fmt: skip
@pytest.mark.parametrize("correction", [False, True])
def test_no_p_value_of_some_levels_is_impossible(table: np.ndarray, correction: bool) -> None:
    p = chi2_contingency(table, correction=correction).pvalue
    printed = ("0.001", "<") if p < 0.001 else (half_up(p, 3), "=")
    small = SmallTable().factor("disease_subtype", SUBTYPES)
    small.p(printed[0], variable="disease_subtype", comparator=printed[1])
    assert accusations(small.claims) == []


@pytest.mark.parametrize("digits", [0, 1])
def test_percents_of_the_row_and_percents_cut_off_are_possible(digits: int) -> None:
    by_row, cut = SmallTable(), SmallTable()
    for level, counts in SUBTYPES.items():
        for group, count, size in zip(GROUPS, counts, (50, 60), strict=True):
            key = Key("baseline_by_exposure", "", f"infused[ino={group}]", "disease_subtype", level)
            for table, exact in ((by_row, 100 * count / sum(counts)), (cut, 100 * count / size)):
                scale = 10**digits
                text = half_up(exact if table is by_row else int(exact * scale) / scale, digits)
                table.writer.add(
                    key._replace(statistic="count"), str(count), "patients", denominator=size
                )
                table.writer.add(key._replace(statistic="proportion"), text, "%", denominator=size)
    assert accusations(by_row.claims) == accusations(cut.claims) == []


def test_numbers_of_part_of_an_article_accuse_nobody() -> None:
    """A few responders and a hazard ratio of all patients, whose number is not recorded."""
    writer = Writer()
    writer.add(Key("response", "cr_cri", NAIVE, statistic="count"), "12", "patients")
    key = COX._replace(variable="sex", level="female", contrast="female_vs_male")
    for name, text in (("", "0.80"), ("_ci_low", "0.70"), ("_ci_high", "0.91")):
        writer.add(key._replace(statistic=f"hazard_ratio{name}"), text)
    assert accusations(writer.claims) == []


def test_about_half_and_two_tests_of_one_comparison_are_possible() -> None:
    table = SmallTable().outcome("tocilizumab", (20, 36), (50, 60))
    table.p("0.036", outcome="tocilizumab").p("0.055", outcome="tocilizumab")
    key = Key("toxicity", "tocilizumab", "infused[ino=exposed]", statistic="proportion")
    table.writer.add(key, "65", "%", comparator="~", denominator=60, source="Abstract")
    assert accusations(table.claims) == []


def test_a_test_of_times_is_no_test_of_counts() -> None:
    table = SmallTable().outcome("relapse", (20, 36), (50, 60)).p("0.62", outcome="relapse")
    assert accusations(table.claims) == []
    key = Key("toxicity", "tocilizumab", "infused", contrast=CONTRAST, statistic="p_value")
    told = SmallTable().outcome("tocilizumab", (20, 36), (50, 60))
    told.writer.add(key, "0.62")
    told.change(-1, p_scope="adjusted for age")
    assert accusations(told.claims) == []


def test_a_p_value_of_medians_beside_counts_is_not_held_against_them() -> None:
    """Age with median, counts of those of 60 and more, and P of a rank test."""
    writer = Writer()
    for group, median, old in zip(GROUPS, ("48", "51"), (14, 20), strict=True):
        key = Key("baseline_by_exposure", "", f"infused[ino={group}]", "age_years")
        writer.add(key._replace(statistic="median"), median, "years", denominator=50)
        writer.add(
            key._replace(level="ge_60", statistic="count"), str(old), "patients", denominator=50
        )
    key = Key("baseline_by_exposure", "", "infused", "age_years", contrast=CONTRAST)
    writer.add(key._replace(statistic="p_value"), "0.41")
    assert accusations(writer.claims) == []
