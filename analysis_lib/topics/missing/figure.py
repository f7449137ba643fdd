"""Which covariates are missing together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis_lib.format import format_count, format_percent
from analysis_lib.results.rows import Key, Omitted, population
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    QUIET,
    RULE,
    ReportFigure,
    head_height,
    in_theme,
    write,
)
from analysis_lib.show.measure import line_count, text_height, text_width, wrap
from analysis_lib.topics.missing.numbers import MissingData
from analysis_lib.topics.missing.patterns import Pattern

MOST_GROUPS = 12
_TILE_MM, _LEAST_TILE_MM, _GAP_MM, _ROW_GAP_MM, _PAD_MM = 9.0, 5.0, 2.0, 1.6, 1.4
_LEAST_NAME_MM, _NAME_MM = 30.0, 52.0
_LEGEND_MM = 6.0
_VALUES, _PATTERNS = "missing_values", "missing_patterns"


@dataclass(frozen=True)
class _Sizes:
    """Widths of the tiles and of the names, and the height of every line of names."""

    tile: float
    names: tuple[str, ...]
    heights: tuple[float, ...]
    left: float


@in_theme
def plot_missing_patterns(missing: MissingData) -> ReportFigure | Omitted:
    """Covariates missing in someone against patterns, the complete cases first, with patients.

    A full tile is missing, an empty one recorded. Below the tiles stand the patients of each
    pattern, everyone and by group; of many groups everyone alone.
    """
    if not missing.covariates:
        return Omitted("No covariate of the models is missing in anyone; there is no pattern.")
    if missing.results.small_cell:
        return Omitted(
            "Which covariates are missing together is a fact of few patients; with small counts "
            "suppressed it is not drawn."
        )
    rows = [v.label for v in missing.covariates]
    counted = _counted(missing)
    totals = [_total(missing, v.name) for v in missing.covariates]
    right = max(text_width(x) for x in (*totals, "Missing")) + _GAP_MM
    sizes = _sizes([*rows, *(label for label, _ in counted)], missing, counted, right)
    tiles, below = sum(sizes.heights[: len(rows)]), sum(sizes.heights[len(rows) :])
    label = missing.results.label
    top = head_height(label) + text_height(1) + _PAD_MM
    width = sizes.tile * len(missing.patterns)
    total_height = top + tiles + _GAP_MM + text_height(1) + below + _LEGEND_MM + 2 * MARGIN_MM
    figure = ReportFigure(
        max(sizes.left + width + right + MARGIN_MM, 100.0),
        total_height,
        title="Covariates of the models that are missing together",
        label=label,
    )
    axes = figure.canvas_at(sizes.left, top, width, tiles)
    _draw_tiles(axes, missing, sizes)
    _write_names(figure, sizes, top, len(rows))
    figure.text_at(sizes.left + sizes.tile / 2, top - _PAD_MM, "Complete", ha="center", **_SMALL)
    figure.text_at(sizes.left + width + right - 0.2, top - _PAD_MM, "Missing", ha="right", **_SMALL)
    for text, centre in zip(totals, _centres(sizes.heights[: len(rows)]), strict=True):
        figure.text_at(
            sizes.left + width + right - 0.2, top + centre, text, ha="right", va="center"
        )
    _write_counts(figure, counted, sizes, top + tiles + _GAP_MM, len(rows))
    _draw_legend(figure, missing, sizes.left, total_height - MARGIN_MM - _LEGEND_MM / 2)
    return figure


_SMALL = {"va": "bottom", "color": QUIET}


def _counted(missing: MissingData) -> list[tuple[str, list[str]]]:
    """The patients of every pattern: everyone, then each group."""
    groups = missing.grouping
    chosen = [("All patients", "infused")]
    if len(groups.levels) <= MOST_GROUPS:
        chosen += [(groups.label_of(x), population("infused", groups, x)) for x in groups.levels]
    at = Key(_PATTERNS, statistic="count")
    return [
        (
            label,
            [
                format_count(missing.results.value(at._replace(population=where, level=x.level)))
                for x in missing.patterns
            ],
        )
        for label, where in chosen
    ]


def _total(missing: MissingData, name: str) -> str:
    """In how many patients a covariate is missing, and the share of them."""
    count = missing.results.value(Key(_PATTERNS, "", "infused", name, statistic="count"))
    share = missing.results.value(Key(_PATTERNS, "", "infused", name, statistic="proportion"))
    return f"{format_count(count)} ({format_percent(share)})"


def _sizes(
    names: Sequence[str],
    missing: MissingData,
    counted: Sequence[tuple[str, Sequence[str]]],
    right: float,
) -> _Sizes:
    """As wide as the counts ask for; the names take what is left."""
    widest = max(text_width(text) for _, texts in counted for text in texts) + _PAD_MM
    tile = max(min(_TILE_MM, widest), _LEAST_TILE_MM, widest)
    if len(missing.patterns) < 8:
        tile = max(tile, _TILE_MM)
    room = FULL_MM - tile * len(missing.patterns) - right - 3 * MARGIN_MM - _GAP_MM
    wrapped = tuple(wrap(name, min(_NAME_MM, max(room, _LEAST_NAME_MM))) for name in names)
    heights = tuple(text_height(line_count(name)) + _ROW_GAP_MM for name in wrapped)
    left = MARGIN_MM + max(text_width(name) for name in wrapped) + _GAP_MM
    return _Sizes(tile, wrapped, heights, left)


def _centres(heights: Sequence[float]) -> list[float]:
    return [sum(heights[:i]) + height / 2 for i, height in enumerate(heights)]


def _draw_tiles(axes: Axes, missing: MissingData, sizes: _Sizes) -> None:
    count = len(missing.covariates)
    heights = sizes.heights[:count]
    for column, pattern in enumerate(missing.patterns):
        for row, variable in enumerate(missing.covariates):
            corner = (column * sizes.tile + 0.35, sum(heights[:row]) + 0.35)
            size = (sizes.tile - 0.7, heights[row] - 0.7)
            axes.add_patch(Rectangle(corner, *size, **_tile(pattern, variable.name)))


def _tile(pattern: Pattern, name: str) -> dict[str, Any]:
    """Dark where missing, an empty frame where recorded, hatched where both occur."""
    if pattern.missing is None:
        return {"facecolor": "white", "edgecolor": QUIET, "linewidth": 0.4, "hatch": "/////"}
    if name in pattern.missing:
        return {"facecolor": INK, "edgecolor": INK, "linewidth": 0.4}
    return {"facecolor": "white", "edgecolor": RULE, "linewidth": 0.4}


def _write_names(figure: ReportFigure, sizes: _Sizes, top: float, count: int) -> None:
    for name, centre in zip(sizes.names[:count], _centres(sizes.heights[:count]), strict=True):
        figure.text_at(sizes.left - _GAP_MM, top + centre, name, ha="right", va="center")


def _write_counts(
    figure: ReportFigure,
    counted: Sequence[tuple[str, Sequence[str]]],
    sizes: _Sizes,
    top: float,
    before: int,
) -> None:
    """A line of patients for everyone and each group, under the tiles of their pattern."""
    figure.text_at(sizes.left, top, "Patients with the pattern", va="top", color=QUIET)
    top += text_height(1) + _ROW_GAP_MM / 2
    centres = _centres(sizes.heights[before:])
    for (_, texts), name, centre in zip(counted, sizes.names[before:], centres, strict=True):
        figure.text_at(sizes.left - _GAP_MM, top + centre, name, ha="right", va="center")
        for column, text in enumerate(texts):
            x = sizes.left + (column + 0.5) * sizes.tile
            figure.text_at(x, top + centre, text, ha="center", va="center")


def _draw_legend(figure: ReportFigure, missing: MissingData, left: float, middle: float) -> None:
    kinds = [("missing", ("x",)), ("recorded", ())]
    entries = [(text, Pattern("", held, missing.patterns[0].members)) for text, held in kinds]
    if missing.patterns[-1].missing is None:
        entries.append(("other patterns", missing.patterns[-1]))
    width = figure.width_mm - left - MARGIN_MM
    axes = figure.canvas_at(left, middle - 2.0, width, 4.0)
    x = 0.2
    for text, pattern in entries:
        axes.add_patch(Rectangle((x, 0.8), 3.6, 2.4, **_tile(pattern, "x")))
        write(axes, x + 4.6, 2.0, text)
        x += 4.6 + text_width(text) + 4.0
