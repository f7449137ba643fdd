"""Forest plots of the answer and by choice: a row a model, a declared primary one in colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import INK, ReportFigure
from analysis_lib.show.prose import Estimate
from analysis_lib.show.two_scales import difference_axis
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.effect.figure import plot_sensitivity
from analysis_lib.topics.effect.numbers import sensitivity_to_choices
from analysis_lib.topics.summary.figure import plot_answers, plot_glance
from analysis_lib.topics.summary.numbers import Answer, answer
from analysis_lib.topics.survival.numbers import survival_by_exposure


@pytest.fixture(scope="module")
def answers(study: Study) -> list[Answer]:
    return [answer(study, outcome) for outcome in ("pfs", "os")]


def _marks(figure: ReportFigure, scale: int) -> list[tuple[float, str]]:
    """The marks of the ratios, scale 1, or of the differences, scale 2."""
    lines = figure.axes[scale].lines
    return [(float(x.get_xdata()[0]), x.get_color()) for x in lines if x.get_marker() == "s"]


def glance(study: Study, answers: list[Answer]) -> ReportFigure:
    return plot_glance(answers, [survival_by_exposure(study, x.outcome) for x in answers])


NAMES = ("outcome", "overlap", "robust", "imputed")


def test_every_estimate_is_a_mark_on_both_scales_and_the_primary_estimand_stands_out(
    answers: list[Answer],
) -> None:
    ratios, differences = [], []
    for one in answers:
        keys = [one.standardised.contrast(x, "exposed", 12.0) for x in NAMES]
        effects = (one.ladder.crude, one.ladder.baseline, one.weighted)
        ratios += [x.results.value(x.contrast("exposed"), "hazard_ratio") for x in effects]
        ratios.append(one.results.value(keys[2], "cumulative_hazard_ratio"))
        imputed = one.imputed
        ratios.append(imputed.results.value(imputed.contrast("exposed"), "hazard_ratio"))
        keys = [one.crude_difference("exposed"), *keys]
        differences += [one.results.value(key, "survival_difference") for key in keys]
    figure = plot_answers(*answers)
    for scale, expected in ((1, ratios), (2, differences)):
        marks = _marks(figure, scale)
        assert [value for value, _ in marks] == expected
        assert [i for i, (_, colour) in enumerate(marks) if colour != INK] == [1]


def test_without_weights_and_gaps_their_rows_are_gone(answers: list[Answer]) -> None:
    changed = replace(
        answers[0],
        weighted=Omitted("No covariate."),
        imputed=None,
        standardised=Omitted("No events."),
    )
    figure = plot_answers(changed)
    assert (len(_marks(figure, 1)), len(_marks(figure, 2))) == (2, 1)


def test_the_first_page_draws_each_endpoint_and_its_ratios_crude_adjusted_and_weighted(
    study: Study, answers: list[Answer]
) -> None:
    compared = [survival_by_exposure(study, one.outcome) for one in answers]
    *panels, _, ratios = glance(study, answers).axes
    for axes, one in zip(panels, compared, strict=True):
        ends = [float(line.get_ydata()[-1]) for line in axes.lines]
        assert ends == [100 * float(x.estimate.survival[-1]) for x in one.curves]
    found = [float(x.get_xdata()[0]) for x in ratios.lines if x.get_marker() == "s"]
    assert found == [
        effect.results.value(effect.contrast("exposed"), "hazard_ratio")
        for one in answers
        for effect in (one.ladder.crude, one.ladder.baseline, one.weighted)
    ]


def test_without_curves_the_first_page_has_the_ratios_alone(answers: list[Answer]) -> None:
    figure = plot_glance(answers, [Omitted("Groups too small.")] * 2)
    assert len(figure.axes) == 2
    assert len(_marks(figure, 1)) == 6


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((-0.33, 0.04), (-0.4, 0.1)),
        ((0.01, 0.02), (-0.05, 0.05)),
        ((-0.9, 0.95), (-1.0, 1.0)),
    ],
)
def test_the_axis_of_differences_holds_every_interval_and_no_difference(
    ends: tuple[float, float], expected: tuple[float, float]
) -> None:
    low, high, ticks = difference_axis([Estimate(sum(ends) / 2, *ends, 0.95)])
    assert (low, high) == expected
    assert 0.0 in ticks
    assert len(ticks) <= 8


def test_nothing_collides_and_the_axis_says_who_is_compared(
    study: Study, study_of: Callable[..., Study], answers: list[Answer], see: Callable
) -> None:
    three = study_of(exposure="disease_subtype")
    two = "InO-exposed against InO-naïve"
    figures = {
        f"{two}, log scale": (plot_answers(*answers), glance(study, answers)),
        f"{two}: hazard ratio, log scale": (plot_sensitivity(sensitivity_to_choices(study)),),
        "Against Ph-negative, log scale": (
            plot_answers(answer(three, "pfs")),
            glance(three, [answer(three, "pfs")]),
        ),
    }
    for axis, drawn in figures.items():
        for figure in drawn:
            seen = see(figure)
            assert axis in [" ".join(x.split()) for x in seen.written]
            assert SYNTHETIC_LABEL in seen.written
            assert seen.overlapping == []
            assert seen.outside == []
