"""The hazard ratio against no exposure over the amount of the exposure, as a curve."""

from __future__ import annotations

from itertools import count

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator

from analysis_lib.format import format_confidence, format_number, format_p_statement
from analysis_lib.results.rows import Omitted, unless_all_omitted
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    PANEL_PT,
    QUIET,
    SMALL_PT,
    ReportFigure,
    head_height,
    in_theme,
    stroke,
)
from analysis_lib.show.measure import Legend, wrap
from analysis_lib.topics.dose.numbers import Amounts, Modelled

PANEL_MM, AXIS_MM, HEAD_MM, GAP_MM = 38.0, 12.0, 8.0, 2.0
LEFT_MM, RIGHT_MM = 13.0, 2.5
BAND_ALPHA = 0.18
MOST_MARKS = 2_000  # of patients; of more, one for each amount
WIDEST = (0.1, 10.0)
RATIOS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
TICKS = (1, 2, 3, 5, 10, 20, 30, 60, 90, 180, 365, 730, 1460)


@in_theme
@unless_all_omitted
def plot_amounts(*several: Amounts) -> ReportFigure | Omitted:
    """A row of panels per endpoint, one a curved amount: ratio, band, and a mark a patient."""
    rows = [(one, [x for x in one.modelled if x.is_curved]) for one in several]
    rows = [(one, curved) for one, curved in rows if curved]
    if not rows:
        return Omitted("The recorded amounts are too few or too alike for a curve to be drawn.")
    results = several[0].results
    if results.small_cell:
        return Omitted(
            "The ends of these curves, and their marks, are patients; with small counts suppressed "
            "the figure is left out."
        )
    band = f"{format_confidence(results.confidence_level)}"
    colour = stroke(0).colour
    handles = (
        Line2D([], [], color=colour, label="Hazard ratio against no exposure"),
        Patch(color=colour, alpha=BAND_ALPHA, linewidth=0, label=band),
        Line2D([], [], color=QUIET, marker="|", linestyle="none", label="Exposed patient"),
    )
    legend = Legend(handles, FULL_MM - LEFT_MM - RIGHT_MM)
    top = head_height(results.label) + legend.height + GAP_MM
    row_mm = HEAD_MM + PANEL_MM + AXIS_MM
    title = f"Hazard ratio by the amount of {several[0].phrase}"
    height = top + len(rows) * row_mm + MARGIN_MM
    figure = ReportFigure(FULL_MM, height, title=title, label=results.label)
    legend.draw(figure, LEFT_MM, head_height(results.label))
    columns = max(len(curved) for _, curved in rows)
    width = FULL_MM / columns - LEFT_MM - RIGHT_MM
    letters = count()
    for index, (one, curved) in enumerate(rows):
        for column, modelled in enumerate(curved):
            left = LEFT_MM + column * (width + LEFT_MM + RIGHT_MM)
            letter = chr(ord("A") + next(letters))
            _panel(figure, one, modelled, (left, top + index * row_mm, width), letter)
    return figure


def _panel(
    figure: ReportFigure,
    one: Amounts,
    modelled: Modelled,
    place: tuple[float, float, float],
    letter: str,
) -> None:
    left, above, width = place
    figure.text_at(left - 9.5, above, letter, va="top", fontsize=PANEL_PT, fontweight="bold")
    head = wrap(one.outcome_label, width, SMALL_PT)
    p_value = one.results.value(modelled.key._replace(level="curve"), "lr_p_value")
    figure.text_at(left, above, f"{head}\nCurve: {format_p_statement(p_value)}", va="top")
    axes = figure.axes_at(left, above + HEAD_MM, width, PANEL_MM)
    _draw(axes, modelled)
    axes.set_xlabel(wrap(modelled.amount.label, width + LEFT_MM - 2.0))
    axes.set_ylabel("Hazard ratio")


def _draw(axes: Axes, modelled: Modelled) -> None:
    """Amounts and ratios on their logarithms; days begin at 0, so that one is added to them."""
    amounts, ratio, low, high = modelled.curve.T
    offset = 0 if modelled.amount.unit == "doses" else 1
    shown, colour = amounts + offset, stroke(0).colour
    axes.set_xscale("log")
    axes.set_yscale("log")
    ends = np.clip([low, high], *WIDEST)
    axes.fill_between(shown, ends[0], ends[1], color=colour, alpha=BAND_ALPHA, linewidth=0)
    axes.plot(shown, np.clip(ratio, *WIDEST), color=colour)
    axes.axhline(1, color=INK, linewidth=0.6)
    axes.set_xlim(shown[0], shown[-1])
    lows, highs = float(ends[0].min()), float(ends[1].max())
    axes.set_ylim(min(lows, 0.5) / 1.15, max(highs, 2.0) * 1.05)
    own = modelled.amount.values.dropna().to_numpy() + offset
    own = own[(own >= shown[0]) & (own <= shown[-1])]
    own = own if len(own) <= MOST_MARKS else np.unique(own)
    marks = np.full(len(own), 0.03)
    (line,) = axes.plot(own, marks, "|", color=QUIET, markersize=4.0, alpha=0.6)
    line.set_transform(axes.get_xaxis_transform())
    ticks = [x for x in TICKS if shown[0] <= x + offset <= shown[-1]]
    axes.set_xticks([x + offset for x in _apart(ticks)], [format_number(x) for x in _apart(ticks)])
    ratios = [x for x in RATIOS if axes.get_ylim()[0] <= x <= axes.get_ylim()[1]]
    axes.set_yticks(ratios, [format_number(x) for x in ratios])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())


def _apart(ticks: list[int]) -> list[int]:
    """Every second of many."""
    return ticks if len(ticks) <= 6 else ticks[::2]
