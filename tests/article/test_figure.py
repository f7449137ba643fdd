"""The article's estimates and ours stand side by side, each with the numbers that are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from math import isnan, nan

import pytest

from analysis_lib.article.comparison.published import PublishedComparison
from analysis_lib.article.comparison.words import ClaimWords
from analysis_lib.article.figure import plot_published_estimates
from analysis_lib.article.figure_layout import PairRow, pair_rows
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Omitted, Row
from analysis_lib.show.figure import ReportFigure
from analysis_lib.study.study import SYNTHETIC_LABEL

KINDS = ("survival", "hazard_ratio")


@pytest.fixture
def rows_of(
    every_status: PublishedComparison, dictionary: Dictionary
) -> Callable[[str], tuple[PairRow, ...]]:
    return lambda kind: pair_rows(every_status, kind, ClaimWords(dictionary))


def test_what_is_omitted_comes_back() -> None:
    omitted = Omitted("No published numbers are given.")
    assert plot_published_estimates(omitted, "survival") is omitted


@pytest.mark.parametrize(("kind", "what"), [("survival", "survival"), ("hazard_ratio", "hazard")])
def test_without_estimates_there_is_a_sentence(
    every_status: PublishedComparison, kind: str, what: str
) -> None:
    without = replace(every_status.comparison, claims=())
    figure = plot_published_estimates(replace(every_status, comparison=without), kind)
    assert isinstance(figure, Omitted) and f"prints no {what}" in figure.reason


@pytest.mark.parametrize("kind", KINDS)
def test_every_printed_estimate_has_a_row_with_its_own_numbers(
    every_status: PublishedComparison, rows_of: Callable[[str], tuple[PairRow, ...]], kind: str
) -> None:
    printed = [x for x in every_status.comparison.counted if x.claim.key.statistic == kind]
    rows = rows_of(kind)
    assert sorted(row.article.value for row in rows) == sorted(x.claim.value for x in printed)
    ours = [row.ours.value for row in rows if not isnan(row.ours.value)]
    assert sorted(ours) == pytest.approx(sorted(x.computed for x in printed if x.computed >= 0))
    for row in rows:
        assert row.article.text.startswith(
            ("9.99", f"{row.article.value:.2f}"[: 2 if kind == "survival" else 4])
        )
        assert row.article.has_interval == ("(" in row.article.text)


def test_ours_has_an_interval_where_the_article_prints_none(
    rows_of: Callable[[str], tuple[PairRow, ...]],
) -> None:
    bare = [row for row in rows_of("survival") if not row.article.has_interval]
    known = [row for row in bare if not isnan(row.ours.value)]
    assert known and all(row.ours.has_interval for row in known)


def test_what_this_report_does_not_compute_is_a_dash_without_a_mark(
    rows_of: Callable[[str], tuple[PairRow, ...]],
) -> None:
    (absent,) = (row for row in rows_of("survival") if isnan(row.ours.value))
    assert (absent.ours.text, absent.heading[-9:]) == ("–", "99 months")


def test_rows_of_one_heading_stand_together(
    rows_of: Callable[[str], tuple[PairRow, ...]],
) -> None:
    for kind in KINDS:
        headings = [row.heading for row in rows_of(kind)]
        changes = sum(a != b for a, b in pairwise(headings))
        assert changes == len(set(headings)) - 1 > 0


@pytest.mark.parametrize("kind", KINDS)
def test_texts_stay_apart_and_inside_and_the_label_is_there(
    every_status: PublishedComparison,
    see: Callable[[ReportFigure], object],
    kind: str,
) -> None:
    figure = plot_published_estimates(every_status, kind)
    assert isinstance(figure, ReportFigure)
    seen = see(figure)
    assert seen.overlapping == []
    assert seen.outside == []
    assert SYNTHETIC_LABEL in seen.written
    assert {"Article", "This report", "(as printed)", "(95% CI)"} <= set(seen.written)


def test_an_estimate_that_is_not_estimable_is_said_and_not_drawn(
    every_status: PublishedComparison, dictionary: Dictionary
) -> None:
    def hollow(row: Row) -> Row:
        return replace(row, value=nan) if row.key.statistic.startswith("hazard_ratio") else row

    results = every_status.results
    emptied = replace(results, rows=tuple(hollow(row) for row in results.rows))
    without = replace(every_status, results=emptied)
    rows = pair_rows(without, "hazard_ratio", ClaimWords(dictionary))
    assert {row.ours.text for row in rows} == {"not estimable"}
    figure = plot_published_estimates(without, "hazard_ratio")
    assert isinstance(figure, ReportFigure)
    plot = figure.axes[-1]
    assert len([x for x in plot.lines if x.get_marker() == "s"]) == 0
    assert len([x for x in plot.lines if x.get_marker() == "o"]) == len(rows)


def test_the_svg_is_the_same_twice(every_status: PublishedComparison) -> None:
    first, second = (plot_published_estimates(every_status, "hazard_ratio") for _ in range(2))
    assert isinstance(first, ReportFigure) and isinstance(second, ReportFigure)
    assert first.svg() == second.svg()
