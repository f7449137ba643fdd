"""Figures of the confounding sections: every number is drawn, nothing collides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from analysis_lib.format import INFINITY
from analysis_lib.marks import SUPPRESSED
from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import ReportFigure
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.estimands.figure import plot_causal_diagram
from analysis_lib.topics.estimands.numbers import study_estimands
from analysis_lib.topics.weighting.figure import (
    MOST_SHOWN,
    plot_leave_one_out,
    plot_propensity,
    plot_weighted_balance,
    plot_weighted_survival,
)
from analysis_lib.topics.weighting.numbers import Weighting, exposure_propensity, weigh_groups
from analysis_lib.topics.weighting.survival import weighted_survival
from analysis_lib.topics.weighting.unmeasured import leave_one_centre_out


@dataclass(frozen=True)
class Made:
    propensity: Any
    weighting: Any
    survival: list[Any]
    without: list[Any]
    estimands: Any


def make(study: Study) -> Made:
    propensity = exposure_propensity(study)
    weighting = weigh_groups(study)
    outcomes = study.parameters.endpoints
    return Made(
        propensity,
        weighting,
        [weighted_survival(study, x) for x in outcomes],
        [leave_one_centre_out(study, x) for x in outcomes],
        study_estimands(study),
    )


def figures(made: Made) -> list[ReportFigure]:
    return [
        plot_propensity(made.propensity),
        plot_weighted_balance(made.weighting),
        plot_weighted_survival(*made.survival),
        plot_leave_one_out(*made.without),
        plot_causal_diagram(made.estimands),
    ]


@pytest.fixture(scope="module")
def made(study: Study) -> Made:
    return make(study)


@pytest.mark.parametrize("exposure", ["ino", "marrow_status", "sex"])
def test_nothing_collides_or_leaves_the_page(
    exposure: str, study_of: Callable[..., Study], see: Callable
) -> None:
    for figure in figures(make(study_of(exposure=exposure))):
        seen = see(figure)
        assert seen.overlapping == [], figure.title
        assert seen.outside == [], figure.title
        assert SYNTHETIC_LABEL in seen.written


def test_the_strips_hold_every_patient_of_the_propensity(made: Made) -> None:
    figure = plot_propensity(made.propensity)
    heights = [sum(x.get_height() for x in axes.patches) for axes in figure.axes]
    assert heights == np.bincount(made.propensity.codes).tolist()


def test_a_mark_for_each_covariate_and_kind_of_weights(made: Made) -> None:
    axes = plot_weighted_balance(made.weighting).axes[0]
    lines = [x for x in axes.lines if len(x.get_xdata()) == len(made.weighting.variables)]
    assert len(lines) == len(made.weighting.schemes)
    assert max(lines[0].get_xdata()) > 0.1
    assert list(lines[-1].get_xdata()) == [0.0] * len(made.weighting.variables)


def test_centres_are_sorted_by_the_estimate_of_the_others(made: Made) -> None:
    figure = plot_leave_one_out(*made.without)
    for axes, part in zip(figure.axes, made.without, strict=True):
        drawn = [x.get_xdata()[0] for x in axes.lines if x.get_marker() == "o"]
        assert drawn == sorted(x.hazard_ratio for x in part.without["exposed"])
        names = [x.get_text() for x in axes.get_yticklabels()]
        assert len(names) == len(set(names)) == len(drawn)


def test_of_very_many_centres_those_that_move_most_are_drawn(made: Made) -> None:
    part = made.without[0]
    one = part.without["exposed"][0]
    many = tuple(replace(one, label=f"X{i}", coefficient=0.001 * i) for i in range(200))
    figure = plot_leave_one_out(replace(part, without={"exposed": many}))
    drawn = {x.get_xdata()[0] for x in figure.axes[0].lines if x.get_marker() == "o"}
    assert len(drawn) == MOST_SHOWN
    whole = part.effect.fit.coefficient("ino", "exposed").coefficient
    moved = sorted((abs(x.coefficient - whole) for x in many), reverse=True)[:MOST_SHOWN]
    assert min(abs(np.log(x) - whole) for x in drawn) == pytest.approx(min(moved))


def test_what_is_left_out_is_returned_in_place_of_the_figure() -> None:
    gone = Omitted("Nothing to weigh by.")
    drawn = (plot_propensity(gone), plot_weighted_balance(gone), plot_weighted_survival(gone, gone))
    assert all(x is gone for x in (*drawn, plot_leave_one_out(gone)))


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


@pytest.mark.parametrize(("value", "said"), [(nan, "not estimable"), (SUPPRESSED, "suppressed")])
def test_a_difference_that_has_no_mark_is_said_in_words(
    study: Study, see: Callable, value: float, said: str
) -> None:
    drawn = see(plot_weighted_balance(with_difference(study, value)))
    assert drawn.written.count(said) == 1


def test_letters_that_the_font_lacks_are_boxes_and_no_warning() -> None:
    figure = ReportFigure(40, 20, title="北京", label="")
    figure.text_at(10, 10, "北京 Zürich")
    assert "<svg" in figure.svg()
