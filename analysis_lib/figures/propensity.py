"""Where the groups overlap: the propensity of each patient, one strip per group."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis_lib.analyses import Omitted, Propensity
from analysis_lib.analyses.propensity import EXTREME
from analysis_lib.dictionary import lower_first
from analysis_lib.figures.measure import line_count, text_height, text_width, wrap
from analysis_lib.figures.report_figure import MARGIN_MM, ReportFigure, label_height
from analysis_lib.figures.theme import INK, MIDDLE_MM, QUIET, RULE, SMALL_PT, in_theme, stroke
from analysis_lib.format import format_count, format_number

_BINS = np.linspace(0, 1, 21)
_STRIP_MM = 16.0
_STRIP_GAP_MM = 2.0
_AXIS_MM = 10.0
_TICK_MM = 6.0  # the numbers of the strip and their distance to its name
_NAME_MM = 38.0
_RIGHT_MM = 5.0
_GAP_MM = 3.0


@in_theme
def plot_propensity(propensity: Propensity | Omitted) -> ReportFigure | Omitted:
    """Histogram of the probability of each group but the first, a strip for every group.

    All strips of a panel share their scale. Beyond the dashed lines, at 0.05 and 0.95, hardly a
    patient like these was in one of the groups.
    """
    if isinstance(propensity, Omitted):
        return propensity
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
    top = MARGIN_MM + label_height(label) + _GAP_MM
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
        figure.text_at(
            left - _TICK_MM,
            middle,
            name,
            ha="right",
            va="center",
            fontsize=SMALL_PT,
            color=INK,
            linespacing=1.2,
        )
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
