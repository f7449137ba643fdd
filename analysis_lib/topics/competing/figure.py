"""Cumulative incidence of competing events, side by side, with numbers at risk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from matplotlib.axes import Axes

from analysis_lib.dictionary import lower_first
from analysis_lib.format import format_count, format_p_statement
from analysis_lib.labels import listed
from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.figure import (
    FULL_MM,
    MARGIN_MM,
    MIDDLE_MM,
    PANEL_PT,
    TEXT_PT,
    ReportFigure,
    head_height,
    in_theme,
)
from analysis_lib.show.kaplan_meier import AXIS_MM, CURVE_MM, LETTER_MM
from analysis_lib.show.measure import Legend, label_time, line_count, text_height, wrap
from analysis_lib.show.risk_table import RiskTable, draw_risk_table
from analysis_lib.show.survival_curves import (
    BANDED_GROUPS,
    band_key,
    curve_key,
    draw_steps,
    frame_percent,
)
from analysis_lib.topics.competing.incidence import Incidence, IncidenceCurve
from analysis_lib.topics.competing.numbers import RelapseAndDeath, ToxicityOnset
from analysis_lib.topics.competing.ways_to_fail import WaysToFail


def axis_end(incidence: Incidence) -> float:
    """The length of the time axis: the longest time of any group, and a little."""
    longest = max(float(curve.estimate.times[-1]) for curve in incidence.curves)
    return 1.02 * max(longest, incidence.question.risk_times[-1]) or 1.0


def draw_incidence(axes: Axes, incidence: Incidence, ticks: tuple[float, ...]) -> None:
    """Rising step curves in percent, with bands of the pointwise intervals."""
    question, banded = incidence.question, len(incidence.curves) <= BANDED_GROUPS
    for curve in incidence.curves:
        found = curve.estimate
        band = (found.ci_low, found.ci_high) if banded else None
        draw_steps(axes, position(incidence, curve), found.times, found.incidence, band)
    frame_percent(axes, axis_end(incidence), ticks)
    label_time(axes, question.unit.capitalize(), question.time_zero)
    axes.set_ylabel("Cumulative incidence (%)")


def position(incidence: Incidence, curve: IncidenceCurve) -> int:
    """The place of a group among all, so that it looks the same where another one is missing."""
    return incidence.grouping.levels.index(curve.level)


def incidence_legend(incidence: Incidence, width: float) -> Legend:
    """A key for every curve, and for the bands if any are drawn."""
    handles = [curve_key(position(incidence, curve), curve.label) for curve in incidence.curves]
    if len(incidence.curves) <= BANDED_GROUPS:
        handles.append(band_key(incidence.results.confidence_level))
    return Legend(tuple(handles), width)


_AXIS_LEFT_MM = 11.0
_RIGHT_MM = 2.5
_GAP_MM = 2.0
_NAME_MM = 30.0


@dataclass(frozen=True)
class IncidencePanel:
    """One event in its place; `left` is the x of time 0, in millimetres."""

    incidence: Incidence
    table: RiskTable
    left: float
    width: float

    @property
    def heading(self) -> str:
        """What happens, in the panel's width."""
        return wrap(self.incidence.question.label, self.width, TEXT_PT, bold=True)

    @property
    def note(self) -> str:
        found = self.incidence
        return "Gray's test " + format_p_statement(found.results.value(found.test_key, "p_value"))

    @property
    def mm_per_unit(self) -> float:
        return self.width / axis_end(self.incidence)


@dataclass(frozen=True)
class IncidenceLayout:
    """Panels side by side under one legend: all of them compare the same groups."""

    shown: tuple[Incidence, ...]
    label: str

    @property
    def width(self) -> float:
        return FULL_MM if len(self.shown) > 1 else MIDDLE_MM

    @property
    def height(self) -> float:
        tables = max(panel.table.height for panel in self.panels)
        return self.curves_top + CURVE_MM + AXIS_MM + tables + MARGIN_MM

    @property
    def legend_top(self) -> float:
        return head_height(self.label)

    @property
    def heading_top(self) -> float:
        return self.legend_top + self.legend.height + _GAP_MM

    @property
    def note_top(self) -> float:
        """Below the longest heading."""
        lines = max(line_count(panel.heading) for panel in self.panels)
        return self.heading_top + text_height(lines, TEXT_PT) + _GAP_MM / 2

    @property
    def curves_top(self) -> float:
        return self.note_top + text_height(1) + _GAP_MM

    @cached_property
    def legend(self) -> Legend:
        """Of the figure with the most groups."""
        most = max(self.shown, key=lambda incidence: len(incidence.curves))
        return incidence_legend(most, self.width - self.panels[0].left - _RIGHT_MM)

    @cached_property
    def panels(self) -> tuple[IncidencePanel, ...]:
        tables = [_table(x, labelled=i == 0) for i, x in enumerate(self.shown)]
        margins = [
            max(_AXIS_LEFT_MM, LETTER_MM + MARGIN_MM, MARGIN_MM + table.left) for table in tables
        ]
        width = (self.width - sum(margins)) / len(tables) - _RIGHT_MM
        lefts = [sum(margins[: i + 1]) + i * (width + _RIGHT_MM) for i in range(len(tables))]
        return tuple(
            IncidencePanel(incidence, table, left, width)
            for incidence, table, left in zip(self.shown, tables, lefts, strict=True)
        )


def _table(incidence: Incidence, *, labelled: bool) -> RiskTable:
    times = incidence.question.risk_times
    numbers = tuple(
        tuple(
            format_count(incidence.results.value(incidence.at(curve, time), "at_risk"))
            for time in times
        )
        for curve in incidence.curves
    )
    names = tuple(curve.label for curve in incidence.curves)
    return RiskTable(names, times, numbers, _NAME_MM, labelled)


_LETTERS = "ABC"


@in_theme
@unless_omitted
def plot_relapse_and_death(found: RelapseAndDeath) -> ReportFigure:
    """Relapse and death without relapse from infusion in percent, one panel each."""
    return _draw(found.incidences)


@in_theme
@unless_omitted
def plot_ways_to_fail(found: WaysToFail) -> ReportFigure:
    """Relapse and both kinds of death without it in percent, one panel each."""
    return _draw(found.incidences)


@in_theme
@unless_omitted
def plot_toxicity_onset(found: ToxicityOnset) -> ReportFigure:
    """Onset of CRS and of ICANS in the first days after infusion in percent, one panel each."""
    return _draw(found.incidences)


def _draw(shown: tuple[Incidence, ...]) -> ReportFigure:
    label = shown[0].results.label
    layout = IncidenceLayout(shown, label)
    figure = ReportFigure(layout.width, layout.height, title=_title(shown), label=label)
    layout.legend.draw(figure, layout.panels[0].left, layout.legend_top)
    letters = _LETTERS[: len(shown)] if len(shown) > 1 else " "
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
    bold = {"va": "top", "fontweight": "bold"}
    figure.text_at(panel.left - LETTER_MM, layout.heading_top, letter, fontsize=PANEL_PT, **bold)
    style = {**bold, "fontsize": TEXT_PT, "linespacing": 1.2}
    figure.text_at(panel.left, layout.heading_top, panel.heading, **style)
    figure.text_at(panel.left, layout.note_top, panel.note, va="top")
    curves = figure.axes_at(panel.left, top, panel.width, CURVE_MM)
    draw_incidence(curves, panel.incidence, table.shown_times(panel.mm_per_unit))
    below = figure.canvas_at(panel.left, top + CURVE_MM + AXIS_MM, panel.width, table.height)
    draw_risk_table(below, table, panel.mm_per_unit)
