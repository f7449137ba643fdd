"""Bias and coverage of estimators over simulated cohorts, drawn beside each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from scipy.special import ndtri

from analysis_lib.format import format_percent
from analysis_lib.results.rows import Key, Results
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    QUIET,
    RULE,
    ReportFigure,
    head_height,
    stroke,
)
from analysis_lib.show.measure import CAP_DROP_MM, line_count, text_height, text_width, wrap

_ROW_MM, _ROW_GAP_MM, _AXIS_MM, _GAP_MM, _INDENT_MM = 4.4, 1.2, 10.0, 8.0, 3.0
_NAME_MM = 70.0
_TICKS = 5
_BAR = float(ndtri(0.975))  # Monte Carlo intervals, whatever the level of the estimators'


@dataclass(frozen=True)
class PerformanceRow:
    """A heading, or an estimator with the key of its numbers."""

    label: str
    key: Key | None = None
    coloured: bool = False


def draw_performance(simulated: Results, rows: list[PerformanceRow], *, title: str) -> ReportFigure:
    """Bias of the log hazard ratio and coverage of its interval, a row an estimator.

    Bars are 95% Monte Carlo intervals; lines mark no bias and the coverage that was asked for.
    """
    rows = [replace(row, label=wrap(row.label, _NAME_MM)) for row in rows]
    lines = max(line_count(row.label) for row in rows)
    pitch = max(_ROW_MM, text_height(lines) + _ROW_GAP_MM)
    head = head_height(simulated.label)
    height = len(rows) * pitch
    figure = ReportFigure(
        FULL_MM, head + height + _AXIS_MM + MARGIN_MM, title=title, label=simulated.label
    )
    left = 2 * MARGIN_MM + max(text_width(x.label) + _INDENT_MM for x in rows) + _GAP_MM / 2
    width = (FULL_MM - left - _GAP_MM - 2 * MARGIN_MM) / 2
    _write_labels(figure, rows, head, pitch)
    bias = figure.axes_at(left, head, width, height)
    coverage = figure.axes_at(left + width + _GAP_MM, head, width, height)
    level = simulated.confidence_level
    _draw(bias, simulated, rows, "bias", 0.0, 1.0)
    _draw(coverage, simulated, rows, "coverage", 100 * level, 100.0)
    bias.set_xlabel("Bias of the log hazard ratio")
    coverage.set_xlabel(f"Coverage of {format_percent(level)} intervals (%)")
    return figure


def _write_labels(
    figure: ReportFigure, rows: list[PerformanceRow], head: float, pitch: float
) -> None:
    for i, row in enumerate(rows):
        left = 2 * MARGIN_MM + (_INDENT_MM if row.key else 0.0)
        middle = head + (i + 0.5) * pitch - CAP_DROP_MM
        weight = "normal" if row.key else "bold"
        figure.text_at(left, middle, row.label, va="center_baseline", fontweight=weight)


def _draw(
    axes: Axes,
    simulated: Results,
    rows: list[PerformanceRow],
    statistic: str,
    target: float,
    scale: float,
) -> None:
    axes.set_ylim(len(rows), 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(target, color=QUIET, linewidth=0.6, zorder=0)
    for i, row in enumerate(rows):
        if row.key is None:
            axes.axhline(i, color=RULE, linewidth=0.5, zorder=0)
            continue
        value = scale * simulated.value(row.key, statistic)
        error = scale * simulated.value(row.key, f"{statistic}_mc_error")
        if not np.isfinite(value):
            continue
        colour = stroke(0).colour if row.coloured else INK
        half = _BAR * error if np.isfinite(error) else 0.0
        axes.plot([value - half, value + half], [i + 0.5] * 2, color=colour, linewidth=1.0)
        axes.plot([value], [i + 0.5], "s", color=colour, markersize=4.0)
    axes.margins(x=0.08)
    low, high = axes.get_xlim()
    ticks = MaxNLocator(_TICKS, steps=[1, 2, 5, 10]).tick_values(low, high)
    axes.set_xticks([x for x in ticks if low <= x <= high])
