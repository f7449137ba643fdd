"""CRS and ICANS by grade among the evaluable, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch

from analysis_lib.format import (
    EN_DASH,
    format_count,
    format_count_percent,
    format_points,
    is_suppressed,
)
from analysis_lib.results.rows import Key, Omitted, population, unless_omitted
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    QUIET,
    ReportFigure,
    head_height,
    in_theme,
    write,
)
from analysis_lib.show.measure import Legend, line_count, text_height, text_width, wrap
from analysis_lib.topics.toxicity.numbers import GRADE_GROUPS, Toxicity


@dataclass(frozen=True)
class GradeBar:
    """One bar: the evaluable of one group, as (count, proportion) by grade group."""

    label: str
    evaluable: int
    parts: tuple[tuple[float, float], ...]

    @property
    def counts(self) -> tuple[float, ...]:
        return (self.evaluable, *(count for count, _ in self.parts))


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
        parts = []
        for level in ("none", *GRADE_GROUPS):
            key = Key("toxicity", name, where, f"{name}_grade_group", level, statistic="count")
            count = toxicity.results.value(key)
            share = toxicity.results.value(key, "proportion")
            parts.append((count, share if evaluable else 0.0))
        named = f"{label} (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{format_count(evaluable)})"
        bars.append(GradeBar(named, evaluable, tuple(parts)))
    return bars


def grade_label(level: str) -> str:
    """`grade_3_4` as `Grade 3–4`."""
    return f"Grade {level.removeprefix('grade_').replace('_', EN_DASH)}"


_NAME_MM = 50.0
_BAR_MM = 5.4
_THIN_BAR_MM = 2.9
_THICK_BARS = 24  # more bars than that become thin, to stay on a page
_BAR_GAP = 0.25
_HEADING_MM = 5.0
_AXIS_MM = 9.5
_GAP_MM = 2.5
_RIGHT_MM = 4.0
_NONE = "none"
_DARK = 0.45


@dataclass(frozen=True)
class _Scale:
    """Millimetres of the axes' width, of a bar, and from one bar to the next."""

    width: float
    thickness: float
    pitch: float


@in_theme
@unless_omitted
def plot_toxicity_grades(toxicity: Toxicity) -> ReportFigure | Omitted:
    """Stacked bars of grade groups by exposure; 100% are the patients evaluable for each."""
    blocks = {name: grade_bars(toxicity, name) for name in toxicity.graded}
    if any(is_suppressed(x) for bars in blocks.values() for bar in bars for x in bar.counts):
        return Omitted(
            "Some grades were found in so few patients that their counts are suppressed; the "
            "figure of all grades is left out."
        )
    names = [wrap(bar.label, _NAME_MM) for bars in blocks.values() for bar in bars]
    left = 3 * MARGIN_MM + max(text_width(name) for name in names)
    width = FULL_MM - left - _RIGHT_MM
    scale = _scale(names, width)
    height = sum(_HEADING_MM + scale.pitch * len(bars) for bars in blocks.values())
    legend = _legend(width, blocks)
    label = toxicity.results.label
    top = head_height(label) + legend.height + _GAP_MM
    title = f"Grades of toxicity by {toxicity.grouping.phrase}"
    figure = ReportFigure(FULL_MM, top + height + _AXIS_MM + MARGIN_MM, title=title, label=label)
    legend.draw(figure, left, top - legend.height - _GAP_MM)
    axes = figure.axes_at(left, top, width, height)
    _draw_frame(axes, height)
    offset = 0.0
    for name, bars in blocks.items():
        _draw_block(axes, name, bars, offset, scale)
        offset += _HEADING_MM + scale.pitch * len(bars)
    return figure


def _scale(names: list[str], width: float) -> _Scale:
    thickness = _BAR_MM if len(names) <= _THICK_BARS else _THIN_BAR_MM
    text = max(text_height(line_count(name)) for name in names)
    return _Scale(width, thickness, max((1 + _BAR_GAP) * thickness, text + MARGIN_MM / 2))


def _colours() -> dict[str, str]:
    """Light for none, then darker with the grade: the order survives a copier."""
    palette = sns.color_palette("flare", len(GRADE_GROUPS)).as_hex()
    return {_NONE: "#e9e9e9", **dict(zip(GRADE_GROUPS, palette, strict=True))}


def _legend(width: float, blocks: dict[str, list[GradeBar]]) -> Legend:
    """The grade groups that any bar shows."""
    parts = [bar.parts for bars in blocks.values() for bar in bars]
    shown = [any(of_bar[index][0] for of_bar in parts) for index in range(len(_colours()))]
    labels = {_NONE: "None", **{level: grade_label(level) for level in GRADE_GROUPS}}
    handles = [
        Patch(facecolor=colour, edgecolor="white", linewidth=0.5, label=labels[level])
        for (level, colour), is_shown in zip(_colours().items(), shown, strict=True)
        if is_shown
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


def _draw_block(axes: Axes, name: str, bars: list[GradeBar], offset: float, scale: _Scale) -> None:
    top = offset + _HEADING_MM
    write(axes, 0, top - _HEADING_MM / 2 + 0.5, name.upper(), fontweight="bold")
    for index, bar in enumerate(bars):
        centre = top + scale.pitch * (index + 0.5)
        write(axes, -MARGIN_MM / scale.width, centre, wrap(bar.label, _NAME_MM), ha="right")
        if bar.evaluable:
            _draw_bar(axes, bar, centre, scale)
        else:
            write(axes, 0, centre, "none evaluable", color=QUIET)


def _draw_bar(axes: Axes, bar: GradeBar, centre: float, scale: _Scale) -> None:
    edge: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.5}
    start = 0.0
    for (count, share), colour in zip(bar.parts, _colours().values(), strict=True):
        axes.barh(centre, share, height=scale.thickness, left=start, color=colour, **edge)
        text = _fitting(count, share, share * scale.width - MARGIN_MM)
        ink = "white" if _luminance(colour) < _DARK else INK
        write(axes, start + share / 2, centre, text, ha="center", color=ink)
        start += share


def _fitting(count: float, share: float, room: float) -> str:
    """Count and percentage, the count alone, or nothing, as the segment has room."""
    texts = (format_count_percent(count, share), format_count(count), "")
    return next(text for text in texts if not text or (count and text_width(text) <= room))


def _luminance(colour: str) -> float:
    red, green, blue = to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue
