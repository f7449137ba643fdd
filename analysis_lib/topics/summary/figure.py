"""The exposure's effect on each endpoint by every estimate: as a ratio and as a difference."""

from __future__ import annotations

from collections.abc import Iterator

from analysis_lib.estimates.effects import Effect
from analysis_lib.format import format_count, format_number
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.show.forest import against
from analysis_lib.show.prose import Estimate, estimate_of, ratio_of
from analysis_lib.show.two_scales import ScaledRow, draw_two_scales
from analysis_lib.stats.standardised_survival import DOUBLY_ROBUST, OUTCOME, OVERLAP
from analysis_lib.topics.standardised.estimators import IMPUTED
from analysis_lib.topics.summary.numbers import Answer


@in_theme
def plot_answers(*answers: Answer) -> ReportFigure:
    """Up to five rows an endpoint and group; the estimate that was declared primary stands out."""
    first = answers[0]
    rows = [row for one in answers for row in _rows(one)]
    time = format_number(first.time)
    return draw_two_scales(
        rows,
        first.results,
        title="The exposure's effect: crude, adjusted, weighted, doubly robust, imputed",
        when=f"Difference at {time} months",
        whom=against(first.exposure),
    )


def _rows(one: Answer) -> Iterator[ScaledRow]:
    for level in one.exposure.levels[1:]:
        heading = one.outcome_label
        if len(one.exposure.levels) > 2:
            heading += f": {one.exposure.label_of(level)}"
        yield ScaledRow(heading, is_heading=True)
        yield from _of_group(one, level)


def _of_group(one: Answer, level: str) -> Iterator[ScaledRow]:
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
