"""The comparison page of a sweep: of every endpoint a forest and a table, each line linked."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from urllib.parse import quote

from analysis_lib.format import MARK, format_confidence
from analysis_lib.publish.sweep_rows import Line, Primary
from analysis_lib.results.rows import Results
from analysis_lib.show.cells import count, hazard_ratio, p_value
from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.show.forest import draw_forest
from analysis_lib.show.forest_layout import ForestRow, heading_row, ratio_row
from analysis_lib.shown import shown, small_page

TITLE = "Comparison of a sweep"
_HOW = (
    "Adjusted: the primary model, which holds the baseline covariates that vary in these patients, "
    "in all infused with complete covariates; n and events are its own. Crude: without covariates, "
    "in all infused. No P value is adjusted for the number of combinations."
)
_SUBTRACT = (
    "Small counts are suppressed in each combination by itself. Combinations that share patients "
    "can be subtracted from one another: release one of them."
)


@dataclass(frozen=True)
class Comparison:
    """All combinations of a sweep; `file` is what a line links to in the folder of each."""

    dimensions: tuple[str, ...]
    lines: tuple[Line, ...]
    file: str

    @cached_property
    def done(self) -> list[tuple[Line, Primary]]:
        return [(line, line.primary) for line in self.lines if line.primary]

    @property
    def label(self) -> str:
        """The label of synthetic patients, where any combination holds some."""
        return next((x.results.label for _, x in self.done if x.results.label), "")

    @property
    def small_cell(self) -> int:
        return max((x.results.small_cell for _, x in self.done), default=0)

    @property
    def confidence_level(self) -> float:
        """The level of all intervals: the plan cannot vary it."""
        return next((x.results.confidence_level for _, x in self.done), 0.95)

    @property
    def outcomes(self) -> dict[str, str]:
        """Every endpoint of any combination, with its label."""
        return {name: label for _, x in self.done for name, label in x.outcomes.items()}

    @property
    def summary(self) -> str:
        undone = len(self.lines) - len(self.done)
        several = "" if len(self.lines) == 1 else "s"
        return f"{len(self.lines)} combination{several}, {undone} of them without results"


def comparison_page(comparison: Comparison) -> str:
    """The page in one file; every text of the plan and the data is escaped."""
    return small_page(TITLE, _body(comparison))


def _body(comparison: Comparison) -> Iterator[str]:
    if comparison.label:
        yield f"<p><strong>{escape(comparison.label)}</strong></p>"
    yield f"<p><strong>{escape(comparison.summary)}.</strong> {_HOW}</p>"
    if comparison.small_cell:
        yield f"<p>{MARK}: suppressed. {_SUBTRACT}</p>"
    for outcome, label in comparison.outcomes.items():
        yield f"<h2>{escape(label)}</h2>"
        yield _image(comparison_forest(comparison, outcome))
        yield from _estimates(comparison, outcome)
    yield from _without_results(comparison)


def _image(figure: ReportFigure) -> str:
    """The figure as an image, in which no name meets one of another figure."""
    svg = shown(repr(figure), figure=figure.svg())["image/svg+xml"]
    content = base64.b64encode(svg.encode()).decode("ascii")
    alt = f"{figure.description}; the table below holds the same numbers"
    return f'<p><img alt="{escape(alt)}" src="data:image/svg+xml;base64,{content}"></p>'


@in_theme
def comparison_forest(comparison: Comparison, outcome: str) -> ReportFigure:
    """The adjusted hazard ratio of every combination, under its option in the first dimension."""
    rows: list[ForestRow] = []
    head = ""
    for line, primary in comparison.done:
        if outcome not in primary.models:
            continue
        first, *rest = line.combination.labels
        if rest and first != head:
            rows.append(heading_row(first))
            head = first
        rows += _forest_rows(primary, outcome, ", ".join(rest) or first)
    label = comparison.outcomes[outcome]
    return draw_forest(
        rows,
        Results((), comparison.label, comparison.confidence_level),
        title=f"{label}: adjusted hazard ratio of the exposure in each combination",
        outcome=_compared(comparison),
    )


def _forest_rows(primary: Primary, outcome: str, label: str) -> Iterator[ForestRow]:
    model, _ = primary.models[outcome]
    size = count(primary.results, model, "n"), count(primary.results, model, "events")
    groups = primary.exposure
    for level in groups.levels[1:]:
        named = label if len(groups.levels) == 2 else f"{label}: {groups.label_of(level)}"
        at = model.compared(groups, level)
        yield ratio_row(primary.results, at, named, size, stands_out=True)


def _compared(comparison: Comparison) -> str:
    """Who is compared with whom, where it is the same in all combinations."""
    pairs = {x.exposure.labels for _, x in comparison.done}
    if len(pairs) == 1 and len(labels := pairs.pop()) == 2:
        return f"{labels[1]} against {labels[0]}"
    return "Against the reference group of each exposure"


def _estimates(comparison: Comparison, outcome: str) -> Iterator[str]:
    interval = format_confidence(comparison.confidence_level)
    heads = (
        *comparison.dimensions,
        "Compared",
        "n",
        "Events",
        f"Crude HR ({interval})",
        f"Adjusted HR ({interval})",
        "P, adjusted",
        "Folder",
    )
    rows = [
        (*_texts(line, cells), _link(comparison, line))
        for line, primary in comparison.done
        if outcome in primary.models
        for cells in _cells(primary, outcome)
    ]
    yield from _table(f"{comparison.outcomes[outcome]}, by combination", heads, rows)


def _cells(primary: Primary, outcome: str) -> Iterator[tuple[str, ...]]:
    """One line a group that is compared with the reference."""
    adjusted, crude = primary.models[outcome]
    results, groups = primary.results, primary.exposure
    for level in groups.levels[1:]:
        yield (
            f"{groups.label_of(level)} against {groups.labels[0]}",
            count(results, adjusted, "n"),
            count(results, adjusted, "events"),
            hazard_ratio(results, crude.compared(groups, level)),
            hazard_ratio(results, adjusted.compared(groups, level)),
            p_value(results, adjusted.compared(groups, level)),
        )


def _texts(line: Line, cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(escape(text) for text in (*line.combination.labels, *cells))


def _link(comparison: Comparison, line: Line) -> str:
    name = line.combination.name
    return f'<a href="{quote(name)}/{comparison.file}">{escape(name)}</a>'


def _without_results(comparison: Comparison) -> Iterator[str]:
    rows = [_texts(line, [line.reason]) for line in comparison.lines if not line.primary]
    if rows:
        yield "<h2>Without results</h2>"
        yield from _table("Why a combination has no results", (*comparison.dimensions, "Why"), rows)


def _table(caption: str, heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """A table whose cells are HTML."""
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{escape(caption)}">'
    yield f"<table>\n<caption>{escape(caption)}</caption>"
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    yield f"<thead><tr>{head}</tr></thead>\n<tbody>"
    for row in rows:
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
    yield "</tbody>\n</table>\n</div>"
