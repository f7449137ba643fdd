"""The screen in resamples as bars, and its model in simulated cohorts."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from analysis_lib.format import format_percent, format_points
from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.cells import of_group
from analysis_lib.show.figure import (
    FULL_MM,
    MARGIN_MM,
    ReportFigure,
    head_height,
    in_theme,
    stroke,
    write,
)
from analysis_lib.show.measure import Legend, line_count, text_height, text_width, wrap
from analysis_lib.show.performance import PerformanceRow, draw_performance
from analysis_lib.topics.screening.numbers import ScreenCoverage, ScreenStability
from analysis_lib.topics.screening.table import ESTIMATORS

_ROW_MM, _ROW_GAP_MM, _AXIS_MM, _GAP_MM, _RIGHT_MM = 4.6, 1.2, 10.0, 2.5, 10.0
_NAME_MM = 80.0
_BAR = 0.66
_PALE = "#c9c9c9"
TRUTHS = {
    "baseline": "The primary model's covariates act",
    "candidates": "All candidates act",
}


@in_theme
@unless_omitted
def plot_selection(stability: ScreenStability) -> ReportFigure:
    """Share of resamples in which each candidate's P falls below the entry P, most often first."""
    bars = sorted(_bars(stability), key=lambda bar: -bar[1])
    left = 3 * MARGIN_MM + max(text_width(label) for label, _, _ in bars)
    legend = _legend(FULL_MM - left - _RIGHT_MM)
    results = stability.results
    top = head_height(results.label) + legend.height + _GAP_MM
    lines = max(line_count(label) for label, _, _ in bars)
    height = max(_ROW_MM, text_height(lines) + _ROW_GAP_MM) * len(bars)
    figure = ReportFigure(
        FULL_MM,
        top + height + _AXIS_MM + MARGIN_MM,
        title="How often the screen selects each candidate",
        label=results.label,
    )
    legend.draw(figure, left, top - legend.height - _GAP_MM)
    axes = figure.axes_at(left, top, FULL_MM - left - _RIGHT_MM, height)
    _draw_bars(axes, bars)
    return figure


def _bars(stability: ScreenStability) -> list[tuple[str, float, bool]]:
    """Label, share of the resamples, and whether it enters in all patients."""
    bars = []
    for name, label in stability.candidates:
        key = stability.key._replace(variable=name)
        share, enters = stability.results.values(key, "selected", "enters")
        shown = f"{label} (forced)" if name in stability.forced else label
        bars.append((wrap(shown, _NAME_MM), share, bool(enters)))
    return bars


def _legend(width: float) -> Legend:
    handles = (
        Patch(facecolor=stroke(0).colour, label="In the model of all patients"),
        Patch(facecolor=_PALE, label="Not in it"),
    )
    return Legend(handles, width)


def _draw_bars(axes: Axes, bars: list[tuple[str, float, bool]]) -> None:
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_yticks(range(len(bars)), [label for label, _, _ in bars])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for row, (_, share, enters) in enumerate(bars):
        axes.barh(row, share, height=_BAR, color=stroke(0).colour if enters else _PALE)
        write(axes, share + 0.01, row, format_percent(share), va="center")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.xaxis.set_major_formatter(lambda x, _: format_points(x))
    axes.set_xlabel("Resamples in which the candidate is selected (%)")


@in_theme
@unless_omitted
def plot_screen_coverage(coverage: ScreenCoverage) -> ReportFigure:
    """Bias and coverage of the screened model and of the one fixed before, under each truth."""
    rows: list[PerformanceRow] = []
    exposure = coverage.exposure
    for truth, estimator, key in coverage.keys:
        if TRUTHS[truth] not in [row.label for row in rows]:
            rows.append(PerformanceRow(TRUTHS[truth]))
        for level in exposure.levels[1:]:
            name = of_group(ESTIMATORS[estimator], exposure, level)
            at = coverage.contrast(key, level)
            rows.append(PerformanceRow(name, at, estimator == "screened"))
    title = "Bias and coverage where the exposure changes nothing"
    return draw_performance(coverage.results, rows, title=title)
