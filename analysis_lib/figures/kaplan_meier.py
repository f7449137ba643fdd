"""Kaplan-Meier curves with interval bands, censor ticks, the test and numbers at risk."""

from __future__ import annotations

from analysis_lib.analyses import Omitted, SurvivalComparison
from analysis_lib.dictionary import lower_first
from analysis_lib.figures.report_figure import ReportFigure
from analysis_lib.figures.risk_table import draw_risk_table
from analysis_lib.figures.survival_curves import draw_curves
from analysis_lib.figures.survival_layout import (
    AXIS_MM,
    CURVE_MM,
    LETTER_MM,
    Panel,
    PanelRow,
    SurvivalLayout,
)
from analysis_lib.figures.theme import PANEL_PT, SMALL_PT, in_theme

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@in_theme
def plot_kaplan_meier(*comparisons: SurvivalComparison | Omitted) -> ReportFigure | Omitted:
    """Survival from infusion in percent, one panel per comparison, two panels a row.

    Bands are the pointwise intervals of the estimate, drawn for up to three groups; ticks mark
    patients censored. Panels side by side that show the same groups share their legend and the
    labels of the numbers at risk. An omitted comparison is returned in place of the figure.
    """
    shown: list[SurvivalComparison] = []
    for comparison in comparisons:
        if isinstance(comparison, Omitted):
            return comparison
        shown.append(comparison)
    label = shown[0].results.label
    layout = SurvivalLayout(tuple(shown), label)
    figure = ReportFigure(layout.width, layout.height, title=_title(shown), label=label)
    letters = iter(_LETTERS if len(shown) > 1 else " ")
    for row, top in zip(layout.rows, layout.tops, strict=True):
        _draw_legends(figure, row, top)
        for panel in row.panels:
            _draw_panel(figure, row, panel, top + row.head, next(letters))
    return figure


def _title(shown: list[SurvivalComparison]) -> str:
    outcomes = list(dict.fromkeys(comparison.outcome_label for comparison in shown))
    outcomes[1:] = [lower_first(outcome) for outcome in outcomes[1:]]
    groupings = dict.fromkeys(comparison.grouping.phrase for comparison in shown)
    return f"{' and '.join(outcomes)} by {' and by '.join(groupings)}"


def _draw_legends(figure: ReportFigure, row: PanelRow, top: float) -> None:
    """One legend over the row, or one over each panel where the groups differ."""
    for panel in row.keyed:
        panel.legend.draw(figure, panel.left, top)


def _draw_panel(figure: ReportFigure, row: PanelRow, panel: Panel, top: float, letter: str) -> None:
    table = panel.table
    mm_per_month = panel.frame.width / panel.frame.months
    curves = figure.axes_at(panel.left, top, panel.frame.width, CURVE_MM)
    draw_curves(curves, panel.comparison, table.shown_times(mm_per_month))
    figure.text_at(
        panel.left - LETTER_MM, top - 1.0, letter.strip(), fontsize=PANEL_PT, fontweight="bold"
    )
    below = figure.axes_at(panel.left, top + CURVE_MM + AXIS_MM, panel.frame.width, row.table)
    below.set_xlim(0, panel.frame.width)
    below.set_ylim(row.table, 0)
    draw_risk_table(below, table, mm_per_month)
    left, up = panel.note_at
    figure.text_at(
        panel.left + left,
        top + CURVE_MM - up,
        panel.note,
        va="bottom",
        fontsize=SMALL_PT,
        linespacing=1.2,
    )
