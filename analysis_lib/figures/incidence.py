"""Cumulative incidence of competing events, side by side, with numbers at risk."""

from __future__ import annotations

from analysis_lib.analyses import Incidence, Omitted, RelapseAndDeath, ToxicityOnset
from analysis_lib.dictionary import lower_first
from analysis_lib.figures.incidence_curves import draw_incidence
from analysis_lib.figures.incidence_layout import IncidenceLayout, IncidencePanel
from analysis_lib.figures.report_figure import ReportFigure
from analysis_lib.figures.risk_table import draw_risk_table
from analysis_lib.figures.survival_layout import AXIS_MM, CURVE_MM, LETTER_MM
from analysis_lib.figures.theme import PANEL_PT, SMALL_PT, TEXT_PT, in_theme
from analysis_lib.labels import listed

_LETTERS = "AB"


@in_theme
def plot_relapse_and_death(found: RelapseAndDeath | Omitted) -> ReportFigure | Omitted:
    """Relapse and death without relapse from infusion in percent, one panel each."""
    return found if isinstance(found, Omitted) else _draw(found.incidences)


@in_theme
def plot_toxicity_onset(found: ToxicityOnset | Omitted) -> ReportFigure | Omitted:
    """Onset of CRS and of ICANS in the first days after infusion in percent, one panel each."""
    return found if isinstance(found, Omitted) else _draw(found.incidences)


def _draw(shown: tuple[Incidence, ...]) -> ReportFigure:
    label = shown[0].results.label
    layout = IncidenceLayout(shown, label)
    figure = ReportFigure(layout.width, layout.height, title=_title(shown), label=label)
    layout.legend.draw(figure, layout.panels[0].left, layout.legend_top)
    letters = _LETTERS if len(shown) > 1 else " "
    for panel, letter in zip(layout.panels, letters, strict=True):
        _draw_panel(figure, layout, panel, letter.strip())
    return figure


def _title(shown: tuple[Incidence, ...]) -> str:
    events = [x.question.label for x in shown]
    events[1:] = [lower_first(event) for event in events[1:]]
    return f"Cumulative incidence by {shown[0].grouping.phrase}: {listed(events)}"


def _draw_panel(
    figure: ReportFigure, layout: IncidenceLayout, panel: IncidencePanel, letter: str
) -> None:
    table, top = panel.table, layout.curves_top
    figure.text_at(
        panel.left - LETTER_MM,
        layout.heading_top,
        letter,
        va="top",
        fontsize=PANEL_PT,
        fontweight="bold",
    )
    figure.text_at(
        panel.left,
        layout.heading_top,
        panel.heading,
        va="top",
        fontsize=TEXT_PT,
        fontweight="bold",
        linespacing=1.2,
    )
    figure.text_at(panel.left, layout.note_top, panel.note, va="top", fontsize=SMALL_PT)
    curves = figure.axes_at(panel.left, top, panel.width, CURVE_MM)
    draw_incidence(curves, panel.incidence, table.shown_times(panel.mm_per_unit))
    below = figure.axes_at(panel.left, top + CURVE_MM + AXIS_MM, panel.width, table.height)
    below.set_xlim(0, panel.width)
    below.set_ylim(table.height, 0)
    draw_risk_table(below, table, panel.mm_per_unit)
