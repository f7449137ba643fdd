"""Where the panels of cumulative incidence stand, and what is written over each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analysis_lib.analyses import Incidence
from analysis_lib.figures.incidence_curves import axis_end, incidence_legend
from analysis_lib.figures.legend import Legend
from analysis_lib.figures.measure import line_count, text_height, wrap
from analysis_lib.figures.report_figure import MARGIN_MM, label_height
from analysis_lib.figures.risk_table import RiskTable
from analysis_lib.figures.survival_layout import AXIS_MM, CURVE_MM, LETTER_MM
from analysis_lib.figures.theme import FULL_MM, MIDDLE_MM, TEXT_PT
from analysis_lib.format import format_count, format_p_statement

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
        return "Gray's test " + format_p_statement(
            found.results.value(found.test_key._replace(statistic="p_value"))
        )

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
        return MARGIN_MM + label_height(self.label)

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
            format_count(
                incidence.results.value(incidence.at(curve, time)._replace(statistic="at_risk"))
            )
            for time in times
        )
        for curve in incidence.curves
    )
    names = tuple(curve.label for curve in incidence.curves)
    return RiskTable(names, times, numbers, _NAME_MM, labelled)
