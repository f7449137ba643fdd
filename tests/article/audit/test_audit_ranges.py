from __future__ import annotations

from dataclasses import replace

import pytest
from writing_articles import Writer

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.design import repeat_findings
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, NOT_CHECKABLE
from analysis_lib.article.audit.ranges import bounds_of, range_findings, range_group_findings
from analysis_lib.article.audit.run import unchecked_findings
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Key

EXPOSED = "infused[ino=exposed]"
GROUPS = ("18_to_39", "40_to_59", "ge_60")


def add_range(
    writer: Writer, population: str, median: str, low: str = "", high: str = "", total: int = 87,
    variable: str = "age_years",
) -> None:  # fmt: skip
    key = Key("baseline_by_exposure", "", population, variable)
    for name, text in (("minimum", low), ("median", median), ("maximum", high)):
        if text:
            writer.add(key._replace(statistic=name), text, denominator=total)


def ages(counts: tuple[int, int, int], low: str, median: str, high: str) -> list[Claim]:
    writer = Writer()
    for level, count in zip(GROUPS, counts, strict=True):
        key = Key("baseline_by_exposure", "", EXPOSED, "age_group_as_published", level)
        writer.add_share(key, count, 87)
    add_range(writer, EXPOSED, median, low, high)
    return writer.claims


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        (("18", "48", "79"), CONSISTENT),
        (("18", "18", "79"), CONSISTENT),
        (("48", "18", "79"), IMPOSSIBLE),
        (("18", "80", "79"), IMPOSSIBLE),
    ],
)
def test_a_median_lies_in_its_range(
    numbers: tuple[str, str, str], verdict: str, dictionary: Dictionary
) -> None:
    writer = Writer()
    low, median, high = numbers
    add_range(writer, EXPOSED, median, low, high, variable="hospital_days")
    assert range_findings(Article(dictionary, writer.claims))[0].verdict == verdict


