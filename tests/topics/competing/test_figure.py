"""Figures of cumulative incidence draw the estimates, and nothing in them collides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import ReportFigure, stroke
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.competing.figure import plot_relapse_and_death, plot_toxicity_onset
from analysis_lib.topics.competing.incidence import Incidence
from analysis_lib.topics.competing.numbers import (
    RelapseAndDeath,
    ToxicityOnset,
    relapse_and_death_by_exposure,
    toxicity_onset_by_exposure,
)


@pytest.fixture(scope="module")
def found(study: Study) -> RelapseAndDeath:
    result = relapse_and_death_by_exposure(study)
    assert isinstance(result, RelapseAndDeath)
    return result


@pytest.fixture(scope="module")
def onset(study: Study) -> ToxicityOnset:
    result = toxicity_onset_by_exposure(study)
    assert isinstance(result, ToxicityOnset)
    return result


def _check(figure: ReportFigure, shown: tuple[Incidence, ...]) -> None:
    for incidence, curves, table in zip(shown, figure.axes[::2], figure.axes[1::2], strict=True):
        for index, curve in enumerate(incidence.curves):
            line = curves.lines[index]
            assert line.get_color() == stroke(index).colour
            np.testing.assert_allclose(line.get_xdata(), curve.estimate.times)
            np.testing.assert_allclose(line.get_ydata(), 100 * curve.estimate.incidence)
        numbers = [int(x.get_text()) for x in table.texts if x.get_text().isdigit()]
        assert numbers == [
            int(n)
            for curve in incidence.curves
            for n in curve.estimate.number_at_risk(incidence.question.risk_times)
        ]


def test_curves_and_numbers_at_risk_are_those_of_the_results(
    found: RelapseAndDeath, onset: ToxicityOnset
) -> None:
    drawn = plot_relapse_and_death(found), plot_toxicity_onset(onset)
    for figure, result in zip(drawn, (found, onset), strict=True):
        assert isinstance(figure, ReportFigure)
        _check(figure, result.incidences)
    labels = [axes.get_xlabel() for figure in drawn for axes in figure.axes[::2]]
    assert labels == ["Months from infusion"] * 2 + ["Days from infusion"] * 2


@pytest.mark.parametrize("exposure", ["ino", "marrow_status", "race_ethnicity"])
def test_nothing_collides_with_two_to_five_groups(
    study_of: Callable[..., Study], see: Callable, exposure: str
) -> None:
    study = study_of(exposure=exposure, nonresponse_is_pfs_event=True)
    for figure in (
        plot_relapse_and_death(relapse_and_death_by_exposure(study)),
        plot_toxicity_onset(toxicity_onset_by_exposure(study)),
    ):
        seen = see(figure)
        assert seen.overlapping == []
        assert seen.outside == []
        assert SYNTHETIC_LABEL in seen.written
        assert sum(text.startswith("Gray's test P") for text in seen.written) == 2


def test_a_single_syndrome_has_one_panel_without_a_letter(
    onset: ToxicityOnset, see: Callable
) -> None:
    figure = plot_toxicity_onset(replace(onset, incidences=onset.incidences[:1]))
    assert isinstance(figure, ReportFigure)
    assert len(figure.axes) == 2
    seen = see(figure)
    assert "A" not in seen.written
    assert seen.outside == seen.overlapping == []


def test_the_omitted_comes_back() -> None:
    omitted = Omitted("No relapse is recorded.")
    assert plot_relapse_and_death(omitted) is omitted
    assert plot_toxicity_onset(omitted) is omitted
