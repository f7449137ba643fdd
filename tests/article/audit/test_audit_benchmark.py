"""The audit's misses and false alarms on a seeded series of made-up articles.

`make bench` measures a longer series and prints the figures by kind of error.
"""

from __future__ import annotations

import pytest
from made_articles import make_article
from made_designs import make_design
from measure import ALARMS, Score, measure
from measure_designs import DesignScore, measure_designs
from mutations import KINDS, Mutation
from reproducible import is_reproducible
from writing_articles import half_up, p_text, percent

from analysis_lib.article.audit.finding import NEEDS_ANOTHER
from analysis_lib.article.audit.run import audit_claims
from analysis_lib.dictionary import Dictionary

SEED = 20241210
LEAST_RECALL = 0.95
MOST_FALSE_ALARMS = 0.02


@pytest.fixture(scope="module")
def score(dictionary: Dictionary) -> Score:
    return measure(dictionary, seed=SEED, numbers=range(80), errors_per_article=2)


def test_the_audit_finds_95_percent_of_the_errors_that_arithmetic_can_reveal(
    score: Score,
) -> None:
    assert score.mutations.total() == 160
    assert score.revealable.total() >= 120
    assert score.recall >= LEAST_RECALL, [(one.kind, sorted(one.changed)) for one in score.missed]


def test_every_kind_of_error_is_made_and_found(score: Score) -> None:
    assert set(score.found) == set(KINDS)


def test_at_most_2_percent_of_clean_articles_and_of_their_checks_raise_an_alarm(
    score: Score,
) -> None:
    alarms = [finding.explanation for finding in score.false_alarms]
    assert score.checks > 50 * score.articles
    assert score.articles_alarmed_share <= MOST_FALSE_ALARMS, alarms
    assert score.checks_alarmed_share <= MOST_FALSE_ALARMS, alarms


def test_the_benchmark_itself_calls_every_clean_article_reproducible(score: Score) -> None:
    assert score.not_reproducible_clean == 0


def test_an_error_that_no_arithmetic_reveals_is_not_held_against_the_audit(
    score: Score,
) -> None:
    hidden = score.mutations.total() - score.revealable.total()
    assert 0 < hidden < score.mutations.total() / 4
    assert score.alarmed_in_vain.total() == 0


def test_articles_are_the_same_for_one_seed_and_differ_between_seeds() -> None:
    assert make_article(1, 7) == make_article(1, 7)
    assert make_article(1, 7) != make_article(2, 7)
    assert len({claim.claim_id for claim in make_article(1, 7)}) == len(make_article(1, 7))


def test_numbers_are_printed_half_up() -> None:
    assert [percent(1, 8), percent(63, 102), percent(76, 83, 1)] == ["13", "62", "91.6"]
    assert half_up(0.285, 2) == "0.29"
    assert [p_text(0.0004), p_text(0.0126), p_text(0.474)] == [
        ("<", "0.001"),
        ("=", "0.013"),
        ("=", "0.47"),
    ]


def test_alarms_are_the_two_verdicts_that_ask_for_a_correction() -> None:
    assert ALARMS == ("impossible", "needs another denominator or test")


def test_a_percent_that_its_count_does_not_give_is_not_reproducible() -> None:
    article = make_article(SEED, 0)
    share = next(c for c in article if c.key.statistic == "proportion" and c.denominator)
    wrong = Mutation("", tuple(c for c in article if c is not share), frozenset())
    assert is_reproducible(wrong.claims)
    other = share.__class__(**{**share.__dict__, "printed": "0", "value": 0.0})
    assert not is_reproducible((*wrong.claims, other))


@pytest.fixture(scope="module")
def designs(dictionary: Dictionary) -> DesignScore:
    return measure_designs(dictionary, seed=SEED, numbers=range(60))


def test_no_number_of_articles_of_sixty_designs_is_called_impossible(
    designs: DesignScore,
) -> None:
    """Rare tests, ways of rounding, denominators and intervals: printed from patients, so true."""
    assert designs.numbers > 5000
    assert designs.accused == []


def test_a_p_value_of_grades_that_is_cut_off_makes_no_denominator_impossible(
    dictionary: Dictionary,
) -> None:
    """.777 of two grades of ICANS, printed .77 beside the counts of any grade."""
    (found,) = (
        finding
        for finding in audit_claims(make_design(1, 107), dictionary).findings
        if finding.rule == "denominator" and "P = .77" in finding.explanation
    )
    assert found.verdict == NEEDS_ANOTHER
    assert "2 printed levels of ICANS grade group (.777)" in found.explanation


def test_95_percent_of_the_errors_in_sixty_designs_are_found(designs: DesignScore) -> None:
    assert designs.revealable.total() > 150 and all(designs.revealable.values())
    assert designs.recall >= LEAST_RECALL, designs.missed
