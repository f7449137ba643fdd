"""Step curves with bands in panels under one legend, of whatever estimator gave them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis_lib.results.disclosure.curves import rounded_times
from analysis_lib.results.rows import Omitted, Results
from analysis_lib.show.figure import (
    FULL_MM,
    MARGIN_MM,
    PANEL_PT,
    TEXT_PT,
    ReportFigure,
    head_height,
    in_theme,
)
from analysis_lib.show.kaplan_meier import AXIS_MM, CURVE_MM, LETTER_MM
from analysis_lib.show.measure import Legend, label_time, shorten, text_height
from analysis_lib.show.survival_curves import (
    BANDED_GROUPS,
    LABEL_MM,
    band_key,
    curve_key,
    draw_steps,
    frame_percent,
)
from analysis_lib.stats.inputs import FloatArray

COLUMNS = 2
_LEFT_MM = 12.0
_RIGHT_MM = 2.5
_GAP_MM = 2.0
_LETTERS = "ABCDEFGH"


@dataclass(frozen=True, eq=False)
class CurvePanel:
    """One panel; a curve is its times and, at each, the share and both ends of its band."""

    heading: str
    down: str
    time_zero: str
    curves: tuple[tuple[FloatArray, FloatArray], ...]

    @property
    def end(self) -> float:
        """The last time of any step."""
        return max((float(times.max()) for times, _ in self.curves if len(times)), default=1.0)


@dataclass(frozen=True)
class _Layout:
    """Millimetres: panels of one size, two a row, below the legend that all of them share."""

    panels: tuple[CurvePanel, ...]
    labels: tuple[str, ...]
    label: str
    confidence_level: float

    @property
    def panel_width(self) -> float:
        return FULL_MM / COLUMNS - _LEFT_MM - _RIGHT_MM

    @property
    def row_height(self) -> float:
        return text_height(1, TEXT_PT) + _GAP_MM + CURVE_MM + AXIS_MM + _GAP_MM

    @property
    def top(self) -> float:
        return head_height(self.label) + self.legend.height + _GAP_MM

    @property
    def height(self) -> float:
        rows = -(-len(self.panels) // COLUMNS)
        return self.top + rows * self.row_height + MARGIN_MM

    @property
    def banded(self) -> bool:
        return len(self.labels) <= BANDED_GROUPS

    @cached_property
    def legend(self) -> Legend:
        handles = [curve_key(i, label) for i, label in enumerate(self.labels)]
        if self.banded:
            handles.append(band_key(self.confidence_level))
        return Legend(tuple(handles), FULL_MM - _LEFT_MM - _RIGHT_MM)


@in_theme
def draw_panels(
    panels: Iterable[CurvePanel], labels: tuple[str, ...], results: Results, *, title: str
) -> ReportFigure | Omitted:
    """The panels in reading order; `labels` name the curves, which are the same in all."""
    if results.small_cell:
        return Omitted(
            "A step of these curves is a patient; where small counts are suppressed they are not "
            "drawn."
        )
    layout = _Layout(tuple(panels), labels, results.label, results.confidence_level)
    figure = ReportFigure(FULL_MM, layout.height, title=title, label=results.label)
    layout.legend.draw(figure, _LEFT_MM, head_height(results.label))
    for place, panel in enumerate(layout.panels):
        left = place % COLUMNS * FULL_MM / COLUMNS + _LEFT_MM
        top = layout.top + place // COLUMNS * layout.row_height
        _draw_panel(figure, layout, panel, left, top, _LETTERS[place])
    return figure


def _draw_panel(
    figure: ReportFigure, layout: _Layout, panel: CurvePanel, left: float, top: float, letter: str
) -> None:
    bold = {"va": "top", "fontweight": "bold"}
    figure.text_at(left - LETTER_MM, top, letter, fontsize=PANEL_PT, **bold)
    heading = shorten(panel.heading, layout.panel_width, TEXT_PT, bold=True)
    figure.text_at(left, top, heading, fontsize=TEXT_PT, **bold)
    below = top + text_height(1, TEXT_PT) + _GAP_MM
    axes = figure.axes_at(left, below, layout.panel_width, CURVE_MM)
    for index, (times, values) in enumerate(panel.curves):
        share, low, high = np.column_stack([np.ones(3), values])
        band = (low, high) if layout.banded else None
        draw_steps(axes, index, np.append(0.0, times), share, band)
    frame_percent(axes, 1.02 * panel.end, rounded_times(panel.end))
    label_time(axes, "Months", panel.time_zero)
    axes.set_ylabel(f"{shorten(panel.down, LABEL_MM, TEXT_PT)} (%)")
