"""Means, deviations, test statistics, differences and numbers at risk."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, norm
from writing_articles import CONTRAST, Writer, half_up

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.at_risk import at_risk_findings, follow_up_findings
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding
from analysis_lib.article.audit.moments import (
    chi_square_findings,
    difference_findings,
    moment_findings,
    reciprocal_findings,
    whole_numbers_exist,
)
from analysis_lib.article.audit.printed import Window
from analysis_lib.article.audit.ranges import range_findings
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Key

LINES = Key("baseline_by_exposure", "", "infused[ino=exposed]", "prior_lines")
AGE = LINES._replace(variable="age_years")
# The examples of the R package scrutiny (0.6.1) for GRIMMER, with what it says of them.
SCRUTINY = (
    ("7.22", "5.30", 38, False), ("4.74", "6.55", 31, True), ("5.23", "2.55", 35, False),
    ("2.57", "2.57", 30, True), ("6.77", "2.18", 33, False), ("2.68", "2.59", 34, True),
    ("7.01", "6.68", 35, False), ("7.38", "3.65", 32, True), ("3.14", "5.32", 33, False),
    ("6.89", "4.18", 37, True), ("5.00", "2.18", 31, True), ("0.24", "6.43", 34, True),
)  # fmt: skip


def around(text: str) -> Window:
    half = 0.5 * 10.0 ** -len(text.partition(".")[2])
    return Window(float(text) - half, float(text) + half)


@pytest.mark.parametrize(("mean", "spread", "total", "consistent"), SCRUTINY)
def test_whole_numbers_are_judged_as_by_scrutiny(
    mean: str, spread: str, total: int, consistent: bool
) -> None:
    assert whole_numbers_exist(around(mean), around(spread), total) == consistent


def test_no_mean_and_deviation_of_whole_numbers_is_refused() -> None:
    """Every set of five whole numbers from 0 to 6, by enumeration."""
    for values in itertools.combinations_with_replacement(range(7), 5):
        mean, spread = half_up(np.mean(values), 2), half_up(np.std(values, ddof=1), 2)
        assert whole_numbers_exist(around(mean), around(spread), 5), values


@given(st.lists(st.floats(0, 100), min_size=3, max_size=40))
def test_no_numbers_contradict_their_own_range(values: list[float]) -> None:
    numbers = {
        "mean": np.mean(values), "standard_deviation": np.std(values, ddof=1),
        "median": np.median(values), "minimum": min(values), "maximum": max(values),
    }  # fmt: skip
    writer = Writer()
    for name, value in numbers.items():
        writer.add(
            AGE._replace(statistic=name), half_up(value, 2), "years", denominator=len(values)
        )
    found = list(moment_findings(Article(Dictionary(()), writer.claims)))
    assert [one.verdict for one in found] == [CONSISTENT]


def moments(dictionary: Dictionary, key: Key, total: int, **printed: str) -> list[Finding]:
    writer = Writer()
    for name, text in printed.items():
        writer.add(key._replace(statistic=name), text, "", denominator=total)
    return list(moment_findings(Article(dictionary, writer.claims)))


def test_a_mean_that_no_whole_numbers_have_needs_fewer_patients_or_is_impossible(
    dictionary: Dictionary,
) -> None:
    (right,) = moments(dictionary, LINES, 28, mean="3.25", standard_deviation="1.40")
    assert right.verdict == CONSISTENT
    (fewer,) = moments(dictionary, LINES, 28, mean="3.20", standard_deviation="1.40")
    assert fewer.verdict == NEEDS_ANOTHER and "patients can" in fewer.explanation
    (wrong,) = moments(dictionary, LINES, 3, mean="3.24")
    assert wrong.verdict == IMPOSSIBLE
    assert moments(dictionary, AGE, 3, mean="3.24") == []  # ages need not be whole


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ({"mean": "81.0", "minimum": "18", "maximum": "79"}, "outside the range"),
        (
            {"mean": "48.0", "standard_deviation": "40.0", "minimum": "18", "maximum": "79"},
            "spread so far",
        ),
        ({"mean": "48.0", "standard_deviation": "5.0", "median": "60"}, "further apart"),
    ],
)
def test_what_no_numbers_can_have_is_impossible(
    printed: dict[str, str], words: str, dictionary: Dictionary
) -> None:
    (found,) = moments(dictionary, AGE, 50, **printed)
    assert found.verdict == IMPOSSIBLE and words in found.explanation


def test_quartiles_lie_between_the_ends_and_the_median(dictionary: Dictionary) -> None:
    writer = Writer()
    for name, text in (("quartile_1", "40"), ("median", "38"), ("quartile_3", "60")):
        writer.add(AGE._replace(statistic=name), text, "years")
    assert range_findings(Article(dictionary, writer.claims))[0].verdict == IMPOSSIBLE


def test_a_chi_square_tells_its_degrees_of_freedom(dictionary: Dictionary) -> None:
    def found(p: str, variable: str = "disease_subtype") -> Finding:
        writer = Writer()
        key = Key("baseline_by_exposure", "", "infused", variable, contrast=CONTRAST)
        writer.add(key._replace(statistic="chi_square"), "5.30")
        writer.add(key._replace(statistic="p_value"), p)
        return next(iter(chi_square_findings(Article(dictionary, writer.claims))))

    assert [half_up(chi2.sf(5.30, df), 3) for df in (1, 2)] == ["0.021", "0.071"]
    assert found("0.071").verdict == CONSISTENT
    one = found("0.021")
    assert one.verdict == NEEDS_ANOTHER and "with 1 degree of" in one.explanation
    assert "has 2" in one.explanation
    assert found("0.021", "sex").verdict == CONSISTENT
    side = found("0.011")
    assert side.verdict == NEEDS_ANOTHER and "one side (with 1 .0107" in side.explanation


def test_a_difference_agrees_with_its_interval_and_its_p(dictionary: Dictionary) -> None:
    def found(estimate: str, p: str) -> Finding:
        writer = Writer()
        key = Key("toxicity", "crs", "infused", contrast=CONTRAST)
        for name, text in (("", estimate), ("_ci_low", "-2.0"), ("_ci_high", "18.0")):
            writer.add(key._replace(statistic=f"difference{name}"), text, "%")
        writer.add(key._replace(statistic="p_value"), p)
        return next(iter(difference_findings(Article(dictionary, writer.claims))))

    assert half_up(2 * norm.sf(8 / (20 / 2 / 1.959964)), 2) == "0.12"
    assert found("8.0", "0.12").verdict == CONSISTENT
    assert found("8.0", "0.02").verdict == NEEDS_ANOTHER
    assert "not the middle" in found("4.0", "0.12").explanation


def test_ratios_of_opposite_contrasts_are_reciprocals(dictionary: Dictionary) -> None:
    def verdict(other: str) -> str:
        writer = Writer()
        key = Key("cox_univariable", "os", "infused", "sex", statistic="hazard_ratio")
        writer.add(key._replace(contrast="female_vs_male"), "0.80")
        writer.add(key._replace(contrast="male_vs_female"), other)
        return next(iter(reciprocal_findings(Article(dictionary, writer.claims)))).verdict

    assert [verdict("1.25"), verdict("1.52")] == [CONSISTENT, NEEDS_ANOTHER]


def test_numbers_at_risk_fit_the_curve_and_the_events(dictionary: Dictionary) -> None:
    def verdicts(at_risk: tuple[str, str], survival: str, events: str) -> list[str]:
        writer = Writer()
        key = Key("survival_by_exposure", "os", "infused[ino=naive]")
        writer.add(key._replace(statistic="n"), "50", "patients")
        for months, text in zip((6.0, 12.0), at_risk, strict=True):
            writer.add(key._replace(time_months=months, statistic="at_risk"), text, "patients")
        later = key._replace(time_months=12.0)
        writer.add(later._replace(statistic="survival"), survival, "%", denominator=50)
        writer.add(later._replace(statistic="events_to_date"), events, "patients")
        return [x.verdict for x in at_risk_findings(Article(dictionary, writer.claims))]

    assert verdicts(("30", "20"), "60", "15") == [CONSISTENT] * 3
    assert verdicts(("20", "30"), "60", "15")[0] == NEEDS_ANOTHER  # they rise
    assert verdicts(("60", "20"), "60", "15")[0] == IMPOSSIBLE  # more than there are
    assert verdicts(("40", "38"), "60", "20")[1] == IMPOSSIBLE  # 38 free, 20 not, of 50
    assert verdicts(("40", "38"), "60", "10")[2] == NEEDS_ANOTHER  # 38 of 50 are 76%
    assert verdicts(("30", "10"), "95", "15")[2] == NEEDS_ANOTHER  # 15 of 50 leave 70%


def test_follow_up_is_no_longer_than_the_study(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    record = [claim for claim in claims if not claim.in_scope]
    writer = Writer()
    writer.add(Key("followup", "followup", "infused", statistic="median"), "11.4", "months")
    (right,) = follow_up_findings(Article(dictionary, writer.claims, record))
    writer.claims.clear()
    writer.add(Key("followup", "followup", "infused", statistic="median"), "31.4", "months")
    (wrong,) = follow_up_findings(Article(dictionary, writer.claims, record))
    assert [right.verdict, wrong.verdict] == [CONSISTENT, NEEDS_ANOTHER]
