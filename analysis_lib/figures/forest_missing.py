"""Forest plots of models read from their rows: imputed beside complete cases, and shrunk ones."""

from __future__ import annotations

from math import isnan

from analysis_lib.analyses import EffectRows, Imputed, Key, Omitted, Results
from analysis_lib.cohort import Grouping
from analysis_lib.figures.forest import draw_forest
from analysis_lib.figures.forest_rows import ForestRow, Mark
from analysis_lib.figures.report_figure import ReportFigure
from analysis_lib.figures.theme import in_theme
from analysis_lib.format import (
    EN_DASH,
    NOT_ESTIMABLE,
    format_count,
    format_interval,
    format_p,
    format_ratio,
)

REASON = f"{NOT_ESTIMABLE}: "


@in_theme
def plot_imputed(imputed: Imputed | Omitted) -> ReportFigure | Omitted:
    """Every model in its complete cases and with gaps imputed, which stands out."""
    if isinstance(imputed, Omitted):
        return imputed
    rows: list[ForestRow] = []
    for pair in imputed.pairs:
        rows.append(ForestRow(pair.label, False, True, False))
        rows += effect_rows(pair.complete, stands_out=False)
        rows += effect_rows(pair.imputed, stands_out=True)
    exposure = imputed.pairs[0].complete.exposure
    return draw_forest(
        tuple(rows),
        imputed.results.confidence_level,
        title="Hazard ratios of the exposure, complete cases and multiple imputation",
        outcome=_compared(exposure),
        label=imputed.results.label,
    )


def effect_rows(effect: EffectRows, *, stands_out: bool) -> list[ForestRow]:
    """One row a group, with the patients and events of the whole model."""
    exposure = effect.exposure
    several = len(exposure.levels) > 2
    rows = []
    for level in exposure.levels[1:]:
        label = f"{exposure.label_of(level)}: {effect.label}" if several else effect.label
        rows.append(_row(effect.results, effect.key, effect.contrast(level), label, stands_out))
    return rows


def _row(results: Results, whole: Key, key: Key, label: str, stands_out: bool) -> ForestRow:
    n, events = (format_count(results.value(whole._replace(statistic=x))) for x in ("n", "events"))
    row = results.row(key._replace(statistic="hazard_ratio"))
    low, high, p = (
        results.value(key._replace(statistic=x))
        for x in ("hazard_ratio_ci_low", "hazard_ratio_ci_high", "p_value")
    )
    if isnan(row.value):
        reason = row.method.removeprefix(REASON)
        return ForestRow(
            label, True, False, stands_out, n, events, NOT_ESTIMABLE, EN_DASH, None, reason
        )
    ratio = f"{format_ratio(row.value)} ({format_interval(low, high, format_ratio)})"
    mark = Mark(row.value, low, high)
    return ForestRow(label, True, False, stands_out, n, events, ratio, format_p(p), mark)


def _compared(exposure: Grouping) -> str:
    if len(exposure.levels) > 2:
        return f"Against {exposure.labels[0]}"
    return f"{exposure.labels[1]} against {exposure.labels[0]}"
