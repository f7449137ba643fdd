"""CRS and ICANS by grade among the evaluable, group by group."""

from __future__ import annotations

from dataclasses import dataclass

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch

from analysis_lib.analyses import Key, Omitted, Toxicity, population
from analysis_lib.analyses.toxicity import GRADE_GROUPS
from analysis_lib.figures.legend import Legend
from analysis_lib.figures.measure import line_count, text_height, text_width, wrap
from analysis_lib.figures.report_figure import MARGIN_MM, ReportFigure, label_height
from analysis_lib.figures.theme import FULL_MM, INK, QUIET, SMALL_PT, TEXT_PT, in_theme
from analysis_lib.format import EN_DASH, format_count, format_count_percent, format_points

_NAME_MM = 50.0
_BAR_MM = 5.4
_BAR_GAP_MM = 1.8
_HEADING_MM = 5.0
_AXIS_MM = 9.5
_GAP_MM = 2.5
_RIGHT_MM = 4.0
_NONE = "none"
_DARK = 0.45


@dataclass(frozen=True)
class GradeBar:
    """One bar: the evaluable of one group, as (count, proportion) by grade group."""

    label: str
    evaluable: int
    parts: tuple[tuple[int, float], ...]


@in_theme
def plot_toxicity_grades(toxicity: Toxicity | Omitted) -> ReportFigure | Omitted:
    """Stacked bars of grade groups by exposure; 100% are the patients evaluable for each."""
    if isinstance(toxicity, Omitted):
        return toxicity
    blocks = {name: grade_bars(toxicity, name) for name in toxicity.graded}
    names = [wrap(bar.label, _NAME_MM) for bars in blocks.values() for bar in bars]
    left = 3 * MARGIN_MM + max(text_width(name) for name in names)
    width = FULL_MM - left - _RIGHT_MM
    bar = max(_BAR_MM, max(text_height(line_count(name)) for name in names)) + _BAR_GAP_MM
    height = sum(_HEADING_MM + bar * len(bars) for bars in blocks.values())
    legend = _legend(width)
    label = toxicity.results.label
    top = MARGIN_MM + label_height(label) + legend.height + _GAP_MM
    title = f"Grades of toxicity by {toxicity.grouping.phrase}"
    figure = ReportFigure(FULL_MM, top + height + _AXIS_MM + MARGIN_MM, title=title, label=label)
    legend.draw(figure, left, top - legend.height - _GAP_MM)
    axes = figure.axes_at(left, top, width, height)
    _draw_frame(axes, height)
    offset = 0.0
    for name, bars in blocks.items():
        _draw_block(axes, name, bars, offset, bar, width)
        offset += _HEADING_MM + bar * len(bars)
    return figure


def grade_bars(toxicity: Toxicity, name: str) -> list[GradeBar]:
    """Everyone evaluable for a toxicity, then each group, from the results' counts."""
    grouping, base = toxicity.grouping, f"{name}_evaluable"
    places = [("All patients", base)]
    places += [
        (grouping.label_of(level), population(base, grouping, level)) for level in grouping.levels
    ]
    bars = []
    for label, where in places:
        any_grade = toxicity.results.row(
            Key("toxicity", outcome=name, population=where, statistic="count")
        )
        evaluable = any_grade.denominator or 0
        free = evaluable - int(any_grade.value)
        parts = [(free, free / evaluable if evaluable else 0.0)]
        for level in GRADE_GROUPS:
            key = Key("toxicity", name, where, f"{name}_grade_group", level, statistic="count")
            count = toxicity.results.value(key)
            share = toxicity.results.value(key._replace(statistic="proportion"))
            parts.append((int(count), share if evaluable else 0.0))
        bars.append(GradeBar(f"{label} (n = {format_count(evaluable)})", evaluable, tuple(parts)))
    return bars


def grade_label(level: str) -> str:
    """`grade_3_4` as `Grade 3–4`."""
    return f"Grade {level.removeprefix('grade_').replace('_', EN_DASH)}"


def _colours() -> dict[str, str]:
    """Light for none, then darker with the grade: the order survives a copier."""
    palette = sns.color_palette("flare", len(GRADE_GROUPS)).as_hex()
    return {_NONE: "#e9e9e9", **dict(zip(GRADE_GROUPS, palette, strict=True))}


def _legend(width: float) -> Legend:
    labels = {_NONE: "None", **{level: grade_label(level) for level in GRADE_GROUPS}}
    handles = [
        Patch(facecolor=colour, edgecolor="white", linewidth=0.5, label=labels[level])
        for level, colour in _colours().items()
    ]
    return Legend(tuple(handles), width)


def _draw_frame(axes: Axes, height: float) -> None:
    axes.set_ylim(height, 0)
    axes.set_xlim(0, 1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.xaxis.set_major_formatter(lambda x, _: format_points(x))
    axes.set_xlabel("Evaluable patients (%)")


def _draw_block(
    axes: Axes, name: str, bars: list[GradeBar], offset: float, pitch: float, width: float
) -> None:
    heading = offset + _HEADING_MM / 2 + 0.5
    axes.text(
        0,
        heading,
        name.upper(),
        va="center_baseline",
        fontsize=TEXT_PT,
        color=INK,
        fontweight="bold",
    )
    for index, bar in enumerate(bars):
        centre = offset + _HEADING_MM + pitch * (index + 0.5)
        label = wrap(bar.label, _NAME_MM)
        axes.text(
            -MARGIN_MM / width, centre, label, ha="right", va="center_baseline", fontsize=SMALL_PT
        )
        if bar.evaluable:
            _draw_bar(axes, bar, centre, width)
        else:
            axes.text(
                0, centre, "none evaluable", va="center_baseline", fontsize=SMALL_PT, color=QUIET
            )


def _draw_bar(axes: Axes, bar: GradeBar, centre: float, width: float) -> None:
    start = 0.0
    for (count, share), colour in zip(bar.parts, _colours().values(), strict=True):
        axes.barh(
            centre,
            share,
            height=_BAR_MM,
            left=start,
            color=colour,
            edgecolor="white",
            linewidth=0.5,
        )
        text = _fitting(count, share, share * width - MARGIN_MM)
        ink = "white" if _luminance(colour) < _DARK else INK
        axes.text(
            start + share / 2,
            centre,
            text,
            ha="center",
            va="center_baseline",
            fontsize=SMALL_PT,
            color=ink,
        )
        start += share


def _fitting(count: int, share: float, room: float) -> str:
    """Count and percentage, the count alone, or nothing, as the segment has room."""
    texts = (format_count_percent(count, share), format_count(count), "")
    return next(text for text in texts if not text or (count and text_width(text) <= room))


def _luminance(colour: str) -> float:
    red, green, blue = to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue
