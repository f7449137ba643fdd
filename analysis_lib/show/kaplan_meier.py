"""Kaplan-Meier curves with interval bands, censor ticks, the test and numbers at risk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.curves import Curve, SurvivalComparison
from analysis_lib.format import format_count, round_half_up
from analysis_lib.results.rows import Key, unless_omitted
from analysis_lib.show.answers import Along, Series
from analysis_lib.show.figure import (
    FULL_MM,
    MARGIN_MM,
    MIDDLE_MM,
    PANEL_PT,
    SMALL_PT,
    ReportFigure,
    head_height,
    in_theme,
)
from analysis_lib.show.measure import Legend, line_count, text_height, text_width
from analysis_lib.show.risk_table import RiskTable, draw_risk_table
from analysis_lib.show.survival_curves import (
    PERCENT,
    Box,
    Frame,
    curve_legend,
    draw_curves,
    free_place,
    months_shown,
    note_shapes,
)
from analysis_lib.stats.kaplan_meier import KaplanMeier

PANELS_PER_ROW = 2
CURVE_MM = 52.0
AXIS_MM = 9.5
LETTER_MM = 9.5
_LETTER_ROOM_MM = 3.5
_AXIS_LEFT_MM = 11.0
_RIGHT_MM = 2.5
_GAP_MM = 2.0
_ROW_GAP_MM = 5.0
_NAME_MM = 30.0


@dataclass(frozen=True)
class Panel:
    """One comparison in its place; `left` is the x of time 0, in millimetres."""

    comparison: SurvivalComparison
    table: RiskTable
    legend: Legend
    left: float
    frame: Frame

    @cached_property
    def _placed_note(self) -> tuple[str, Box | None]:
        """The note in its wide shape, else in its narrow one, with the place found for it."""
        notes = note_shapes(self.comparison, self.frame.width - 2 * _GAP_MM)
        placed = [(note, free_place(self.comparison, self.frame, note)) for note in notes]
        return next((pair for pair in placed if pair[1]), placed[0])

    @property
    def note(self) -> str:
        return self._placed_note[0]

    @property
    def note_at(self) -> tuple[float, float]:
        """Lower left corner of the note from that of the panel; above it where no room is left."""
        box = self._placed_note[1]
        return (box.left, box.bottom) if box else (0.0, self.frame.height + _GAP_MM / 2)

    @cached_property
    def above(self) -> float:
        """Millimetres that the note needs above the panel."""
        outside = self.note_at[1] > self.frame.height
        return text_height(line_count(self.note)) + _GAP_MM if outside else 0.0


@dataclass(frozen=True)
class PanelRow:
    """Panels side by side; `shared` where they show the same groups."""

    panels: tuple[Panel, ...]
    shared: bool
    lettered: bool

    @property
    def keyed(self) -> tuple[Panel, ...]:
        """The panels whose legend is drawn: the first stands for all that share it."""
        return self.panels[:1] if self.shared else self.panels

    @cached_property
    def head(self) -> float:
        """Millimetres from the top of the legends to the top of the curves."""
        above = max(panel.above for panel in self.panels)
        room = max(above, _LETTER_ROOM_MM if self.lettered else 0.0)
        return max(panel.legend.height for panel in self.keyed) + _GAP_MM + room

    @cached_property
    def table(self) -> float:
        return max(panel.table.height for panel in self.panels)

    @property
    def height(self) -> float:
        return self.head + CURVE_MM + AXIS_MM + self.table


@dataclass(frozen=True)
class SurvivalLayout:
    """All panels of a figure, at most two a row and all of the same size."""

    shown: tuple[SurvivalComparison, ...]
    label: str

    @property
    def columns(self) -> int:
        return min(len(self.shown), PANELS_PER_ROW)

    @property
    def width(self) -> float:
        return FULL_MM if self.columns > 1 else MIDDLE_MM

    @property
    def height(self) -> float:
        return self.tops[-1] + self.rows[-1].height + MARGIN_MM

    @cached_property
    def rows(self) -> tuple[PanelRow, ...]:
        return tuple(self._row(chunk) for chunk in self._chunks)

    @cached_property
    def tops(self) -> tuple[float, ...]:
        """The top of each row, the first beside the label where its legend leaves room."""
        tops = [MARGIN_MM if self._label_fits else head_height(self.label)]
        for row in self.rows[:-1]:
            tops.append(tops[-1] + row.height + _ROW_GAP_MM)
        return tuple(tops)

    @property
    def _chunks(self) -> list[tuple[SurvivalComparison, ...]]:
        n = self.columns
        return [self.shown[i : i + n] for i in range(0, len(self.shown), n)]

    @property
    def _label_fits(self) -> bool:
        row = self.rows[0]
        if not row.shared:
            return False
        legend = row.panels[0].left + row.panels[0].legend.width
        label = text_width(self.label, SMALL_PT, bold=True) if self.label else 0.0
        return legend + 2 * _GAP_MM + label + MARGIN_MM <= self.width

    def _row(self, chunk: tuple[SurvivalComparison, ...]) -> PanelRow:
        shared = _is_shared(chunk)
        panels = []
        for column, comparison in enumerate(chunk):
            left = self._left(column)
            available = self.width - left - _RIGHT_MM if shared else self._panel_width
            frame = Frame(self._panel_width, CURVE_MM, months_shown(comparison), PERCENT)
            table = _table(chunk, column)
            legend = curve_legend(comparison, available)
            panels.append(Panel(comparison, table, legend, left, frame))
        return PanelRow(tuple(panels), shared, lettered=len(self.shown) > 1)

    @cached_property
    def _margins(self) -> tuple[float, ...]:
        """Left of each column's panels: room for the axis, and for the labels of the tables."""
        margins = [_AXIS_LEFT_MM] * self.columns
        for chunk in self._chunks:
            for column in range(len(chunk)):
                margins[column] = max(margins[column], MARGIN_MM + _table(chunk, column).left)
        return tuple(margins)

    @cached_property
    def _panel_width(self) -> float:
        return (self.width - sum(self._margins)) / self.columns - _RIGHT_MM

    def _left(self, column: int) -> float:
        before = column * (self._panel_width + _RIGHT_MM)
        return sum(self._margins[: column + 1]) + before


