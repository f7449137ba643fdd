"""Sentences about the comparison say the numbers of the comparison, and what they do not show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import nan

import pytest

from analysis_lib.article.audit.finding import Audit
from analysis_lib.article.comparison.published import PublishedComparison
from analysis_lib.article.comparison.scores import AUDIT, score_rows
from analysis_lib.article.table import table_published, table_scorecard
from analysis_lib.article.words import (
    describe_agreement,
    describe_conflicts,
    describe_findings,
    describe_misses,
    describe_score,
)
from analysis_lib.results.rows import Omitted
from analysis_lib.show.prose import Prose

Untraced = Callable[..., list[str]]
Described = Callable[[PublishedComparison | Omitted], Prose | Omitted]


@pytest.fixture(params=["score", "misses", "conflicts", "findings", "agreement"])
def describe(request: pytest.FixtureRequest) -> Described:
    def misses(x: PublishedComparison | Omitted) -> Prose | Omitted:
        return describe_misses(x)

    def conflicts(x: PublishedComparison | Omitted) -> Prose | Omitted:
        return describe_conflicts(x)

    known: dict[str, Described] = {
        "score": describe_score,
        "misses": misses,
        "conflicts": conflicts,
        "findings": describe_findings,
        "agreement": describe_agreement,
    }
    return known[request.param]


def keeping(published: PublishedComparison, *statuses: str) -> PublishedComparison:
    kept = tuple(x for x in published.comparison.claims if x.status in statuses)
    return replace(published, comparison=replace(published.comparison, claims=kept))


def test_what_is_omitted_comes_back(describe: Described) -> None:
    omitted = Omitted("No published numbers are given.")
    assert describe(omitted) is omitted


def test_no_sentence_holds_a_nan_a_name_or_a_claim_id(
    describe: Described, every_status: PublishedComparison, published: PublishedComparison
) -> None:
    for one in (every_status, published, keeping(published, "reproduced")):
        text = str(describe(one))
        assert text and "nan" not in text.split() and "None" not in text
        assert "\\_" not in text
        for compared in one.comparison.claims:
            assert f" {compared.claim.claim_id} " not in text


def test_the_score_is_that_of_the_tally(every_status: PublishedComparison) -> None:
    tally = every_status.comparison.tally()
    without = every_status.comparison.tally(counts=False)
    text = str(describe_score(every_status))
    assert f"Of {tally.total} numbers" in text
    assert f"{tally.reproduced} (" in text and f"{tally.missed} are missed" in text
    assert "1 conflicts with other printed numbers and 1 cannot be computed" in text
    assert f"{without.reproduced} of {without.total} (" in text
    assert "other parameters" not in text


def test_departures_from_the_articles_analysis_are_named(
    every_status: PublishedComparison,
) -> None:
    text = str(describe_score(replace(every_status, departures=("landmarks", "exposure"))))
    assert "other parameters than the article's analysis (`landmarks` and `exposure`)" in text


def test_misses_are_told_by_how_far_they_are_off(every_status: PublishedComparison) -> None:
    missed = every_status.comparison.of_status("missed")
    far = next(x for x in missed if x.claim.key.statistic == "hazard_ratio")
    close = replace(far, computed=9.98, difference=9.98 - 9.99)
    unknown = replace(far, computed=nan, difference=nan)
    for one, title, ours in (
        (close, "Off by one in the last printed digit (1 number)", "ours 9.98"),
        (far, "Further off, the farthest first (1 number)", "ours "),
        (unknown, "Not estimable here (1 number)", "ours not estimable"),
    ):
        only = replace(every_status.comparison, claims=(one,))
        text = str(describe_misses(replace(every_status, comparison=only)))
        heading, item = text.split("\n\n")
        assert heading == f"### {title} {{.unnumbered}}"
        assert "printed 9.99" in item and ours in item and len(item.splitlines()) == 1


def test_many_misses_leave_the_rest_to_the_table(every_status: PublishedComparison) -> None:
    reproduced = every_status.comparison.of_status("reproduced")
    exact = [x for x in reproduced if x.claim.comparator == "="]
    wrong = tuple(
        replace(x, status="missed", computed=x.computed + 50, difference=50.0) for x in exact
    )
    many = replace(every_status.comparison, claims=wrong)
    text = str(describe_misses(replace(every_status, comparison=many)))
    assert f"({len(wrong)} numbers)" in text
    assert len(text.splitlines()) < 20
    assert text.splitlines()[-1] == "- and others, in the table of all numbers"


def test_conflicts_are_named_by_their_finding(every_status: PublishedComparison) -> None:
    text = str(describe_conflicts(every_status))
    assert text.startswith("### Conflicting (1 number) {.unnumbered}\n\n1 set of printed numbers")
    assert "- **Sex:** printed 99%, ours " in text
    none = keeping(every_status, "reproduced", "missed")
    assert str(describe_conflicts(none)).startswith("No number is missed")


def test_nothing_missed_is_said(every_status: PublishedComparison) -> None:
    spotless = keeping(every_status, "reproduced")
    assert str(describe_misses(spotless)) == "No number is missed."


def test_findings_stand_under_their_verdict_with_their_consequence(
    every_status: PublishedComparison,
) -> None:
    text = str(describe_findings(every_status))
    assert text.startswith("4 checks of the printed numbers") and "in 1 of them" in text
    places = [
        text.index(part)
        for part in (
            "### Impossible as printed (1)",
            "The percent of 1 of 2 is 50, but 99% is printed. *It says nothing.*",
            "### Possible only with another denominator or test",
            "The ages need another.",
            "### Not to be checked from what is printed (1)",
            "No count is printed.",
        )
    ]
    assert places == sorted(places)
    assert "The doses agree." not in text
    empty = replace(every_status, audit=Audit(()))
    assert str(describe_findings(empty)).startswith("Nothing that is printed can be checked")


def test_every_notable_finding_of_the_article_is_told(published: PublishedComparison) -> None:
    text = str(describe_findings(published))
    assert text.count("\n- ") == len(published.audit.notable)


def test_agreement_is_never_called_replication(every_status: PublishedComparison) -> None:
    synthetic = str(describe_agreement(every_status))
    assert "it never shows that the study replicates" in synthetic
    patients = replace(every_status, results=replace(every_status.results, label=""))
    text = str(describe_agreement(patients))
    assert "constructed" not in text and "can share the same bias" in text


@pytest.mark.parametrize("show", ["score", "misses", "conflicts", "agreement", "scorecard", "all"])
def test_every_number_beside_the_article_has_a_row(
    show: str, every_status: PublishedComparison, untraced: Untraced
) -> None:
    known: dict[str, Callable[[], object]] = {
        "score": lambda: describe_score(every_status),
        "misses": lambda: describe_misses(every_status),
        "conflicts": lambda: describe_conflicts(every_status),
        "agreement": lambda: describe_agreement(every_status),
        "scorecard": lambda: table_scorecard(every_status),
        "all": lambda: table_published(every_status),
    }
    own = list(score_rows(every_status))
    assert untraced(known[show], [*every_status.results, *own]) == []
    assert untraced(known[show], [row for row in own if row.value < 0])


def test_the_checks_of_the_audit_have_rows(
    published: PublishedComparison, untraced: Untraced
) -> None:
    checks = [row for row in score_rows(published) if row.key.analysis == AUDIT]
    count, notable = len(published.audit.findings), len(published.audit.notable)
    of_verdicts = [x for x in checks if x.key.level and x.key.statistic == "checks"]
    assert sum(row.value for row in of_verdicts) == count
    assert untraced(lambda: describe_findings(published), checks) == []
    named = untraced(lambda: describe_findings(published), [x for x in checks if not x.value])
    assert {str(count), str(count - notable)} <= {x.split()[0] for x in named}
