"""The exposure's effect on each endpoint: at a glance, and by every estimate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis_lib.estimates.curves import SurvivalComparison
from analysis_lib.estimates.effects import Effect
from analysis_lib.format import format_count, format_number, format_percent
from analysis_lib.results.disclosure.curves import rounded_times
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.show.figure import FULL_MM, MARGIN_MM, ReportFigure, head_height, in_theme
from analysis_lib.show.forest import against
from analysis_lib.show.kaplan_meier import months_along
from analysis_lib.show.measure import Legend, label_time, shorten, wrap
from analysis_lib.show.prose import Estimate, estimate_of, ratio_of
from analysis_lib.show.survival_curves import curve_key, draw_plain_curves, months_shown
from analysis_lib.show.two_scales import HEAD_MM, ScaledRow, Scales, draw_two_scales
from analysis_lib.stats.standardised_survival import DOUBLY_ROBUST, OUTCOME, OVERLAP
from analysis_lib.topics.standardised.estimators import IMPUTED
from analysis_lib.topics.summary.numbers import Answer

_PANELS = 2  # more curves are too small to be read beside a forest
_PANEL_MM, _LEAST_MM, _AXIS_MM = 31.5, 30.0, 9.5
_GAP_MM = 4.0


@in_theme
def plot_glance(
    answers: Sequence[Answer], compared: Sequence[SurvivalComparison | Omitted]
) -> ReportFigure:
    """Curves of the first two endpoints, and beside them the crude and adjusted ratios of all."""
    first, label = answers[0], answers[0].results.label
    shown = [x for x in compared if not isinstance(x, Omitted)][:_PANELS]
    left = len(shown) * (_AXIS_MM + _PANEL_MM) + (_GAP_MM if shown else 0.0)
    rows = [row for one in answers for row in _rows(one, in_brief=True)]
    forest = Scales.of(rows, first.results, against(first.exposure), width=FULL_MM - left)
    panel = max(forest.body, _LEAST_MM)
    keys = [curve_key(i, x.label) for i, x in enumerate(shown[0].curves)] if shown else []
    legend = Legend(tuple(keys), left) if keys else None
    top = max(head_height(label), MARGIN_MM + legend.height + MARGIN_MM if legend else 0.0)
    height = top + max(forest.height, HEAD_MM + panel + _AXIS_MM if shown else 0.0) + MARGIN_MM
    title = "Survival by group, and the exposure's effect: crude, adjusted, weighted"
    figure = ReportFigure(FULL_MM, height, title=title, label=label)
    if legend:
        legend.draw(figure, _AXIS_MM, MARGIN_MM)
    for place, one in enumerate(shown):
        _draw_panel(figure, one, place * (_AXIS_MM + _PANEL_MM) + _AXIS_MM, top, panel)
    forest.draw(figure, left, top)
    return figure


def _draw_panel(
    figure: ReportFigure, one: SurvivalComparison, left: float, top: float, height: float
) -> None:
    """Small curves under their endpoint's name, which has two lines at most."""
    room = _AXIS_MM + _PANEL_MM - 2 * MARGIN_MM
    name = wrap(shorten(one.outcome_label, 1.8 * room, bold=True), room, bold=True)
    place = left - _AXIS_MM + MARGIN_MM, top + MARGIN_MM / 2
    figure.text_at(*place, name, linespacing=1.2, va="top", fontweight="bold")
    top += HEAD_MM
    axes = figure.axes_at(left, top, _PANEL_MM, height)
    months = months_shown(one)
    draw_plain_curves(axes, one, rounded_times(months))
    axes.set_yticks(axes.get_yticks(), [format_percent(x / 100) for x in axes.get_yticks()])
    label_time(axes, "Months", one.time_zero)
    if not one.results.small_cell:  # a step is a patient
        figure.answer_along(left, top, _PANEL_MM, height, months_along(one))


@in_theme
def plot_answers(*answers: Answer) -> ReportFigure:
    """Up to five rows an endpoint and group; the estimate that was declared primary stands out."""
    first = answers[0]
    return draw_two_scales(
        [row for one in answers for row in _rows(one)],
        first.results,
        title="The exposure's effect: crude, adjusted, weighted, doubly robust, imputed",
        when=f"Difference at {format_number(first.time)} months",
        whom=against(first.exposure),
    )


def _rows(one: Answer, *, in_brief: bool = False) -> Iterator[ScaledRow]:
    for level in one.exposure.levels[1:]:
        heading = one.outcome_label
        if len(one.exposure.levels) > 2:
            heading += f": {one.exposure.label_of(level)}"
        yield ScaledRow(heading, is_heading=True)
        yield from _of_group(one, level, in_brief=in_brief)


def _of_group(one: Answer, level: str, *, in_brief: bool) -> Iterator[ScaledRow]:
    """Crude, adjusted and weighted; if not in brief, every other estimate there is."""
    crude, adjusted = one.ladder.crude, one.ladder.baseline
    difference = estimate_of(one.results, one.crude_difference(level), "survival_difference")
    declared = one.primary.is_adjusted if one.primary else None
    yield ScaledRow(
        "Crude",
        _size(crude),
        ratio_of(crude, level),
        difference,
        stands_out=declared is False,
    )
    yield ScaledRow(
        "Adjusted",
        _size(adjusted),
        ratio_of(adjusted, level),
        _difference(one, OUTCOME, level),
        stands_out=declared is True,
    )
    if not isinstance(one.weighted, Omitted):
        ratio = ratio_of(one.weighted, level)
        yield ScaledRow(
            "Overlap-weighted",
            _size(one.weighted),
            ratio,
            _difference(one, OVERLAP, level),
        )
    if in_brief:
        return
    robust = _difference(one, DOUBLY_ROBUST, level)
    if robust is not None:
        hazards = estimate_of(
            one.results, _key(one, DOUBLY_ROBUST, level), "cumulative_hazard_ratio"
        )
        yield ScaledRow("Doubly robust", _size(adjusted), hazards, robust)
    if one.imputed is not None:
        ratio = ratio_of(one.imputed, level)
        yield ScaledRow(
            "Adjusted, gaps imputed",
            _size(one.imputed),
            ratio,
            _difference(one, IMPUTED, level),
        )


def _size(effect: Effect) -> str:
    return format_count(effect.results.value(effect.key, "n"))


def _key(one: Answer, name: str, level: str) -> Key:
    assert not isinstance(one.standardised, Omitted)
    return one.standardised.contrast(name, level, one.time)


def _difference(one: Answer, name: str, level: str) -> Estimate | None:
    """The standardised difference by an estimator, where there is one."""
    if isinstance(one.standardised, Omitted) or name not in one.standardised.names:
        return None
    return estimate_of(one.results, _key(one, name, level), "survival_difference")
