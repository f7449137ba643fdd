from __future__ import annotations

import pytest
from writing_articles import Writer

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.curves import (
    censoring_findings,
    curve_findings,
    stratified_curve_findings,
)
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Key
from analysis_lib.stats.kaplan_meier import kaplan_meier


def add(writer: Writer, outcome: str, population: str, *texts: str, total: int = 100) -> None:
    for number, text in enumerate(texts, start=1):
        key = Key("survival_by_exposure", outcome, population, time_months=6.0 * number)
        writer.add(key._replace(statistic="survival"), text, "%", denominator=total)


def split(writer: Writer, *counts: int) -> None:
    """The exposed by response: responders, refractory, not reported."""
    total = sum(counts)
    for level, count in zip(("responder", "refractory", "not_reported"), counts, strict=False):
        key = Key("flow", "", "infused[ino=exposed]", "ino_response", level)
        writer.add_share(key, count, total)


@pytest.mark.parametrize(
    ("texts", "verdict"),
    [
        (("54", "39"), CONSISTENT),
        (("54", "54"), CONSISTENT),
        (("54", "55"), IMPOSSIBLE),
        (("54", "54.4"), CONSISTENT),
        (("54", "54.5"), CONSISTENT),  # 54.48 prints as 54 and as 54.5
        (("54", "54.6"), IMPOSSIBLE),
    ],
)
def test_survival_never_rises(texts: tuple[str, ...], verdict: str, dictionary: Dictionary) -> None:
    writer = Writer()
    add(writer, "os", "infused[ino=naive]", *texts)
    (found,) = curve_findings(Article(dictionary, writer.claims))
    assert found.verdict == verdict


def test_censoring_can_make_the_curves_cross() -> None:
    pfs = kaplan_meier([1, 2, 3, 10], [True, False, True, False]).at(5).survival
    os = kaplan_meier([5, 2, 3, 10], [True, False, True, False]).at(5).survival
    assert pfs == pytest.approx(0.375) and os == pytest.approx(1 / 3)


def test_the_unknown_of_the_article_must_have_done_well(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    pfs, os = stratified_curve_findings(Article(dictionary, claims))
    assert pfs.verdict == os.verdict == CONSISTENT
    assert "a survival of 76–91% at 6 months and 85–99% at 12 months" in os.explanation
    assert os.consequence.startswith("The 13 patients left out")
    assert {"flow_unknown_n", "surv_os12_exposed"} <= set(os.claims)


def test_a_group_made_up_by_its_strata_lies_between_them(dictionary: Dictionary) -> None:
    for whole, odd in (("50", False), ("70", True)):
        writer = Writer()
        split(writer, 60, 40)
        add(writer, "os", "infused[ino=exposed]", whole)
        add(writer, "os", "infused[ino_exposure_response=responder]", "60", total=60)
        add(writer, "os", "infused[ino_exposure_response=refractory]", "35", total=40)
        (found,) = stratified_curve_findings(Article(dictionary, writer.claims))
        assert found.verdict == CONSISTENT
        assert bool(found.consequence) == odd == ("unusual, not impossible" in found.explanation)


def test_a_level_without_a_curve_is_the_rest(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    by_population = {
        one.population: one
        for one in Article(dictionary, claims).splits
        if "responder" in one.sizes
    }
    exposed = by_population["infused[ino=exposed]"]
    curves = [c.key.population for c in claims if c.key.statistic == "survival"]
    strata = exposed.strata(curves)
    assert strata == {
        "responder": "infused[ino_exposure_response=responder]",
        "refractory": "infused[ino_exposure_response=refractory]",
    }
    assert exposed.rest(tuple(strata)) == 13


def test_counts_that_exceed_their_group_split_nothing(dictionary: Dictionary) -> None:
    writer = Writer()
    writer.add(Key("baseline", "", "infused[ino=exposed]", statistic="n"), "50", "patients")
    split(writer, 60, 40)
    assert Article(dictionary, writer.claims).splits == ()


def test_a_percent_that_no_count_prints_shows_censoring(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    (found,) = censoring_findings(Article(dictionary, claims))
    assert found.verdict == CONSISTENT and found.consequence
    assert "57% of the 62 patients" in found.explanation
    assert "35 are 56.5% and 36 are 58.1%" in found.explanation
    assert "65% of the 87 patients" in found.explanation


def test_a_percent_that_a_count_prints_shows_nothing(dictionary: Dictionary) -> None:
    writer = Writer()
    add(writer, "os", "infused[ino=exposed]", "50", "25", total=40)
    assert censoring_findings(Article(dictionary, writer.claims)) == []
