"""Forest plots of the answer and by choice: a row a model, the primary one in colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import INK, ReportFigure
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.effect.figure import plot_sensitivity
from analysis_lib.topics.effect.numbers import sensitivity_to_choices
from analysis_lib.topics.summary.figure import plot_answers
from analysis_lib.topics.summary.numbers import Answer, answer


@pytest.fixture(scope="module")
def answers(study: Study) -> list[Answer]:
    return [answer(study, outcome) for outcome in ("pfs", "os")]


def _marks(figure: ReportFigure) -> list[tuple[float, str]]:
    lines = figure.axes[1].lines
    return [(float(x.get_xdata()[0]), x.get_color()) for x in lines if x.get_marker() == "s"]


def test_every_estimate_is_a_mark_and_the_primary_model_stands_out(answers: list[Answer]) -> None:
    expected = []
    for one in answers:
        fits = (one.ladder.crude.fit, one.ladder.baseline.fit, one.weighted.fit)
        for fit in fits:
            ratio = fit.coefficient("ino", "exposed").hazard_ratio
            expected.append((ratio, fit is one.ladder.baseline.fit))
    marks = _marks(plot_answers(*answers))
    assert [(ratio, colour != INK) for ratio, colour in marks] == expected


def test_without_weights_their_row_is_gone(answers: list[Answer]) -> None:
    changed = replace(answers[0], weighted=Omitted("No covariate."))
    assert len(_marks(plot_answers(changed))) == 2


def test_nothing_collides_and_the_axis_says_who_is_compared(
    study: Study, study_of: Callable[..., Study], answers: list[Answer], see: Callable
) -> None:
    three = study_of(exposure="disease_subtype")
    figures = {
        "InO-exposed against InO-naïve": (
            plot_answers(*answers),
            plot_sensitivity(sensitivity_to_choices(study)),
        ),
        "Against Ph-negative": (plot_answers(answer(three, "pfs")),),
    }
    for compared, drawn in figures.items():
        for figure in drawn:
            seen = see(figure)
            assert f"{compared}: hazard ratio, log scale" in seen.written
            assert SYNTHETIC_LABEL in seen.written
            assert seen.overlapping == []
            assert seen.outside == []
