"""What is left to compare when hazards are not proportional: means by time, ratios by period."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from analysis_lib.format import format_confidence, format_number
from analysis_lib.labels import listed
from analysis_lib.results.rows import Omitted, unless_all_omitted
from analysis_lib.show.cells import (
    count,
    hazard_ratio,
    hazard_ratio_change,
    mean_difference,
    p_value,
    restricted_mean,
    sentence,
)
from analysis_lib.show.effects import (
    NOT_ESTIMABLE,
    REFERENCE,
    Extra,
    estimators,
    group_lines,
    is_estimable,
)
from analysis_lib.show.notes import finish, named
from analysis_lib.show.table import Column, Layout, Line, ReportTable, blank
from analysis_lib.topics.over_time.numbers import (
    AFTER,
    BEFORE,
    CHANGE,
    HazardPeriods,
    RestrictedMeans,
)


@unless_all_omitted
def table_restricted_means(*means: RestrictedMeans) -> ReportTable:
    """Per endpoint and time each group's mean, and its difference to the reference."""
    lines = [line for one in means for time in one.times for line in _mean_lines(one, time)]
    first = means[0]
    interval = format_confidence(first.results.confidence_level)
    columns = (
        Column("Mean survival time in months", 2.8),
        Column("Events", 0.8),
        Column("At risk", 0.8),
        Column(f"Mean ({interval})", 1.7),
        Column(f"Difference ({interval})", 1.9),
        Column("P", 0.7),
    )
    rows = tuple(row for one in means for row in one.results)
    estimated, compared = estimators(rows, "restricted_mean"), estimators(rows, "p_value")
    notes = (
        sentence(f"mean: {estimated}") if estimated else "",
        sentence(f"difference, against {first.exposure.inside[0]}: {compared}") if compared else "",
        "Events: up to and including the time; at risk: just before it.",
        *(note for one in means for note in _reasons(one)),
    )
    return finish(
        Layout("restricted-means", columns, tuple(lines), tuple(dict.fromkeys(notes))),
        replace(first.results, rows=rows),
    )


def table_hazard_periods(*periods: HazardPeriods | Omitted) -> ReportTable | Omitted:
    """Per endpoint the hazard ratio up to the cut, after it, and the change between them."""
    shown = [one for one in periods if not isinstance(one, Omitted)]
    left_out = [one.reason for one in periods if isinstance(one, Omitted)]
    if not shown:
        return Omitted(left_out[0])
    lines = [line for one in shown for line in _period_lines(one)]
    first = shown[0]
    columns = (
        Column("Period", 2.8),
        Column("At risk", 0.8),
        Column("Events", 0.8),
        Column(f"Ratio ({format_confidence(first.results.confidence_level)})", 1.9),
        Column("P", 0.7),
    )
    rows = tuple(row for one in shown for row in one.results)
    ratios, changes = estimators(rows), estimators(rows, "hazard_ratio_change")
    reference, *others = first.exposure.inside
    notes = (
        sentence(named(f"hazard ratio of {listed(others)} against {reference}", ratios)),
        sentence(f"change: {changes}") if changes else "",
        "At risk: patients at the start of the period.",
        "P of any change: likelihood ratio test." if len(first.exposure.levels) > 2 else "",
        *(note for one in shown for note in _period_reasons(one)),
        *left_out,
    )
    return finish(
        Layout("hazard-periods", columns, tuple(lines), tuple(dict.fromkeys(notes))),
        replace(first.results, rows=rows),
    )


def _mean_lines(means: RestrictedMeans, time: float) -> list[Line]:
    exposure, results = means.exposure, means.results
    heading = f"Up to {format_number(time)} months"
    lines = [Line(heading, blank(5), group=means.outcome_label)]
    for level in exposure.levels:
        key = means.group_key(level, time)
        counts = (count(results, key, name) for name in ("events_to_date", "at_risk"))
        own = (*counts, restricted_mean(results, key))
        if level == exposure.reference:
            cells = (*own, REFERENCE, "")
        else:
            against = means.contrast_key(level, time)
            cells = (*own, mean_difference(results, against), p_value(results, against))
        lines.append(Line(exposure.label_of(level), cells, 1, means.outcome_label))
    return lines


def _reasons(means: RestrictedMeans) -> list[str]:
    """Which group up to which time has no mean, or no interval, and why."""
    notes = []
    for time in means.times:
        for level in means.exposure.levels:
            key = means.group_key(level, time)
            mean, end = (means.results.row(key, f"restricted_mean{x}") for x in ("", "_ci_low"))
            if not is_estimable(end):
                what = "interval" if is_estimable(mean) else "mean"
                notes.append(
                    f"No {what} of {means.exposure.label_of(level)} up to {format_number(time)} "
                    f"months ({means.outcome_label}): {end.method.removeprefix(NOT_ESTIMABLE)}."
                )
    return notes


def _period_lines(periods: HazardPeriods) -> list[Line]:
    cut, results, exposure = format_number(periods.cut), periods.results, periods.exposure
    lines: list[Line] = []
    for analysis, label in ((BEFORE, f"Up to {cut} months"), (AFTER, f"After {cut} months")):
        whole = periods.key._replace(analysis=analysis, variable="")
        size = (count(results, whole, "n"), count(results, whole, "events"))
        ratios = partial(_cells, periods, analysis, hazard_ratio)
        lines += group_lines(label, exposure, size, ratios, group=periods.outcome_label)
    return lines + group_lines(
        "Change, after over before",
        exposure,
        ("", ""),
        partial(_cells, periods, CHANGE, hazard_ratio_change),
        group=periods.outcome_label,
        of_all=(p_value(results, periods.key, "lr_p_value"),) if len(exposure.levels) > 2 else (),
    )


def _cells(periods: HazardPeriods, analysis: str, ratio: Extra, level: str) -> tuple[str, str]:
    key = periods.contrast(analysis, level)
    return ratio(periods.results, key), p_value(periods.results, key)


def _period_reasons(periods: HazardPeriods) -> list[str]:
    notes = []
    for row in periods.results:
        if row.key.statistic == "hazard_ratio_change" and not is_estimable(row):
            name = periods.exposure.label_of(row.key.level)
            reason = row.method.removeprefix(NOT_ESTIMABLE)
            notes.append(
                sentence(f"change not estimable, {name} ({periods.outcome_label}): {reason}")
            )
    return notes
