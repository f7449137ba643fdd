"""The curves as they are and as they would be among patients alike, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis_lib.results.disclosure.curves import rounded_times
from analysis_lib.results.rows import Omitted, unless_all_omitted
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
from analysis_lib.show.measure import Legend, shorten, text_height
from analysis_lib.show.survival_curves import (
    BANDED_GROUPS,
    LABEL_MM,
    band_key,
    curve_key,
    draw_steps,
    frame_percent,
)
from analysis_lib.stats.standardised_survival import CRUDE, OUTCOME
from analysis_lib.topics.standardised.numbers import Standardised

HEADINGS = {CRUDE: "Unadjusted", OUTCOME: "Standardised to all patients"}
_LEFT_MM = 12.0
_RIGHT_MM = 2.5
_GAP_MM = 2.0
_LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class _Layout:
    """Two panels for each endpoint, crude left and standardised right, under one legend."""

    shown: tuple[Standardised, ...]

    @property
    def label(self) -> str:
        return self.shown[0].results.label

    @property
    def panel_width(self) -> float:
        return FULL_MM / len(HEADINGS) - _LEFT_MM - _RIGHT_MM

    @property
    def row_height(self) -> float:
        return text_height(1, TEXT_PT) + _GAP_MM + CURVE_MM + AXIS_MM + _GAP_MM

    @property
    def top(self) -> float:
        return head_height(self.label) + self.legend.height + _GAP_MM

    @property
    def height(self) -> float:
        return self.top + len(self.shown) * self.row_height + MARGIN_MM

    @cached_property
    def legend(self) -> Legend:
        exposure = self.shown[0].exposure
        handles = [curve_key(i, label) for i, label in enumerate(exposure.labels)]
        if len(exposure.levels) <= BANDED_GROUPS:
            handles.append(band_key(self.shown[0].results.confidence_level))
        return Legend(tuple(handles), FULL_MM - _LEFT_MM - _RIGHT_MM)


@in_theme
@unless_all_omitted
def plot_standardised(*several: Standardised) -> ReportFigure | Omitted:
    """Kaplan-Meier curves of the groups beside their standardised curves, with bands."""
    if several[0].results.small_cell:
        return Omitted(
            "A step of these curves is a patient; where small counts are suppressed they are not "
            "drawn."
        )
    layout = _Layout(several)
    exposure = several[0].exposure
    title = f"Survival by {exposure.phrase}, unadjusted and standardised"
    figure = ReportFigure(FULL_MM, layout.height, title=title, label=layout.label)
    layout.legend.draw(figure, _LEFT_MM, head_height(layout.label))
    letters = iter(_LETTERS)
    for row, one in enumerate(several):
        for column, name in enumerate(HEADINGS):
            left = column * FULL_MM / len(HEADINGS) + _LEFT_MM
            top = layout.top + row * layout.row_height
            _draw_panel(figure, layout, one, name, left, top, next(letters))
    return figure


def _draw_panel(
    figure: ReportFigure,
    layout: _Layout,
    one: Standardised,
    name: str,
    left: float,
    top: float,
    letter: str,
) -> None:
    bold = {"va": "top", "fontweight": "bold"}
    figure.text_at(left - LETTER_MM, top, letter, fontsize=PANEL_PT, **bold)
    figure.text_at(left, top, HEADINGS[name], fontsize=TEXT_PT, **bold)
    below = top + text_height(1, TEXT_PT) + _GAP_MM
    axes = figure.axes_at(left, below, layout.panel_width, CURVE_MM)
    banded = len(one.exposure.levels) <= BANDED_GROUPS
    for index, level in enumerate(one.exposure.levels):
        times, values = one.curve(name, level)
        survival, low, high = np.column_stack([[1.0, 1.0, 1.0], values])
        draw_steps(axes, index, np.append(0.0, times), survival, (low, high) if banded else None)
    end = one.last_step
    frame_percent(axes, 1.02 * end, rounded_times(end))
    axes.set_xlabel(f"Months from {one.time_zero}")
    axes.set_ylabel(f"{shorten(one.outcome_label, LABEL_MM, TEXT_PT)} (%)")
