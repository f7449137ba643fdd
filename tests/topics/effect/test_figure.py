"""The forest by choice: a row a model."""

from __future__ import annotations

from collections.abc import Callable

from analysis_lib.format import format_p
from analysis_lib.show.figure import INK, ReportFigure
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.figure import plot_sensitivity
from analysis_lib.topics.effect.numbers import sensitivity_to_choices


def _marks(figure: ReportFigure) -> list[tuple[float, str]]:
    lines = figure.axes[1].lines
    return [(float(x.get_xdata()[0]), x.get_color()) for x in lines if x.get_marker() == "s"]


def test_each_choice_is_a_row_with_the_size_of_its_model(study: Study, see: Callable) -> None:
    sensitivity = sensitivity_to_choices(study)
    figure = plot_sensitivity(sensitivity)
    effects = [effect for family in sensitivity.families for effect in family.effects]
    marks = _marks(figure)
    assert [ratio for ratio, _ in marks] == [
        effect.fit.coefficient("ino", "exposed").hazard_ratio for effect in effects
    ]
    assert sum(colour != INK for _, colour in marks) == len(sensitivity.families)
    written = see(figure).written
    assert written.count("As specified") == len(sensitivity.families)
    assert {str(effect.fit.n) for effect in effects} <= set(written)
    for effect in effects:
        term = effect.fit.coefficient("ino", "exposed")
        assert f"{term.hazard_ratio:.2f} ({term.ci_low:.2f}–{term.ci_high:.2f})" in written
        assert format_p(term.p_value) in written