def _is_shared(chunk: tuple[SurvivalComparison, ...]) -> bool:
    return len({comparison.grouping for comparison in chunk}) == 1


def _table(chunk: tuple[SurvivalComparison, ...], column: int) -> RiskTable:
    comparison = chunk[column]
    return RiskTable(
        tuple(curve.label for curve in comparison.curves),
        comparison.risk_times,
        tuple(_at_risk(comparison, curve.population) for curve in comparison.curves),
        _NAME_MM,
        labelled=column == 0 or not _is_shared(chunk),
    )


def _at_risk(comparison: SurvivalComparison, population: str) -> tuple[str, ...]:
    """The numbers at the comparison's times as the results hold them."""
    key = Key(comparison.analysis, comparison.outcome, population, statistic="at_risk")
    return tuple(
        format_count(comparison.results.value(key._replace(time_months=time)))
        for time in comparison.risk_times
    )


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@unless_omitted
@in_theme
def plot_kaplan_meier(*comparisons: SurvivalComparison) -> ReportFigure:
    """Survival from infusion in percent, one panel per comparison, two panels a row.

    Bands are the pointwise intervals of the estimate, drawn for up to three groups; ticks mark
    patients censored. Panels side by side that show the same groups share their legend and the
    labels of the numbers at risk. An omitted comparison is returned in place of the figure.
    """
    label = comparisons[0].results.label
    layout = SurvivalLayout(comparisons, label)
    figure = ReportFigure(layout.width, layout.height, title=_title(comparisons), label=label)
    letters = iter(_LETTERS if len(comparisons) > 1 else " ")
    for row, top in zip(layout.rows, layout.tops, strict=True):
        _draw_legends(figure, row, top)
        for panel in row.panels:
            _draw_panel(figure, row, panel, top + row.head, next(letters))
    return figure


def _title(shown: tuple[SurvivalComparison, ...]) -> str:
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
    below = figure.canvas_at(panel.left, top + CURVE_MM + AXIS_MM, panel.frame.width, row.table)
    draw_risk_table(below, table, mm_per_month)
    left, up = panel.note_at
    place = panel.left + left, top + CURVE_MM - up
    figure.text_at(*place, panel.note, va="bottom", linespacing=1.2)
    if not panel.comparison.results.small_cell:  # a step is a patient
        along = months_along(panel.comparison)
        figure.answer_along(panel.left, top, panel.frame.width, CURVE_MM, along)


def months_along(comparison: SurvivalComparison) -> Along:
    """Every curve month by month, as far as any goes."""
    months = months_shown(comparison)
    times = tuple(float(month) for month in range(int(months) + 1))
    series = tuple(_series(curve, times) for curve in comparison.curves)
    return Along(comparison.outcome_label, months, times, comparison.confidence_level, series)


def _series(curve: Curve[KaplanMeier], times: tuple[float, ...]) -> Series:
    at = [curve.estimate.at(time) for time in times]
    return Series(
        curve.label,
        tuple(_known(x.survival) for x in at),
        tuple(_known(x.ci_low) for x in at),
        tuple(_known(x.ci_high) for x in at),
        tuple(x.at_risk for x in at),
    )


def _known(share: float) -> float | None:
    """To a tenth of a percent, as the panel's height resolves."""
    return None if math.isnan(share) else round_half_up(share, 3)
