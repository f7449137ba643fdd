"""The rows of a forest plot, its logarithmic axis, and its columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from math import isinf

from analysis_lib.format import EN_DASH, NOT_ESTIMABLE, format_interval, format_p, format_ratio
from analysis_lib.labels import readable
from analysis_lib.results.rows import Key, Results
from analysis_lib.show.cells import count
from analysis_lib.show.effects import NOT_ESTIMABLE as REASON
from analysis_lib.show.effects import Compared, is_estimable
from analysis_lib.show.figure import FULL_MM, MARGIN_MM, TEXT_PT
from analysis_lib.show.measure import line_count, text_height, text_width, wrap
from analysis_lib.study.exposure import Grouping


@dataclass(frozen=True)
class Mark:
    """A hazard ratio with its interval."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class ForestRow:
    """One line: its texts, and a mark or the reason why there is none."""

    label: str
    indented: bool
    heads: bool
    of_exposure: bool
    n: str = ""
    events: str = ""
    ratio: str = ""
    p_value: str = ""
    mark: Mark | None = None
    reason: str = ""


def heading_row(label: str) -> ForestRow:
    """A row that only heads those below it."""
    return ForestRow(label, False, True, False)


def effect_rows(effect: Compared, label: str, *, stands_out: bool) -> list[ForestRow]:
    """One row a group, with the patients and events of the whole model."""
    results, exposure = effect.results, effect.exposure
    size = count(results, effect.key, "n"), count(results, effect.key, "events")
    return [
        ratio_row(results, effect.contrast(x), _named(exposure, x, label), size, stands_out)
        for x in exposure.levels[1:]
    ]


def robust_rows(effect: Compared, label: str) -> list[ForestRow]:
    """The same ratios with the intervals of their robust errors, which stand out."""
    return [
        ratio_row(
            effect.results,
            effect.contrast(level),
            _named(effect.exposure, level, label),
            ("", ""),
            True,
            limits="robust",
            p_value="robust_p_value",
        )
        for level in effect.exposure.levels[1:]
    ]


def _named(exposure: Grouping, level: str, label: str) -> str:
    """The model, and of several groups which."""
    return label if len(exposure.levels) == 2 else f"{exposure.label_of(level)}: {label}"


def ratio_row(
    results: Results,
    key: Key,
    label: str,
    size: tuple[str, str],
    stands_out: bool,
    *,
    limits: str = "hazard_ratio",
    p_value: str = "p_value",
) -> ForestRow:
    """One hazard ratio of the results with its mark, or the reason why it has none."""
    row = ForestRow(label, True, False, stands_out, *size)
    low = results.row(key, f"{limits}_ci_low")
    if not is_estimable(low):
        return _without(row, readable(low.method.removeprefix(REASON), results.dictionary))
    ratio, high, p = (results.value(key, x) for x in ("hazard_ratio", f"{limits}_ci_high", p_value))
    return _with(row, Mark(ratio, low.value, high), p)


def _without(row: ForestRow, reason: str) -> ForestRow:
    return replace(row, ratio=NOT_ESTIMABLE, p_value=EN_DASH, reason=reason)


def _with(row: ForestRow, mark: Mark, p_value: float) -> ForestRow:
    interval = format_interval(mark.low, mark.high, format_ratio)
    ratio = f"{format_ratio(mark.ratio)} ({interval})"
    return replace(row, ratio=ratio, p_value=format_p(p_value), mark=mark)


_LADDER = tuple(factor * 10.0**power for power in range(-4, 5) for factor in (1, 2, 5))
_LEAST = (0.5, 2.0)
_WIDEST = (0.05, 20.0)  # intervals beyond it end in an arrow; estimates always fit
_TICKS = 9


@dataclass(frozen=True)
class RatioAxis:
    low: float
    high: float
    ticks: tuple[float, ...]


