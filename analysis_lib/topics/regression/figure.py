"""Forest plots of a Cox model and of the univariable screen."""

from __future__ import annotations

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.models import Model
from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.show.forest import draw_forest
from analysis_lib.show.forest_layout import forest_rows
from analysis_lib.topics.regression.numbers import Screen


@in_theme
@unless_omitted
def plot_forest(model: Model) -> ReportFigure:
    """Hazard ratios of every level against its reference, the exposure first.

    Intervals that leave the axis end in an arrow; what is not estimable says why.
    """
    exposure = model.specification.exposure.variable
    outcome = model.results.dictionary[model.specification.outcome].label
    rows = forest_rows(model.shown, exposure, model.results.dictionary)
    title = f"{outcome}: hazard ratios, {lower_first(model.specification.label)}"
    return draw_forest(rows, model.results, title=title, outcome=outcome)


@in_theme
@unless_omitted
def plot_univariable_forest(screen: Screen) -> ReportFigure:
    """Hazard ratios of the exposure and of every candidate, each in a model of its own."""
    exposure, dictionary = screen.exposure.variable, screen.results.dictionary
    outcome = dictionary[screen.results.rows[0].key.outcome].label
    rows = [
        row
        for screened in (screen.exposure, *screen.candidates)
        for row in forest_rows(screened.fit, exposure, dictionary)
    ]
    title = f"{outcome}: univariable hazard ratios"
    return draw_forest(rows, screen.results, title=title, outcome=outcome)
