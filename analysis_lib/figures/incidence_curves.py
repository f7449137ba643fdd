"""The curves of cumulative incidence of one event, and the legend that names them."""

from __future__ import annotations

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis_lib.analyses import Incidence, IncidenceCurve
from analysis_lib.figures.legend import Legend
from analysis_lib.figures.survival_curves import BANDED_GROUPS, PERCENT
from analysis_lib.figures.theme import QUIET, stroke
from analysis_lib.format import format_confidence, format_number

_BAND_ALPHA = 0.14


def axis_end(incidence: Incidence) -> float:
    """The length of the time axis: the longest time of any group, and a little."""
    longest = max(float(curve.estimate.times[-1]) for curve in incidence.curves)
    return 1.02 * max(longest, incidence.question.risk_times[-1]) or 1.0


def draw_incidence(axes: Axes, incidence: Incidence, ticks: tuple[float, ...]) -> None:
    """Rising step curves in percent, with bands of the pointwise intervals."""
    question, banded = incidence.question, len(incidence.curves) <= BANDED_GROUPS
    for curve in incidence.curves:
        _draw_curve(axes, curve, position(incidence, curve), banded=banded)
    axes.set_xlim(0, axis_end(incidence))
    axes.set_ylim(0, PERCENT)
    axes.set_yticks(range(0, 101, 20))
    axes.spines["left"].set_bounds(0, 100)
    axes.set_xticks(ticks, [format_number(tick) for tick in ticks])
    axes.set_xlabel(f"{question.unit.capitalize()} from {question.time_zero}")
    axes.set_ylabel("Cumulative incidence (%)")


def position(incidence: Incidence, curve: IncidenceCurve) -> int:
    """The place of a group among all, so that it looks the same where another one is missing."""
    return incidence.grouping.levels.index(curve.level)


def incidence_legend(incidence: Incidence, width: float) -> Legend:
    """A key for every curve, and for the bands if any are drawn."""
    handles: list[Artist] = []
    for curve in incidence.curves:
        style = stroke(position(incidence, curve))
        handles.append(
            Line2D([], [], color=style.colour, linestyle=style.dashes, label=curve.label)
        )
    if len(incidence.curves) <= BANDED_GROUPS:
        level = format_confidence(incidence.results.confidence_level)
        handles.append(Patch(color=QUIET, alpha=2 * _BAND_ALPHA, linewidth=0, label=level))
    return Legend(tuple(handles), width)


def _draw_curve(axes: Axes, curve: IncidenceCurve, index: int, *, banded: bool) -> None:
    estimate, style = curve.estimate, stroke(index)
    if banded:
        axes.fill_between(
            estimate.times,
            100 * estimate.ci_low,
            100 * estimate.ci_high,
            step="post",
            color=style.colour,
            alpha=_BAND_ALPHA,
            linewidth=0,
        )
    axes.step(
        estimate.times,
        100 * estimate.incidence,
        where="post",
        color=style.colour,
        linestyle=style.dashes,
    )