def ratio_axis(marks: Iterable[Mark]) -> RatioAxis:
    """Limits on the ladder 1-2-5 that hold 1, every estimate, and the intervals up to a bound."""
    known = [mark for mark in marks if mark.ratio > 0 and not isinf(mark.ratio)]
    lows = [min(mark.ratio, max(mark.low, _WIDEST[0])) for mark in known]
    highs = [max(mark.ratio, min(mark.high, _WIDEST[1])) for mark in known]
    low = _step_below(min([*lows, _LEAST[0]]))
    high = _step_above(max([*highs, _LEAST[1]]))
    return RatioAxis(low, high, _ticks(low, high))


def _step_below(value: float) -> float:
    return max((step for step in _LADDER if step <= value), default=value)


def _step_above(value: float) -> float:
    return min((step for step in _LADDER if step >= value), default=value)


def _ticks(low: float, high: float) -> tuple[float, ...]:
    """The whole ladder, or its decades where the whole would crowd."""
    within = tuple(step for step in _LADDER if low <= step <= high)
    if len(within) <= _TICKS:
        return within
    return tuple(step for step in within if f"{step:e}".startswith("1"))


HEAD_MM = 5.0
AXIS_MM = 10.0
HEADINGS = {"n": "n", "events": "Events", "p_value": "P"}
_LABEL_MM = 54.0
_INDENT_MM = 3.0
_GAP_MM = 4.0
_ROW_GAP_MM = 0.4


@dataclass(frozen=True)
class ForestLayout:
    """Millimetres of a forest plot in full width; `ratio_heading` names the interval."""

    rows: tuple[ForestRow, ...]
    ratio_heading: str

    def label(self, row: ForestRow) -> str:
        return wrap(row.label, _LABEL_MM - (_INDENT_MM if row.indented else 0.0))

    def reason(self, row: ForestRow) -> str:
        return wrap(row.reason, self.plot_width - _GAP_MM)

    def caption(self, text: str) -> str:
        """What stands below the axis, as wide as the page lets it be in the middle of the plot."""
        middle = self.plot_left + self.plot_width / 2
        return wrap(text, 2 * (min(middle, FULL_MM - middle) - MARGIN_MM), TEXT_PT)

    @cached_property
    def tops(self) -> tuple[float, ...]:
        return tuple(sum(self._heights[:i]) for i in range(len(self.rows)))

    @cached_property
    def centres(self) -> tuple[float, ...]:
        pairs = zip(self.tops, self._heights, strict=True)
        return tuple(top + height / 2 for top, height in pairs)

    @cached_property
    def height(self) -> float:
        return sum(self._heights)

    def anchor(self, column: str, *, indented: bool = False) -> tuple[float, str]:
        """Where the text of a column stands, and which of its sides."""
        if column == "label":
            return MARGIN_MM + (_INDENT_MM if indented else 0.0), "left"
        if column == "ratio":
            return self._ratio_left, "left"
        ends = {"n": self._n_end, "events": self._events_end, "p_value": FULL_MM - MARGIN_MM}
        return ends[column], "right"

    @cached_property
    def plot_left(self) -> float:
        return self._events_end + _GAP_MM

    @cached_property
    def plot_width(self) -> float:
        return self._ratio_left - _GAP_MM - self.plot_left

    @cached_property
    def _n_end(self) -> float:
        labels = (
            text_width(self.label(row), bold=row.heads) + _INDENT_MM * row.indented
            for row in self.rows
        )
        return MARGIN_MM + max(labels) + _GAP_MM + self._width("n")

    @cached_property
    def _events_end(self) -> float:
        return self._n_end + _GAP_MM + self._width("events")

    @cached_property
    def _ratio_left(self) -> float:
        p_left = FULL_MM - MARGIN_MM - self._width("p_value")
        return p_left - _GAP_MM - self._width("ratio")

    def _width(self, column: str) -> float:
        heading = HEADINGS.get(column, self.ratio_heading)
        texts = [text_width(getattr(row, column)) for row in self.rows]
        return max(text_width(heading, bold=True), *texts)

    @cached_property
    def _heights(self) -> tuple[float, ...]:
        return tuple(
            text_height(max(line_count(self.label(row)), line_count(self.reason(row))))
            + _ROW_GAP_MM
            for row in self.rows
        )
