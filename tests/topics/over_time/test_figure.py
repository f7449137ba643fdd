"""The hazard ratio over time: a residual an event, the smooth, and one ratio for comparison."""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import log

import numpy as np
import pytest
from matplotlib.text import Text

from analysis_lib.format import format_p_statement
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import SYNTHETIC_LABEL, Study, make_study
from analysis_lib.topics.over_time.figure import plot_proportionality
from analysis_lib.topics.over_time.numbers import Proportionality, proportionality


@pytest.fixture(scope="module")
def checks(study: Study) -> list[Proportionality]:
    return [proportionality(study, x) for x in ("pfs", "os")]


def test_every_event_is_a_point_and_the_dashed_line_is_the_single_ratio(
    checks: list[Proportionality],
) -> None:
    figure = plot_proportionality(*checks)
    panels = [check for one in checks for check in one.checks]
    assert len(figure.axes) == len(panels) == 4
    for axes, check in zip(figure.axes, panels, strict=True):
        points = [line for line in axes.lines if line.get_marker() == "o"]
        np.testing.assert_array_equal(points[0].get_ydata(), check.tested.residuals.values["ino"])
        assert len(points[0].get_xdata()) == check.effect.fit.events
        term = check.effect.fit.coefficient("ino", "exposed")
        level = [float(line.get_ydata()[0]) for line in axes.lines if line.is_dashed()]
        assert level == [term.coefficient]
        smooth = axes.lines[-1]
        np.testing.assert_array_equal(smooth.get_ydata(), check.smooth.estimate)


def test_of_many_events_one_in_so_many_is_a_point_and_the_legend_says_so(
    checks: list[Proportionality], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[plot_proportionality.__module__], "MOST_DOTS", 40)
    figure = plot_proportionality(*checks)
    check = checks[0].checks[0]
    every = -(-check.effect.fit.events // 40)
    points = next(line for line in figure.axes[0].lines if line.get_marker() == "o")
    values = check.tested.residuals.values["ino"][::every]
    np.testing.assert_array_equal(points.get_ydata(), values)
    assert 20 < len(values) <= 40
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert f"Scaled Schoenfeld residual of one event in {every}" in texts


def test_the_axis_says_ratios_where_their_logarithms_are(checks: list[Proportionality]) -> None:
    for axes in plot_proportionality(*checks).axes:
        places = dict(
            zip(
                (label.get_text() for label in axes.get_yticklabels()),
                axes.get_yticks(),
                strict=True,
            )
        )
        assert places["1"] == 0
        assert places["3"] == pytest.approx(log(3))


def test_months_stand_where_the_tests_scale_has_them(checks: list[Proportionality]) -> None:
    axes = plot_proportionality(*checks).axes[0]
    residuals = checks[0].checks[0].tested.residuals
    for place, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True):
        before = residuals.transformed_time[residuals.time <= float(label.get_text())].max()
        after = residuals.transformed_time[residuals.time >= float(label.get_text())].min()
        assert before <= place <= after


def test_nothing_collides_and_the_p_values_and_the_label_are_written(
    checks: list[Proportionality], study_of: Callable[..., Study], see: Callable
) -> None:
    three = study_of(exposure="marrow_status")
    several = [proportionality(three, "pfs")]
    for shown in (checks, several):
        seen = see(plot_proportionality(*shown))
        assert SYNTHETIC_LABEL in seen.written
        for one in shown:
            for check in one.checks:
                assert f"Score test: {format_p_statement(check.p_value)}" in seen.written
        assert seen.overlapping == []
        assert seen.outside == []


def test_of_several_groups_the_axis_is_a_multiplier_and_its_line_is_1(
    study_of: Callable[..., Study],
) -> None:
    study = study_of(exposure="marrow_status")
    axes = plot_proportionality(proportionality(study, "os")).axes[0]
    assert axes.get_ylabel() == "Multiplier of the log hazard ratios"
    assert [float(x.get_ydata()[0]) for x in axes.lines if x.is_dashed()] == [1.0]


def test_without_residuals_there_is_a_reason_and_no_figure(
    root, extract, write_extract: Callable
) -> None:
    nobody = dict.fromkeys(["death_date", "relapse_date", "cause_of_death"], "")
    changed = extract.assign(**nobody, response_not_evaluable_reason="")
    study = make_study(
        parse_parameters({"preset": "aldoss_2024", "cohort": str(write_extract(changed))}),
        root=root,
    )
    found = plot_proportionality(proportionality(study, "os"))
    assert isinstance(found, Omitted)
    assert "too few events" in found.reason
