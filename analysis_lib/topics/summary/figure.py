"""The exposure's hazard ratio of each endpoint: crude, adjusted, and in weighted groups."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from analysis_lib.format import (
    EN_DASH,
    NOT_ESTIMABLE,
    format_count,
    format_interval,
    format_p,
    format_ratio,
)
from analysis_lib.results.rows import Key, Omitted, Results
from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.show.forest import draw_forest
from analysis_lib.show.forest_layout import ForestRow, Mark
from analysis_lib.study.exposure import Grouping
from analysis_lib.topics.summary.numbers import Answer

_REASON = f"{NOT_ESTIMABLE}: "


@in_theme
def plot_answers(*answers: Answer) -> ReportFigure:
    """Two or three rows an endpoint; the primary adjusted model stands out."""
    rows: list[ForestRow] = []
    for one in answers:
        rows.append(ForestRow(one.outcome_label, False, True, False))
        rows += _rows(one)
    return draw_forest(
        tuple(rows),
        answers[0].results.confidence_level,
        title="Hazard ratios of the exposure: crude, adjusted, weighted",
        outcome=_axis(answers[0].exposure),
        label=answers[0].results.label,
    )


def _rows(one: Answer) -> Iterator[ForestRow]:
    crude, adjusted = one.ladder.crude, one.ladder.baseline
    models = [(crude.specification.label, crude), (adjusted.specification.label, adjusted)]
    levels = one.exposure.levels[1:]
    for label, effect in models:
        for level in levels:
            named = _named(one.exposure, level, label)
            primary = effect is adjusted
            yield _row(one.results, effect.key, effect.contrast(level), named, primary)
    if isinstance(one.weighted, Omitted):
        return
    whole = Key(one.weighted.scheme.analysis, one.outcome, "infused")
    for level in levels:
        named = _named(one.exposure, level, "In overlap-weighted groups")
        yield _row(one.results, whole, one.weighted.contrast(level), named, False)


def _row(results: Results, whole: Key, key: Key, label: str, stands_out: bool) -> ForestRow:
    n, events = (format_count(results.value(whole._replace(statistic=x))) for x in ("n", "events"))
    row = results.row(key._replace(statistic="hazard_ratio"))
    low, high, p = (
        results.value(key._replace(statistic=x))
        for x in ("hazard_ratio_ci_low", "hazard_ratio_ci_high", "p_value")
    )
    if isnan(row.value):
        reason = row.method.removeprefix(_REASON)
        return ForestRow(
            label, True, False, stands_out, n, events, NOT_ESTIMABLE, EN_DASH, None, reason
        )
    ratio = f"{format_ratio(row.value)} ({format_interval(low, high, format_ratio)})"
    mark = Mark(row.value, low, high)
    return ForestRow(label, True, False, stands_out, n, events, ratio, format_p(p), mark)


def _named(exposure: Grouping, level: str, label: str) -> str:
    """The model, and of several groups which."""
    return label if len(exposure.levels) == 2 else f"{exposure.label_of(level)}: {label}"


def _axis(exposure: Grouping) -> str:
    if len(exposure.levels) > 2:
        return f"Against {exposure.labels[0]}"
    return f"{exposure.labels[1]} against {exposure.labels[0]}"
