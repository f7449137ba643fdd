"""Forest plots show every term with its numbers, and say in words what is not estimable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, nan

import pytest

from analysis_lib.dictionary import Dictionary
from analysis_lib.estimates.models import Model
from analysis_lib.results.rows import Omitted
from analysis_lib.show.forest_layout import Mark, forest_rows, ratio_axis
from analysis_lib.stats.cox_results import CoxCoefficient
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.regression.figure import plot_forest, plot_univariable_forest
from analysis_lib.topics.regression.numbers import Screen, as_published_models, screen_candidates


@pytest.fixture(scope="module")
def model_a(study: Study) -> Model:
    return as_published_models(study).models[0]


@pytest.fixture(scope="module")
def screen(study: Study) -> Screen:
    return screen_candidates(study)


def _with(model: Model, index: int, **values: object) -> Model:
    """The model with one coefficient changed, which no row tells otherwise."""
    terms = list(model.fit.coefficients)
    terms[index] = replace(terms[index], **values)
    others = [row for row in model.results if row.key.variable != terms[index].variable]
    results = replace(model.results, rows=tuple(others))
    return replace(model, fit=replace(model.fit, coefficients=tuple(terms)), results=results)


def _first(model: Model) -> CoxCoefficient:
    return model.fit.coefficients[0]


def test_an_omitted_model_comes_back() -> None:
    omitted = Omitted("The extract records no response to the exposure.")
    assert plot_forest(omitted) is omitted
    assert plot_univariable_forest(omitted) is omitted


def test_a_row_is_the_formatted_coefficient(model_a: Model, dictionary: Dictionary) -> None:
    model = _with(
        model_a, 0, hazard_ratio=1.205, ci_low=0.714, ci_high=2.0349, p_value=0.0495, n=66, events=9
    )
    row = forest_rows(model.fit, "ino", dictionary)[2]
    texts = (row.label, row.n, row.events, row.ratio, row.p_value)
    assert texts == ("InO-exposed", "66", "9", "1.21 (0.71–2.03)", ".0495")


def test_every_level_and_its_reference_is_a_row(model_a: Model, dictionary: Dictionary) -> None:
    rows = forest_rows(model_a.fit, "ino", dictionary)
    assert [row.label for row in rows[:3]] == [
        dictionary["ino"].label,
        "InO-naïve",
        "InO-exposed",
    ]
    counts = model_a.fit.factors["ino"].counts["naive"]
    assert (rows[1].n, rows[1].events, rows[1].ratio) == (*map(str, counts), "reference")
    factors, terms = model_a.fit.factors, model_a.fit.coefficients
    assert len(rows) == len(terms) + 2 * len(factors)


def test_the_exposure_stands_first_wherever_it_is_in_the_model(
    model_a: Model, dictionary: Dictionary
) -> None:
    rows = forest_rows(model_a.fit, "ph_positive", dictionary)
    assert rows[0].label == dictionary["ph_positive"].label
    assert [row.of_exposure for row in rows].count(True) == 3


def test_a_quantity_says_what_its_ratio_is_per(screen: Screen, dictionary: Dictionary) -> None:
    labels = [
        forest_rows(one.fit, "ino", dictionary)[0].label
        for one in screen.candidates
        if one.variable in ("age_decades", "prior_lines")
    ]
    assert labels == ["Age, per 10 years", "Prior lines of therapy, per line"]


def test_what_is_not_estimable_says_so_in_words(model_a: Model, see: Callable) -> None:
    model = _with(
        model_a,
        0,
        estimable=False,
        reason="perfectly collinear with ph_positive=yes",
        hazard_ratio=nan,
        ci_low=nan,
        ci_high=nan,
        p_value=nan,
    )
    figure = plot_forest(model)
    seen = see(figure)
    assert "not estimable" in seen.written
    assert "perfectly collinear with Ph+ disease (Yes)" in seen.written
    assert seen.overlapping == [] and seen.outside == []
    full = plot_forest(model_a)
    assert len(figure.axes[1].lines) == len(full.axes[1].lines) - 2  # no interval and no mark


def test_marks_stand_at_the_estimates(model_a: Model) -> None:
    plot = plot_forest(model_a).axes[1]
    marks = [float(line.get_xdata()[0]) for line in plot.lines if line.get_marker() == "s"]
    assert marks == [term.hazard_ratio for term in model_a.fit.coefficients]
    assert plot.get_xscale() == "log"


def test_an_interval_beyond_the_axis_ends_in_an_arrow(model_a: Model) -> None:
    model = _with(model_a, 0, hazard_ratio=2.0, ci_low=0.001, ci_high=inf)
    plot = plot_forest(model).axes[1]
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


def test_the_whole_figure_is_labelled_and_nothing_collides(
    study: Study, model_a: Model, screen: Screen, see: Callable
) -> None:
    for figure in (
        plot_forest(model_a),
        plot_univariable_forest(screen),
    ):
        seen = see(figure)
        assert SYNTHETIC_LABEL in seen.written
        assert "HR (95% CI)" in seen.written
        assert seen.overlapping == []
        assert seen.outside == []


def test_the_screen_shows_the_exposure_and_every_candidate(
    study: Study, screen: Screen, see: Callable
) -> None:
    written = see(plot_univariable_forest(screen)).written
    assert written.index(screen.exposure.label) < written.index(screen.candidates[1].label)
    for one in screen.candidates:
        assert any(text.replace("\n", " ").startswith(one.label) for text in written)
