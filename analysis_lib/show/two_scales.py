"""Estimates of one effect as a ratio, and as a difference beside it: forests that share rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, isfinite

from matplotlib.axes import Axes

from analysis_lib.format import (
    NO_BREAK_SPACE,
    format_confidence,
    format_interval,
    format_points,
    format_ratio,
)
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

HEAD_MM = 8.4
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
class Scales:
    """Rows with one forest of ratios, and one of differences if they have a head.

    Millimetres from the upper left corner: label, n, ratio in words and drawn, and the same of the
    difference. `whom` says who is compared.
    """

    rows: tuple[ScaledRow, ...]
    heads: tuple[str, ...]
    whom: str
    width: float = FULL_MM

    @classmethod
    def of(
        cls,
        rows: Iterable[ScaledRow],
        results: Results,
        whom: str,
        *,
        when: str = "",
        width: float = FULL_MM,
    ) -> Scales:
        """With the differences at a time that `when` names, or without."""
        level = format_confidence(results.confidence_level)
        heads = (f"Hazard ratio\n({level})", *([f"{when}\npoints ({level})"] if when else []))
        return cls(tuple(rows), heads, whom, width)

    @cached_property
    def height(self) -> float:
        below = _AXIS_MM + text_height(line_count(self._caption) - 1, TEXT_PT)
        return HEAD_MM + self.body + below

    def draw(self, figure: ReportFigure, left: float, top: float) -> None:
        """Both forests on a figure, with their texts and axes."""
        _draw_texts(figure.canvas_at(left, top, self.width, HEAD_MM + self.body), self)
        for x, draw, caption in zip(
            self.plots,
            (_draw_ratios, _draw_differences),
            (self._caption, "Percentage points"),
            strict=False,
        ):
            plot = figure.axes_at(left + x, top + HEAD_MM, self.plot_width, self.body)
            draw(plot, self)
            plot.set_xlabel(caption)

    @cached_property
    def _caption(self) -> str:
        return wrap(
            f"{self.whom}, log{NO_BREAK_SPACE}scale", self.plot_width + 2 * _GAP_MM, TEXT_PT
        )

    def label(self, row: ScaledRow) -> str:
        if row.is_heading:
            return wrap(row.label, self.width - 2 * MARGIN_MM, bold=True)
        return wrap(row.label, _LABEL_MM - _INDENT_MM)

    @cached_property
    def heights(self) -> tuple[float, ...]:
        return tuple(text_height(line_count(self.label(row))) + _ROW_GAP_MM for row in self.rows)

    @property
    def body(self) -> float:
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
    def _text_widths(self) -> tuple[float, ...]:
        """Of each scale its longest text or line of its head."""
        texts = [(x.ratio_text, x.difference_text) for x in self.rows]
        return tuple(
            max(
                *(text_width(each[i]) for each in texts),
                *(text_width(line, bold=True) for line in head.split("\n")),
            )
            for i, head in enumerate(self.heads)
        )

    @cached_property
    def plot_width(self) -> float:
        """What labels and texts leave, in equal parts."""
        taken = self.n_end + _GAP_MM + sum(x + 2 * _GAP_MM for x in self._text_widths)
        return (self.width - MARGIN_MM - taken) / len(self.heads)

    @cached_property
    def text_lefts(self) -> tuple[float, ...]:
        """Where the texts of each scale begin."""
        first = self.n_end + _GAP_MM
        return (first, first + self._text_widths[0] + self.plot_width + 2 * _GAP_MM)

    @cached_property
    def plots(self) -> tuple[float, ...]:
        """The left end of the plot of each scale."""
        pairs = zip(self.text_lefts, self._text_widths, strict=False)
        return tuple(left + width + _GAP_MM for left, width in pairs)


def draw_two_scales(
    rows: Sequence[ScaledRow], results: Results, *, title: str, when: str, whom: str
) -> ReportFigure:
    """Both forests; `when` says of what time the difference is, `whom` who is compared."""
    scales = Scales.of(rows, results, whom, when=when)
    head = head_height(results.label)
    height = head + scales.height + MARGIN_MM
    figure = ReportFigure(FULL_MM, height, title=title, label=results.label)
    scales.draw(figure, 0.0, head)
    return figure


def _draw_texts(table: Axes, layout: Scales) -> None:
    bold = {"fontweight": "bold", "linespacing": 1.2}
    _write(table, layout.n_end, HEAD_MM / 2, "n", ha="right", **bold)
    for left, text in zip(layout.text_lefts, layout.heads, strict=False):
        _write(table, left, HEAD_MM / 2, text, ha="left", **bold)
    table.axhline(HEAD_MM - 0.3, color=INK, linewidth=0.6)
    for row, top, centre in zip(layout.rows, layout.tops, layout.centres, strict=True):
        y = HEAD_MM + centre
        if row.is_heading and top > 0:
            table.axhline(HEAD_MM + top, color=RULE, linewidth=0.5)
        indent = 0.0 if row.is_heading else _INDENT_MM
        weight = {"fontweight": "bold" if row.is_heading or row.stands_out else "normal"}
        _write(
            table, MARGIN_MM + indent, y, layout.label(row), ha="left", linespacing=1.2, **weight
        )
        _write(table, layout.n_end, y, row.n, ha="right")
        texts = (row.ratio_text, row.difference_text)
        for left, text, _ in zip(layout.text_lefts, texts, layout.heads, strict=False):
            _write(table, left, y, text, ha="left", **weight)


def _write(table: Axes, x: float, y: float, text: str, **style: object) -> None:
    write(table, x, y - CAP_DROP_MM, text, **{"color": INK, **style})


def _draw_ratios(plot: Axes, layout: Scales) -> None:
    found = [row.ratio for row in layout.rows if row.ratio is not None and _drawn(row.ratio)]
    axis = ratio_axis([Mark(x.value, x.low, x.high) for x in found])
    _frame(plot, layout.body)
    frame_ratio(plot, axis)
    for row, centre in zip(layout.rows, layout.centres, strict=True):
        if row.ratio is not None and _drawn(row.ratio):
            _draw_mark(plot, row.ratio, centre, (axis.low, axis.high), row.stands_out)


def _draw_differences(plot: Axes, layout: Scales) -> None:
    found = [x.difference for x in layout.rows if x.difference is not None and _drawn(x.difference)]
    low, high, ticks = difference_axis(found)
    _frame(plot, layout.body)
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
