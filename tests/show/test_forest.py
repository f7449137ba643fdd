"""Forest plots show every row with its numbers, and say in words what is not estimable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, nan

import pytest

from analysis_lib.results.disclosure.release import study_results
from analysis_lib.show.figure import ReportFigure
from analysis_lib.show.forest import draw_forest
from analysis_lib.show.forest_layout import ForestRow, Mark, heading_row, ratio_axis
from analysis_lib.study.study import SYNTHETIC_LABEL, Study

ROW = ForestRow("InO-exposed", True, False, True, "66", "9", "1.21 (0.71–2.03)", ".0495")
ROWS = (heading_row("Prior InO"), replace(ROW, mark=Mark(1.205, 0.714, 2.0349)))


@pytest.fixture
def drawn(study: Study) -> Callable[..., ReportFigure]:
    results = study_results(study, ())
    return lambda *rows: draw_forest(rows, results, title="Ratios", outcome="Survival")


def test_what_is_not_estimable_says_so_in_words(drawn, see: Callable) -> None:
    reason = "perfectly collinear with Ph+ disease (Yes)"
    figure = drawn(ROWS[0], replace(ROW, ratio="not estimable", p_value="–", reason=reason))
    seen = see(figure)
    assert "not estimable" in seen.written
    assert reason in seen.written
    assert seen.overlapping == [] and seen.outside == []
    assert len(figure.axes[1].lines) == len(drawn(*ROWS).axes[1].lines) - 2  # no interval, no mark


def test_marks_stand_at_the_estimates_on_a_logarithmic_axis(drawn, see: Callable) -> None:
    figure = drawn(*ROWS)
    plot = figure.axes[1]
    marks = [float(line.get_xdata()[0]) for line in plot.lines if line.get_marker() == "s"]
    assert marks == [1.205]
    assert plot.get_xscale() == "log"
    assert {SYNTHETIC_LABEL, "HR (95% CI)", *(ROW.label, ROW.n, ROW.ratio)} <= set(
        see(figure).written
    )


def test_an_interval_beyond_the_axis_ends_in_an_arrow(drawn) -> None:
    plot = drawn(replace(ROW, mark=Mark(2.0, 0.001, inf))).axes[1]
    arrows = {line.get_marker(): float(line.get_xdata()[0]) for line in plot.lines}
    low, high = plot.get_xlim()
    assert arrows["<"] == low
    assert arrows[">"] == high
    assert low >= 0.01 and high <= 100


@pytest.mark.parametrize(
    ("marks", "low", "high"),
    [
        ([], 0.5, 2.0),
        ([Mark(1.2, 0.71, 2.03)], 0.5, 5.0),
        ([Mark(0.15, 0.04, 0.56)], 0.05, 2.0),
        ([Mark(0.01, 0.001, 0.2)], 0.01, 2.0),
        ([Mark(3.0, 0.5, 900.0)], 0.5, 20.0),
        ([Mark(nan, nan, nan)], 0.5, 2.0),
    ],
)
def test_the_axis_holds_every_estimate_on_round_limits(
    marks: list[Mark], low: float, high: float
) -> None:
    axis = ratio_axis(marks)
    assert (axis.low, axis.high) == (pytest.approx(low), pytest.approx(high))
    assert 1.0 in [pytest.approx(tick) for tick in axis.ticks]
    assert len(axis.ticks) <= 9
