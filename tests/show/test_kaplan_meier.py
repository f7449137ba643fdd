"""Survival figures say what the results say, and nothing in them collides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes

from analysis_lib.estimates.curves import SurvivalComparison
from analysis_lib.results.rows import Key, Omitted, Row
from analysis_lib.show.figure import ReportFigure
from analysis_lib.show.kaplan_meier import plot_kaplan_meier
from analysis_lib.show.survival_curves import Frame, free_place, survival_note
from analysis_lib.stats.kaplan_meier import KaplanMeier
from analysis_lib.study.study import Study
from analysis_lib.topics.survival.numbers import (
    survival_by_exposure,
    survival_by_response,
    survival_by_timing,
)

LONG = "Refractory to the exposure after at least two lines, response confirmed by central review"


def panels(figure: ReportFigure) -> list[tuple[Axes, Axes]]:
    """Pairs of curves and the table of numbers at risk below them."""
    axes = figure.axes
    return list(zip(axes[::2], axes[1::2], strict=True))


def test_an_omitted_comparison_comes_back(two_groups: SurvivalComparison) -> None:
    omitted = Omitted("The extract records no timing.")
    assert plot_kaplan_meier(omitted) is omitted
    assert plot_kaplan_meier(two_groups, omitted) is omitted


def test_numbers_at_risk_are_those_of_the_results(study: Study) -> None:
    pfs, os = (survival_by_response(study, outcome) for outcome in ("pfs", "os"))
    figure = plot_kaplan_meier(pfs, os)
    for comparison, (_, table) in zip((pfs, os), panels(figure), strict=True):
        printed = [int(text.get_text()) for text in table.texts if text.get_text().isdigit()]
        key = Key(comparison.analysis, comparison.outcome, statistic="at_risk")
        expected = [
            comparison.results.value(key._replace(population=x.population, time_months=time))
            for x in comparison.curves
            for time in comparison.risk_times
        ]
        assert printed == expected


def test_numbers_at_risk_stand_under_their_ticks(two_groups: SurvivalComparison) -> None:
    figure = plot_kaplan_meier(two_groups)
    (curves, table), *_ = panels(figure)
    numbers = [text for text in table.texts if text.get_text().isdigit()]
    ticks = curves.transData.transform([(t, 0) for t in two_groups.risk_times])[:, 0]
    placed = [table.transData.transform(text.get_position())[0] for text in numbers]
    assert placed == pytest.approx([*ticks, *ticks])
    assert curves.get_xticks().tolist() == list(two_groups.risk_times)


def test_the_note_is_the_formatted_result(comparison_of: Callable, see: Callable) -> None:
    figure = plot_kaplan_meier(comparison_of(["Naive", "Exposed"]))
    note = next(text for text in see(figure).written if "Log-rank" in text)
    assert note == "Exposed vs naive\nLog-rank P = .012\nUnadjusted HR 1.66 (95% CI, 1.11–2.45)"


def test_the_note_names_the_groups_that_are_tested(comparison_of: Callable) -> None:
    three = comparison_of(["Never", "Responder", "Refractory"], tested=["Responder", "Refractory"])
    assert survival_note(three).startswith("Refractory vs responder\nLog-rank P = .012\n")
    overall = comparison_of(["Never", "Responder", "Refractory"])
    assert survival_note(overall) == "Log-rank P = .012"


def test_without_events_the_note_says_not_estimable(comparison_of: Callable) -> None:
    note = survival_note(comparison_of(["Naive", "Exposed"], events="none"))
    assert note == "Exposed vs naive\nLog-rank P not estimable\nUnadjusted HR not estimable"


def test_curves_are_the_estimate_in_percent(two_groups: SurvivalComparison) -> None:
    curves = panels(plot_kaplan_meier(two_groups))[0][0]
    steps = [line for line in curves.lines if line.get_drawstyle() == "steps-post"]
    assert len(steps) == 2
    for line, curve in zip(steps, two_groups.curves, strict=True):
        np.testing.assert_array_equal(line.get_xdata(), curve.estimate.times)
        np.testing.assert_allclose(line.get_ydata(), 100 * curve.estimate.survival)
    ticks = [line for line in curves.lines if line.get_marker() == "|"]
    assert [len(x.get_xdata()) for x in ticks] == [
        len(curve.estimate.censor_times()) for curve in two_groups.curves
    ]
    assert curves.get_yticks().tolist() == [0, 20, 40, 60, 80, 100]


@pytest.mark.parametrize(
    "labels",
    [
        ["Everyone"],
        ["Naive", "Exposed"],
        ["No prior blinatumomab therapy", "Prior blinatumomab therapy"],
        [f"Group {i}" for i in range(6)],
        [f"{LONG} {i}" for i in range(6)],
    ],
    ids=["one", "two", "blinatumomab", "six", "six-long"],
)
@pytest.mark.parametrize("count", [1, 2], ids=["one-panel", "two-panels"])
def test_no_text_collides_or_is_clipped(
    comparison_of: Callable, see: Callable, labels: list[str], count: int
) -> None:
    shown = [comparison_of(labels, outcome=x, label="SYNTHETIC") for x in ("pfs", "os")[:count]]
    seen = see(plot_kaplan_meier(*shown))
    assert seen.outside == []
    assert seen.overlapping == []


@pytest.mark.parametrize("events", ["none", "all", "some"])
@pytest.mark.parametrize("n", [1, 10])
def test_few_patients_and_no_events_draw(
    comparison_of: Callable, see: Callable, n: int, events: str
) -> None:
    seen = see(plot_kaplan_meier(comparison_of(["A", "B"], n=n, events=events)))
    assert seen.outside == [] and seen.overlapping == []


def test_a_hundred_thousand_patients_make_a_small_figure(
    comparison_of: Callable, see: Callable
) -> None:
    large = comparison_of(["A", "B"], n=100_000)
    figure = plot_kaplan_meier(large, large)
    assert len(figure.svg()) < 1_000_000
    seen = see(figure)
    assert seen.overlapping == [] and seen.outside == []
    assert "100\u00a0000" in seen.written


def test_crowded_columns_are_thinned_together_with_the_ticks(comparison_of: Callable) -> None:
    large = comparison_of(["A", "B"], n=100_000)
    crowded = [0.0, *range(1, 25)]
    rows = [
        row
        for curve in large.curves
        for row in _at_risk(large, curve.population, curve.estimate, crowded)
    ]
    results = replace(large.results, rows=tuple(rows))
    figure = plot_kaplan_meier(replace(large, risk_times=tuple(crowded), results=results))
    curves, table = panels(figure)[0]
    shown = curves.get_xticks().tolist()
    assert 2 < len(shown) < len(crowded)
    assert len({b - a for a, b in pairwise(shown)}) == 1
    numbers = [x for x in table.texts if x.get_text().replace("\u00a0", "").isdigit()]
    assert len(numbers) == 2 * len(shown)


def _at_risk(
    comparison: SurvivalComparison, population: str, estimate: KaplanMeier, times: Sequence[float]
) -> list[Row]:
    key = Key(comparison.analysis, comparison.outcome, population)
    counts = estimate.number_at_risk(times)
    return [
        Row(key._replace(time_months=float(t))).at("at_risk", int(n))
        for t, n in zip(times, counts, strict=True)
    ]


def test_panels_of_the_same_groups_share_a_legend(study: Study, see: Callable) -> None:
    pair = [survival_by_exposure(study, outcome) for outcome in ("pfs", "os")]
    figure = plot_kaplan_meier(*pair)
    assert len(figure.legends) == 1
    written = see(figure).written
    assert written.count("Number at risk") == 1
    assert {"A", "B", "Censored", "95% CI"} <= set(written)


def test_four_panels_are_the_article_s_figure(study: Study, see: Callable) -> None:
    analyses = (survival_by_exposure, survival_by_response)
    figure = plot_kaplan_meier(*(f(study, o) for f in analyses for o in ("pfs", "os")))
    seen = see(figure)
    assert seen.overlapping == [] and seen.outside == []
    assert {"A", "B", "C", "D"} <= set(seen.written)
    assert len({curves.get_position().width for curves, _ in panels(figure)}) == 1


def test_a_single_panel_has_no_letter(study: Study, see: Callable) -> None:
    seen = see(plot_kaplan_meier(survival_by_timing(study, "os")))
    assert "A" not in seen.written
    assert "Overall survival (%)" in seen.written


def test_bands_are_drawn_for_three_groups_and_not_for_four(comparison_of: Callable) -> None:
    three, four = (
        panels(plot_kaplan_meier(comparison_of([f"G{i}" for i in range(n)])))[0][0] for n in (3, 4)
    )
    assert len(three.collections) == 3
    assert len(four.collections) == 0


def test_the_note_stands_where_no_curve_passes(comparison_of: Callable) -> None:
    comparison = comparison_of(["A", "B"])
    frame = Frame(60, 52, 26, 102)
    place = free_place(comparison, frame, survival_note(comparison))
    assert place is not None
    months, percent = frame.months / frame.width, frame.percent / frame.height
    grid = np.linspace(place.left * months, (place.left + place.width) * months, 50)
    for curve in comparison.curves:
        for time in grid[grid <= curve.estimate.times[-1]]:
            height = 100 * curve.estimate.at(float(time)).survival / percent
            assert not place.bottom <= height <= place.bottom + place.height


def test_a_panel_full_of_curves_has_no_free_place(comparison_of: Callable) -> None:
    comparison = comparison_of([f"G{i}" for i in range(6)])
    assert free_place(comparison, Frame(20, 15, 26, 102), survival_note(comparison)) is None
