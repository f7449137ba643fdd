"""What has no place on an axis, or no letter in the font, is drawn all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, nan

from analysis_lib.format import INFINITY
from analysis_lib.show.figure import ReportFigure
from analysis_lib.study.study import Study
from analysis_lib.topics.weighting.figure import plot_weighted_balance
from analysis_lib.topics.weighting.numbers import Weighting, weigh_groups


def with_difference(study: Study, value: float) -> Weighting:
    """The balance of the groups with one difference of the unweighted changed."""
    made = weigh_groups(study)
    assert isinstance(made, Weighting)
    changed = ("weighting_none", made.variables[0].name, "standardized_difference")
    rows = tuple(
        replace(row, value=value)
        if (row.key.analysis, row.key.variable, row.key.statistic) == changed
        else row
        for row in made.results
    )
    return replace(made, results=replace(made.results, rows=rows))


def test_an_infinite_difference_stands_at_the_edge_with_its_sign(
    study: Study, see: Callable
) -> None:
    made = with_difference(study, inf)
    figure = plot_weighted_balance(made)
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == [INFINITY]
    marks = next(x for x in axes.lines if len(x.get_xdata()) == len(made.variables))
    assert max(marks.get_xdata()) == axes.get_xlim()[1]
    assert see(figure).outside == []


def test_a_difference_that_is_not_estimable_is_said_in_words(study: Study, see: Callable) -> None:
    drawn = see(plot_weighted_balance(with_difference(study, nan)))
    assert drawn.written.count("not estimable") == 1


def test_letters_that_the_font_lacks_are_boxes_and_no_warning() -> None:
    figure = ReportFigure(40, 20, title="北京", label="")
    figure.text_at(10, 10, "北京 Zürich")
    assert "<svg" in figure.svg()
