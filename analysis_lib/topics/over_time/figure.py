"""Scaled Schoenfeld residuals with their smooth: the exposure's hazard ratio over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator

from analysis_lib.format import (
    constant,
    format_confidence,
    format_count,
    format_number,
    format_p_statement,
)
from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    PANEL_PT,
    QUIET,
    SMALL_PT,
    TEXT_PT,
    ReportFigure,
    head_height,
    in_theme,
    stroke,
)
from analysis_lib.show.measure import Legend, label_time, shorten, text_width, wrap
from analysis_lib.stats.proportional_hazards import ResidualSmooth, SchoenfeldResiduals
from analysis_lib.study.exposure import Grouping
from analysis_lib.topics.over_time.numbers import HazardCheck, Proportionality

PANEL_MM, AXIS_MM, HEAD_MM, GAP_MM = 42.0, 13.0, 7.0, 3.0
LEFT_MM, RIGHT_MM = 15.0, 2.5
# Where not all can be labelled, the first of these that stand apart are.
MONTHS = (12.0, 6.0, 24.0, 3.0, 18.0, 1.0, 36.0, 60.0, 120.0, 9.0, 2.0, 48.0, 84.0, 180.0, 240.0)
RATIOS = (1e-3, 1e-2, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1e3)
BAND_ALPHA = 0.18
MARGIN = 0.06
MOST_DOTS = 2_000  # of a panel; more are not told apart
TICK_GAP_MM = 2.0
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BEHIND = {
    "facecolor": "white",
    "edgecolor": "none",
    "alpha": 0.8,
    "pad": 1.0,
}  # of a note over points


@dataclass(frozen=True)
class _Panel:
    """One check that has residuals, with its endpoint's label."""

    outcome_label: str
    exposure: Grouping
    time_zero: str
    check: HazardCheck

    @property
    def residuals(self) -> SchoenfeldResiduals:
        return self.check.tested.residuals

    @property
    def values(self) -> np.ndarray:
        return self.residuals.values[self.exposure.variable]

    @property
    def every(self) -> int:
        """Of how many events, in the order of their times, one is a dot."""
        return -(-len(self.values) // MOST_DOTS)

    @property
    def is_ratio(self) -> bool:
        """Of two groups the residuals are log hazard ratios; of more, a multiplier of them."""
        return len(self.exposure.levels) == 2

    @property
    def is_released(self) -> bool:
        """Whether small counts are suppressed, so that no patient may be seen."""
        return self.check.effect.results.small_cell > 0

    @property
    def constant(self) -> float:
        """What the smooth would be if hazards were proportional."""
        if not self.is_ratio:
            return 1.0
        level = self.exposure.levels[1]
        return self.check.effect.shown.coefficient(self.exposure.variable, level).coefficient


@in_theme
def plot_proportionality(*checks: Proportionality) -> ReportFigure | Omitted:
    """One row of panels per endpoint: the exposure alone, and in the primary model.

    Time is on the scale of the test (1 - S(t-) by Kaplan-Meier), so that events are spread
    evenly; the ticks are months.
    """
    rows = [_panels(one) for one in checks]
    rows = [row for row in rows if row]
    if not rows:
        return Omitted("There are too few events to show how a hazard ratio moves with time.")
    if any(panel.is_released and panel.check.smooth is None for row in rows for panel in row):
        return Omitted(
            "Each dot of this figure is a patient, and no curve goes through them; with small "
            "counts suppressed it is left out."
        )
    label = checks[0].results.label
    legend = Legend(_handles(rows[0][0]), FULL_MM - LEFT_MM - RIGHT_MM)
    top = head_height(label) + legend.height + GAP_MM
    height = top + len(rows) * (HEAD_MM + PANEL_MM + AXIS_MM) + MARGIN_MM
    title = f"Hazard ratio over time by {checks[0].exposure.phrase}"
    figure = ReportFigure(FULL_MM, height, title=title, label=label)
    legend.draw(figure, LEFT_MM, head_height(label))
    width = FULL_MM / 2 - LEFT_MM - RIGHT_MM
    letters = iter(_LETTERS)
    for index, row in enumerate(rows):
        above = top + index * (HEAD_MM + PANEL_MM + AXIS_MM)
        limits = _limits(row)
        for column, panel in enumerate(row):
            left = LEFT_MM + column * (width + LEFT_MM + RIGHT_MM)
            _draw(figure, panel, (left, above, width), limits, next(letters))
    return figure


def _panels(checks: Proportionality) -> list[_Panel]:
    """The models of one endpoint that have residuals to draw."""
    panels = [
        _Panel(checks.outcome_label, checks.exposure, checks.time_zero, one)
        for one in checks.checks
    ]
    return [x for x in panels if x.values.size and not np.isnan(x.values).any()]


def _limits(row: Sequence[_Panel]) -> tuple[float, float]:
    """The same axis for both models: all residuals and estimates, bands only as far as these."""
    shown = [panel.values for panel in row if not panel.is_released]
    shown += [panel.check.smooth.estimate for panel in row if panel.check.smooth is not None]
    low, high = min(float(x.min()) for x in shown), max(float(x.max()) for x in shown)
    room = MARGIN * (high - low)
    return low - room, high + room


def _draw(
    figure: ReportFigure,
    panel: _Panel,
    place: tuple[float, float, float],
    limits: tuple[float, float],
    letter: str,
) -> None:
    left, above, width = place
    model = panel.check.effect.label
    head = f"{panel.outcome_label}: {model[:1].lower()}{model[1:]}"
    figure.text_at(left - 9.5, above, letter, va="top", fontsize=PANEL_PT, fontweight="bold")
    figure.text_at(left, above, wrap(head, width, SMALL_PT), va="top")
    axes = figure.axes_at(left, above + HEAD_MM, width, PANEL_MM)
    axes.set_ylim(*limits)
    axes.axhline(0 if panel.is_ratio else 1, color=QUIET, linewidth=0.5)
    times = panel.residuals.transformed_time
    if not panel.is_released:  # a dot is a patient
        dots = slice(None, None, panel.every)
        axes.plot(times[dots], panel.values[dots], linestyle="none", marker="o", markersize=2.0,
                  color=QUIET, alpha=0.6, markeredgewidth=0)  # fmt: skip
    axes.axhline(panel.constant, color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
    if panel.check.smooth is not None:
        _draw_smooth(axes, panel.check.smooth)
    _label_time(axes, panel.residuals, width)
    _label_values(axes, panel)
    label_time(axes, "Months", panel.time_zero, " (scale of the test)")
    note = f"Score test: {format_p_statement(panel.check.p_value)}"
    style: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": SMALL_PT, "bbox": _BEHIND}
    axes.text(0.98, 0.97, note, transform=axes.transAxes, **style)


def _draw_smooth(axes: Axes, smooth: ResidualSmooth) -> None:
    colour = stroke(0).colour
    axes.fill_between(
        smooth.transformed_time,
        smooth.ci_low,
        smooth.ci_high,
        color=colour,
        alpha=BAND_ALPHA,
        linewidth=0,
    )
    axes.plot(smooth.transformed_time, smooth.estimate, color=colour)


def _label_time(axes: Axes, residuals: SchoenfeldResiduals, width: float) -> None:
    """Months where the test's scale has them, as many as stand apart."""
    times, first = np.unique(residuals.time, return_index=True)
    scale = residuals.transformed_time[first]
    room = MARGIN * float(np.ptp(scale)) or 1.0
    low, high = float(scale[0]) - room, float(scale[-1]) + room
    axes.set_xlim(low, high)
    ticks: dict[float, str] = {}
    for month in MONTHS:
        place, label = float(np.interp(month, times, scale)), format_number(month)
        apart = (text_width(label) + TICK_GAP_MM) / width * (high - low)
        if times[0] <= month <= times[-1] and all(abs(place - x) > apart for x in ticks):
            ticks[place] = label
    axes.set_xticks(list(ticks), list(ticks.values()))


def _label_values(axes: Axes, panel: _Panel) -> None:
    """Hazard ratios on their logarithms; a multiplier as it is."""
    if not panel.is_ratio:
        axes.set_ylabel("Multiplier of the log hazard ratios")
        return
    low, high = axes.get_ylim()
    shown = [ratio for ratio in RATIOS if exp(low) <= ratio <= exp(high)]
    axes.set_yticks([log(x) for x in shown], [format_number(x, digits=3) for x in shown])
    axes.yaxis.set_minor_locator(NullLocator())
    reference, compared = panel.exposure.labels[:2]
    lines = (f"Hazard ratio, {compared}", f"vs {reference}")
    axes.set_ylabel("\n".join(shorten(x, PANEL_MM, TEXT_PT) for x in lines))


def _handles(panel: _Panel) -> tuple[Artist, ...]:
    colour = stroke(0).colour
    name = "Scaled Schoenfeld residual"
    if panel.every > 1:
        name += f" of one event in {format_count(constant(panel.every, 'events a dot'))}"
    residual = Line2D([], [], linestyle="none", marker="o", markersize=2.5, color=QUIET,
                      label=name)  # fmt: skip
    level = Line2D(
        [], [], color=INK, linewidth=0.8, linestyle=(0, (4, 2)), label="One ratio at all times"
    )
    smooth = panel.check.smooth
    if smooth is None:
        return (residual, level)
    band = format_confidence(smooth.confidence_level)
    return (
        residual,
        Line2D([], [], color=colour, label="Smooth"),
        Patch(color=colour, alpha=BAND_ALPHA, linewidth=0, label=band),
        level,
    )
