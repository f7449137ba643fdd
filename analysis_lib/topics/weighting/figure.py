"""Where the groups overlap, their weighted survival, and the hazard ratio without each centre."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from analysis_lib.dictionary import lower_first
from analysis_lib.format import format_count, format_number
from analysis_lib.results.rows import Omitted, unless_all_omitted, unless_omitted
from analysis_lib.show.balance import balance_marks, draw_balance
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    MIDDLE_MM,
    QUIET,
    RULE,
    ReportFigure,
    head_height,
    in_theme,
    stroke,
)
from analysis_lib.show.forest import frame_ratio
from analysis_lib.show.forest_layout import Mark, RatioAxis, ratio_axis
from analysis_lib.show.kaplan_meier import plot_kaplan_meier
from analysis_lib.show.measure import line_count, shorten, text_height, text_width, wrap
from analysis_lib.stats.cox_robust import LeftOut
from analysis_lib.topics.weighting.numbers import EXTREME, Propensity, Weighting
from analysis_lib.topics.weighting.survival import WeightedSurvival
from analysis_lib.topics.weighting.unmeasured import LeaveOneOut

_BINS = np.linspace(0, 1, 21)
_STRIP_MM = 16.0
_STRIP_GAP_MM = 2.0
_AXIS_MM = 10.0
_TICK_MM = 6.0  # the numbers of the strip and their distance to its name
_NAME_MM = 38.0
_RIGHT_MM = 5.0
_GAP_MM = 3.0


@in_theme
@unless_omitted
def plot_propensity(propensity: Propensity) -> ReportFigure | Omitted:
    """Histogram of the probability of each group but the first, a strip for every group.

    All strips of a panel share their scale. Beyond the dashed lines, at 0.05 and 0.95, hardly a
    patient like these was in one of the groups.
    """
    if propensity.results.small_cell:
        return Omitted(
            "The histogram of the propensity counts single patients at its ends; with small "
            "counts suppressed it is left out."
        )
    exposure = propensity.exposure
    names = [_name(propensity, level) for level in exposure.levels]
    left = MARGIN_MM + max(text_width(name) for name in names) + _TICK_MM
    width = MIDDLE_MM - left - _RIGHT_MM
    strips = len(names) * (_STRIP_MM + _STRIP_GAP_MM) - _STRIP_GAP_MM
    axis_labels = [
        wrap(f"Probability of {lower_first(exposure.label_of(x))}", width)
        for x in exposure.levels[1:]
    ]
    panels = [strips + _AXIS_MM + text_height(line_count(x) - 1) for x in axis_labels]
    label = propensity.results.label
    top = head_height(label) + _GAP_MM
    title = f"Propensity by {exposure.phrase}"
    total = top + sum(panels) + (len(panels) - 1) * _GAP_MM + MARGIN_MM
    figure = ReportFigure(MIDDLE_MM, total, title=title, label=label)
    for level, axis_label, height in zip(exposure.levels[1:], axis_labels, panels, strict=True):
        _draw_panel(figure, propensity, level, axis_label, names, (left, top, width))
        top += height + _GAP_MM
    return figure


def _name(propensity: Propensity, level: str) -> str:
    n = int((propensity.codes == propensity.exposure.levels.index(level)).sum())
    label = wrap(propensity.exposure.label_of(level), _NAME_MM)
    return f"{label}\nn = {format_count(n)}"


def _draw_panel(
    figure: ReportFigure,
    propensity: Propensity,
    level: str,
    axis_label: str,
    names: list[str],
    frame: tuple[float, float, float],
) -> None:
    left, top, width = frame
    values = propensity.of(level)
    counts = [
        np.histogram(values[propensity.codes == code], _BINS)[0] for code in range(len(names))
    ]
    tallest = max(int(count.max()) for count in counts)
    for code, (name, count) in enumerate(zip(names, counts, strict=True)):
        strip = figure.axes_at(left, top + code * (_STRIP_MM + _STRIP_GAP_MM), width, _STRIP_MM)
        _draw_strip(strip, count, code, tallest)
        last = code == len(names) - 1
        strip.tick_params(axis="x", labelbottom=last, length=2.5 if last else 0)
        middle = top + code * (_STRIP_MM + _STRIP_GAP_MM) + _STRIP_MM / 2
        style = {"ha": "right", "va": "center", "linespacing": 1.2}
        figure.text_at(left - _TICK_MM, middle, name, **style)
        if last:
            strip.set_xlabel(axis_label)


def _draw_strip(axes: Axes, count: np.ndarray, code: int, tallest: int) -> None:
    style = stroke(code)
    axes.bar(
        _BINS[:-1],
        count,
        width=np.diff(_BINS),
        align="edge",
        color=style.colour,
        alpha=0.75,
        edgecolor="white",
        linewidth=0.4,
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.05 * tallest)
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["0", "0.2", "0.4", "0.6", "0.8", "1"])
    axes.set_yticks([0, tallest], ["0", format_number(tallest)])
    axes.spines["left"].set_color(RULE)
    for bound in (EXTREME, 1 - EXTREME):
        axes.axvline(bound, color=QUIET, linestyle="--", linewidth=0.8)


MOST_SHOWN = 60
_COLUMNS = 2
_ROW_MM = 2.9
_CENTRES_AXIS_MM = 10.0
_CENTRES_GAP_MM = 4.0
_HEAD_GAP_MM = 1.5
_CENTRE_MM = 30.0


@dataclass(frozen=True)
class _Panel:
    """One endpoint and group: the centres in order of their estimates, and the estimate of all."""

    heading: str
    found: tuple[LeftOut, ...]
    whole: float


@in_theme
@unless_all_omitted
def plot_leave_one_out(*parts: LeaveOneOut) -> ReportFigure:
    """One row a centre: the hazard ratio and interval of the others; the line is that of all.

    Of more than sixty centres those are drawn whose patients move the estimate most.
    """
    panels = [_panel(part, level) for part in parts for level in part.without]
    label = parts[0].results.label
    names = max(text_width(_centre(x)) for panel in panels for x in panel.found)
    left = MARGIN_MM + names + _CENTRES_GAP_MM
    columns = min(_COLUMNS, len(panels))
    width = FULL_MM / columns - left - _CENTRES_GAP_MM
    headings = [wrap(panel.heading, width, bold=True) for panel in panels]
    head = text_height(max(x.count("\n") + 1 for x in headings)) + _HEAD_GAP_MM
    body = _ROW_MM * max(len(panel.found) for panel in panels)
    rows = -(-len(panels) // columns)
    top = head_height(label)
    height = top + rows * (head + body + _CENTRES_AXIS_MM + _CENTRES_GAP_MM)
    title = "The hazard ratio of the exposure without one centre"
    figure = ReportFigure(FULL_MM, height, title=title, label=label)
    axis = ratio_axis(_marks(panels))
    for index, (panel, heading) in enumerate(zip(panels, headings, strict=True)):
        row, column = divmod(index, columns)
        x = column * FULL_MM / columns + left
        y = top + row * (head + body + _CENTRES_AXIS_MM + _CENTRES_GAP_MM)
        figure.text_at(x, y, heading, va="top", fontweight="bold")
        axes = figure.axes_at(x, y + head, width, _ROW_MM * len(panel.found))
        _draw_centres(axes, panel, axis)
    return figure


def _panel(part: LeaveOneOut, level: str) -> _Panel:
    exposure = part.effect.exposure
    whole = part.effect.shown.coefficient(exposure.variable, level).hazard_ratio
    known = [x for x in part.without[level] if np.isfinite(x.hazard_ratio)]
    if len(known) > MOST_SHOWN:
        known.sort(key=lambda x: -abs(np.log(x.hazard_ratio / whole)))
    found = sorted(known[:MOST_SHOWN], key=lambda x: x.hazard_ratio)
    several = len(exposure.levels) > 2
    who = f", {exposure.label_of(level)}" if several else ""
    return _Panel(f"{part.outcome_label}{who}", tuple(found), whole)


def _centre(one: LeftOut) -> str:
    return shorten(one.label, _CENTRE_MM)


def _marks(panels: list[_Panel]) -> list[Mark]:
    return [Mark(x.hazard_ratio, *x.interval) for panel in panels for x in panel.found]


def _draw_centres(axes: Axes, panel: _Panel, axis: RatioAxis) -> None:
    axes.set_ylim(len(panel.found), 0)
    axes.set_yticks(np.arange(len(panel.found)) + 0.5, [_centre(x) for x in panel.found])
    axes.tick_params(axis="y", length=0)
    frame_ratio(axes, axis)
    if np.isfinite(panel.whole):
        axes.axvline(panel.whole, color=stroke(0).colour, linewidth=0.9, linestyle="--", zorder=0)
    for row, one in enumerate(panel.found):
        low, high = one.interval
        ends = [max(low, axis.low), min(high, axis.high)]
        axes.plot(ends, [row + 0.5] * 2, color=INK, linewidth=0.8, solid_capstyle="butt")
        axes.plot([one.hazard_ratio], [row + 0.5], "o", color=stroke(0).colour, markersize=3.2)
    axes.set_xlabel("Hazard ratio without the centre, log scale")


@unless_omitted
def plot_weighted_survival(*weighted: WeightedSurvival) -> ReportFigure | Omitted:
    """Weighted Kaplan-Meier curves, one panel per endpoint; numbers at risk count patients."""
    return plot_kaplan_meier(*(x.effects[-1].curves for x in weighted))


@in_theme
@unless_omitted
def plot_weighted_balance(weighting: Weighting) -> ReportFigure:
    """The same of the covariates of the propensity, before weighting and after (a love plot)."""
    shown, grouping, results = weighting.variables, weighting.exposure, weighting.results
    marks = [
        one
        for scheme in weighting.schemes
        for one in balance_marks(results, scheme.analysis, shown, grouping, scheme.label)
    ]
    title = f"Standardised differences by {grouping.phrase} before and after weighting"
    return draw_balance(shown, marks, title, results.label)
