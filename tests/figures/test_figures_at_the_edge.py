"""What has no place on an axis, or no letter in the font, is drawn all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf

from analysis_lib.format import INFINITY
from analysis_lib.show.figure import ReportFigure
from analysis_lib.study.study import Study
from analysis_lib.topics.baseline.figure import plot_balance
from analysis_lib.topics.baseline.numbers import baseline_by_exposure


def test_an_infinite_difference_stands_at_the_edge_with_its_sign(
    study: Study, see: Callable
) -> None:
    made = baseline_by_exposure(study)
    rows = tuple(
        replace(row, value=inf)
        if (row.key.variable, row.key.statistic) == ("sex", "standardized_difference")
        else row
        for row in made.results
    )
    figure = plot_balance(replace(made, results=replace(made.results, rows=rows)))
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == [INFINITY]
    marks = next(x for x in axes.lines if len(x.get_xdata()) == len(made.variables))
    assert max(marks.get_xdata()) == axes.get_xlim()[1]
    assert see(figure).outside == []


def test_letters_that_the_font_lacks_are_boxes_and_no_warning() -> None:
    figure = ReportFigure(40, 20, title="北京", label="")
    figure.text_at(10, 10, "北京 Zürich")
    assert "<svg" in figure.svg()
