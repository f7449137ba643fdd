"""Estimates of one effect as a ratio and as a difference: two forests that share their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, isfinite

from matplotlib.axes import Axes

from analysis_lib.format import format_confidence, format_interval, format_points, format_ratio
from analysis_lib.marks import alike
from analysis_lib.results.rows import Results
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    QUIET,
    RULE,
    TEXT_PT,
    ReportFigure,
    head_height,
    stroke,
    write,
)
from analysis_lib.show.forest import frame_ratio
from analysis_lib.show.forest_layout import Mark, ratio_axis
from analysis_lib.show.measure import CAP_DROP_MM, line_count, text_height, text_width, wrap
from analysis_lib.show.prose import Estimate

_HEAD_MM = 8.4
_AXIS_MM = 10.0
_LABEL_MM = 40.0
_INDENT_MM = 3.0
_GAP_MM = 3.5
_ROW_GAP_MM = 0.3
_MARK_PT = 4.5
_STEPS = (0.05, 0.1, 0.2, 0.25, 0.5)
_MOST_TICKS = 7


@dataclass(frozen=True)
class ScaledRow:
    """One estimate on both scales, None where it has none on one; a heading has neither.

    `ratio` is of hazards, `difference` of proportions. `stands_out` colours its marks.
    """

    label: str
    n: str = ""
    ratio: Estimate | None = None
    difference: Estimate | None = None
    stands_out: bool = False
    is_heading: bool = False

    @property
    def ratio_text(self) -> str:
        return _text(self.ratio, format_ratio)

    @property
    def difference_text(self) -> str:
        return _text(self.difference, format_points)


def _text(found: Estimate | None, write_number: Callable[[float], str]) -> str:
    if found is None:
        return ""
    value = write_number(found.value)
    interval = format_interval(found.low, found.high, write_number)
    return value if alike([value], [interval]) else f"{value} ({interval})"


@dataclass(frozen=True)
class _Layout:
    """Millimetres: label, n, ratio in words and drawn, difference in words and drawn."""

    rows: tuple[ScaledRow, ...]
    heads: tuple[str, str]

    def label(self, row: ScaledRow) -> str:
        if row.is_heading:
            return wrap(row.label, FULL_MM - 2 * MARGIN_MM, bold=True)
        return wrap(row.label, _LABEL_MM - _INDENT_MM)

    @cached_property
    def heights(self) -> tuple[float, ...]:
        return tuple(text_height(line_count(self.label(row))) + _ROW_GAP_MM for row in self.rows)

    @property
    def height(self) -> float:
        return sum(self.heights)

    @cached_property
    def tops(self) -> tuple[float, ...]:
        return tuple(sum(self.heights[:i]) for i in range(len(self.rows)))

    @cached_property
    def centres(self) -> tuple[float, ...]:
        return tuple(top + h / 2 for top, h in zip(self.tops, self.heights, strict=True))

    @cached_property
    def n_end(self) -> float:
        labels = (text_width(self.label(x)) + _INDENT_MM for x in self.rows if not x.is_heading)
        widest = max((text_width(x.n) for x in self.rows), default=0.0)
        return MARGIN_MM + max(labels, default=0.0) + _GAP_MM + max(widest, text_width("n"))

    @cached_property
    def ratio_left(self) -> float:
        return self.n_end + _GAP_MM

    @cached_property
    def plots(self) -> tuple[float, float, float]:
        """The left ends of both plots, and their common width."""
        texts = [max(text_width(x.ratio_text) for x in self.rows), self._head(0)]
        others = [max(text_width(x.difference_text) for x in self.rows), self._head(1)]
        first = self.ratio_left + max(texts) + _GAP_MM
        left_over = FULL_MM - MARGIN_MM - _GAP_MM - first - max(others) - 2 * _GAP_MM
        width = left_over / 2
        return first, first + width + _GAP_MM + max(others) + _GAP_MM, width

    @cached_property
    def difference_left(self) -> float:
        first, _, width = self.plots
        return first + width + _GAP_MM

    def _head(self, which: int) -> float:
        return max(text_width(x, bold=True) for x in self.heads[which].split("\n"))


def draw_two_scales(
    rows: Sequence[ScaledRow], results: Results, *, title: str, when: str, whom: str
) -> ReportFigure:
    """Both forests; `when` says of what time the difference is, `whom` who is compared."""
    level = format_confidence(results.confidence_level)
    layout = _Layout(tuple(rows), (f"Hazard ratio\n({level})", f"{when}\npoints ({level})"))
    head = head_height(results.label)
    caption = wrap(f"{whom}, log scale", layout.plots[2] + 2 * _GAP_MM, TEXT_PT)
    below = _AXIS_MM + text_height(line_count(caption) - 1, TEXT_PT)
    height = head + _HEAD_MM + layout.height + below + MARGIN_MM
    figure = ReportFigure(FULL_MM, height, title=title, label=results.label)
    table = figure.canvas_at(0, head, FULL_MM, _HEAD_MM + layout.height)
    _draw_texts(table, layout)
    first, second, width = layout.plots
    top = head + _HEAD_MM
    ratios = figure.axes_at(first, top, width, layout.height)
    differences = figure.axes_at(second, top, width, layout.height)
    _draw_ratios(ratios, layout)
    _draw_differences(differences, layout)
    ratios.set_xlabel(caption)
    differences.set_xlabel("Percentage points")
    return figure


def _draw_texts(table: Axes, layout: _Layout) -> None:
    bold = {"fontweight": "bold", "linespacing": 1.2}
    _write(table, layout.n_end, _HEAD_MM / 2, "n", ha="right", **bold)
    for left, text in zip((layout.ratio_left, layout.difference_left), layout.heads, strict=True):
        _write(table, left, _HEAD_MM / 2, text, ha="left", **bold)
    table.axhline(_HEAD_MM - 0.3, color=INK, linewidth=0.6)
    for row, top, centre in zip(layout.rows, layout.tops, layout.centres, strict=True):
        y = _HEAD_MM + centre
        if row.is_heading and top > 0:
            table.axhline(_HEAD_MM + top, color=RULE, linewidth=0.5)
        indent = 0.0 if row.is_heading else _INDENT_MM
        weight = {"fontweight": "bold" if row.is_heading or row.stands_out else "normal"}
        _write(
            table, MARGIN_MM + indent, y, layout.label(row), ha="left", linespacing=1.2, **weight
        )
        _write(table, layout.n_end, y, row.n, ha="right")
        _write(table, layout.ratio_left, y, row.ratio_text, ha="left", **weight)
        _write(table, layout.difference_left, y, row.difference_text, ha="left", **weight)


def _write(table: Axes, x: float, y: float, text: str, **style: object) -> None:
    write(table, x, y - CAP_DROP_MM, text, **{"color": INK, **style})


def _draw_ratios(plot: Axes, layout: _Layout) -> None:
    found = [row.ratio for row in layout.rows if row.ratio is not None and _drawn(row.ratio)]
    axis = ratio_axis([Mark(x.value, x.low, x.high) for x in found])
    _frame(plot, layout.height)
    frame_ratio(plot, axis)
    for row, centre in zip(layout.rows, layout.centres, strict=True):
        if row.ratio is not None and _drawn(row.ratio):
            _draw_mark(plot, row.ratio, centre, (axis.low, axis.high), row.stands_out)


def _draw_differences(plot: Axes, layout: _Layout) -> None:
    found = [x.difference for x in layout.rows if x.difference is not None and _drawn(x.difference)]
    low, high, ticks = difference_axis(found)
    _frame(plot, layout.height)
    plot.set_xlim(low, high)
    plot.set_xticks(ticks, [format_points(x) for x in ticks])
    plot.axvline(0, color=QUIET, linewidth=0.6, zorder=0)
    for row, centre in zip(layout.rows, layout.centres, strict=True):
        if row.difference is not None and _drawn(row.difference):
            _draw_mark(plot, row.difference, centre, (low, high), row.stands_out)


def _drawn(found: Estimate) -> bool:
    return all(isfinite(x) for x in (found.value, found.low, found.high))


def difference_axis(found: Iterable[Estimate]) -> tuple[float, float, tuple[float, ...]]:
    """Limits that hold 0 and every interval, and their ticks: as few as have a round step."""
    ends = [x for one in found for x in (one.low, one.high)]
    low, high = min([*ends, -0.05]), max([*ends, 0.05])
    fits = [x for x in _STEPS if ceil(high / x) - floor(low / x) < _MOST_TICKS]
    step = fits[0] if fits else _STEPS[-1]
    first, last = floor(low / step), ceil(high / step)
    ticks = tuple(round(step * i, 2) for i in range(first, last + 1))
    return ticks[0], ticks[-1], ticks


def _frame(plot: Axes, height: float) -> None:
    plot.patch.set_visible(False)
    plot.set_ylim(height, 0)
    plot.set_yticks([])
    plot.spines["left"].set_visible(False)


def _draw_mark(
    plot: Axes, found: Estimate, centre: float, limits: tuple[float, float], stands_out: bool
) -> None:
    colour = stroke(0).colour if stands_out else INK
    low, high = max(found.low, limits[0]), min(found.high, limits[1])
    plot.plot([low, high], [centre, centre], color=colour, linewidth=1.0, solid_capstyle="butt")
    for limit, beyond, arrow in (
        (limits[0], found.low < limits[0], "<"),
        (limits[1], found.high > limits[1], ">"),
    ):
        if beyond:
            plot.plot([limit], [centre], arrow, color=colour, markersize=_MARK_PT, clip_on=False)
    plot.plot([found.value], [centre], "s", color=colour, markersize=_MARK_PT)