def test_all_published_ranges_are_in_order(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    compared = [claim for claim in claims if claim.in_scope]
    ordered = [
        one
        for one in range_findings(Article(dictionary, compared))
        if "in order" in one.explanation
    ]
    assert len(ordered) == 10
    assert {one.verdict for one in ordered} == {CONSISTENT}


def test_half_of_the_bridging_patients_have_the_smallest_number_of_lines(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    (found,) = [one for one in range_findings(Article(dictionary, claims)) if one.consequence]
    assert "at least 14 of its 28 patients have exactly 2" in found.explanation
    assert found.verdict == CONSISTENT


def test_a_median_lies_between_those_of_groups_that_make_it_up(dictionary: Dictionary) -> None:
    for median, verdict in (("4", CONSISTENT), ("5", IMPOSSIBLE)):
        writer = Writer()
        for level, count in (("bridging", 28), ("preapheresis_only", 74)):
            writer.add_share(Key("flow", "", EXPOSED, "ino_timing", level), count, 102)
        add_range(writer, EXPOSED, median, variable="prior_lines")
        add_range(writer, "infused[ino_timing=bridging]", "2", variable="prior_lines")
        add_range(writer, "infused[ino_timing=preapheresis_only]", "4", variable="prior_lines")
        (found,) = range_findings(Article(dictionary, writer.claims))
        assert found.verdict == verdict


@pytest.mark.parametrize(
    ("level", "low", "high"),
    [
        ("18_to_39", 18, 40),
        ("lt_25", float("-inf"), 25),
        ("ge_60", 60, float("inf")),
        ("gt_75", 75, float("inf")),
        ("le_5", float("-inf"), 5),
    ],
)
def test_levels_that_are_ranges_are_read(level: str, low: float, high: float) -> None:
    bounds = bounds_of(level)
    assert bounds is not None and (bounds.low, bounds.high) == (low, high)


def test_a_level_in_words_is_no_range() -> None:
    assert bounds_of("ph_like") is None


@pytest.mark.parametrize(
    ("counts", "numbers", "verdict", "words"),
    [
        ((33, 28, 26), ("18", "48", "79"), CONSISTENT, "begins and ends in groups"),
        ((33, 28, 25), ("18", "48", "79"), NEEDS_ANOTHER, "hold 86 of its 87 patients"),
        ((0, 61, 26), ("18", "48", "79"), IMPOSSIBLE, "where no patient is counted"),
        ((33, 28, 26), ("41", "48", "79"), IMPOSSIBLE, "outside the range"),
        ((33, 28, 26), ("18", "48", "58"), IMPOSSIBLE, "outside the range"),
        ((50, 11, 26), ("18", "48", "79"), IMPOSSIBLE, "the median cannot be 48"),
        ((20, 11, 56), ("18", "48", "79"), IMPOSSIBLE, "the median cannot be 48"),
        ((33, 28, 26), ("12", "48", "79"), IMPOSSIBLE, "lies in no group"),
    ],
)
def test_ranges_and_medians_are_held_against_their_groups(
    counts: tuple[int, int, int],
    numbers: tuple[str, str, str],
    verdict: str,
    words: str,
    dictionary: Dictionary,
) -> None:
    (found,) = range_group_findings(Article(dictionary, ages(counts, *numbers)))
    assert found.verdict == verdict
    assert words in found.explanation


def test_the_naive_of_the_article_lack_one_patient(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    naive, exposed = range_group_findings(Article(dictionary, claims))
    assert naive.verdict == NEEDS_ANOTHER and "(18–79)" in naive.explanation
    assert exposed.verdict == CONSISTENT


def repeated(first: str, second: str, **change: object) -> list[Claim]:
    writer = Writer()
    key = Key("toxicity", "death_30d", EXPOSED, statistic="proportion")
    writer.add(key, first, "%", denominator=102)
    writer.add(key, second, "%", denominator=102, source="Abstract")
    return [writer.claims[0], replace(writer.claims[1], **change)]


@pytest.mark.parametrize(
    ("texts", "verdict"),
    [
        (("38", "38"), CONSISTENT),
        (("9.8", "10"), CONSISTENT),
        (("38", "39"), IMPOSSIBLE),
        (("9.8", "9"), IMPOSSIBLE),
        (("9.4", "10"), IMPOSSIBLE),
    ],
)
def test_a_number_is_the_same_in_every_place(
    texts: tuple[str, str], verdict: str, dictionary: Dictionary
) -> None:
    (found,) = repeat_findings(Article(dictionary, repeated(*texts)))
    assert found.verdict == verdict
    assert len(found.claims) == 2


def test_differing_numbers_of_different_patients_need_another_denominator(
    dictionary: Dictionary,
) -> None:
    (found,) = repeat_findings(Article(dictionary, repeated("38", "39", denominator=101)))
    assert found.verdict == NEEDS_ANOTHER
    assert "38% in Table and 39% in the Abstract" in found.explanation


def test_the_size_of_a_group_is_one_number_in_the_flow_and_in_a_column(
    dictionary: Dictionary,
) -> None:
    for size, verdict in (("102", CONSISTENT), ("103", IMPOSSIBLE)):
        writer = Writer()
        writer.add_share(Key("flow", "", "infused", "ino", "exposed"), 102, 189)
        writer.add(Key("baseline_by_exposure", "", EXPOSED, statistic="n"), size, "patients")
        (found,) = repeat_findings(Article(dictionary, writer.claims))
        assert found.verdict == verdict


def test_every_repeated_number_of_the_article_agrees(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    compared = [claim for claim in claims if claim.in_scope]
    (found,) = repeat_findings(Article(dictionary, compared))
    assert found.verdict == CONSISTENT
    assert "9.8% and 10%; 3.4% and 3%" in found.explanation
    changed = [replace(c, printed="12", value=12.0) if c.printed == "9.8" else c for c in compared]
    (wrong, _) = repeat_findings(Article(dictionary, changed))
    assert wrong.verdict == IMPOSSIBLE and "12% in Results" in wrong.explanation


def test_what_no_arithmetic_can_check_is_named_once_for_each_kind(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    compared = [claim for claim in claims if claim.in_scope]
    found = {one.subject: one for one in unchecked_findings(Article(dictionary, compared))}
    assert {one.verdict for one in found.values()} == {NOT_CHECKABLE}
    assert {name: len(one.claims) for name, one in found.items()} == {
        "P values of medians": 5,
        "P values without their numbers": 2,
        "P values of survival": 6,
        "Survival estimates without interval": 8,
        "Median follow-up": 2,
    }


def test_a_checkable_article_has_nothing_out_of_reach(dictionary: Dictionary) -> None:
    assert list(unchecked_findings(Article(dictionary, repeated("38", "38")))) == []
