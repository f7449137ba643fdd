"""What is left to compare when hazards are not proportional: means by time, ratios by period."""

from __future__ import annotations

from dataclasses import replace

from analysis_lib.format import format_confidence, format_number
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, Omitted, Row
from analysis_lib.show.cells import (
    count,
    hazard_ratio,
    hazard_ratio_change,
    mean_difference,
    p_value,
    restricted_mean,
)
from analysis_lib.show.headings import sentence
from analysis_lib.show.model_lines import NOT_ESTIMABLE
from analysis_lib.show.notes import finish, methods, named
from analysis_lib.show.table import Column, Layout, Line, ReportTable, blank
from analysis_lib.topics.over_time.numbers import (
    AFTER,
    BEFORE,
    CHANGE,
    HazardPeriods,
    RestrictedMeans,
)


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
    estimated = methods(x for x in rows if x.key.statistic == "restricted_mean" and _known(x))
    compared = methods(x for x in rows if x.key.statistic == "p_value" and _known(x))
    notes = (
        sentence(f"mean: {estimated}") if estimated else "",
        sentence(f"difference, against {first.exposure.labels[0]}: {compared}") if compared else "",
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
    ratios = methods(x for x in rows if x.key.statistic == "hazard_ratio" and _known(x))
    changes = methods(x for x in rows if x.key.statistic == "hazard_ratio_change" and _known(x))
    compared = listed(first.exposure.labels[1:])
    notes = (
        sentence(named(f"hazard ratio of {compared} against {first.exposure.labels[0]}", ratios)),
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
            cells = (*own, "reference", "")
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
            mean, end = (
                means.results.row(key._replace(statistic=f"restricted_mean{x}"))
                for x in ("", "_ci_low")
            )
            if not _known(end):
                what = "interval" if _known(mean) else "mean"
                notes.append(
                    f"No {what} of {means.exposure.label_of(level)} up to {format_number(time)} "
                    f"months ({means.outcome_label}): {end.method.removeprefix(NOT_ESTIMABLE)}."
                )
    return notes


def _period_lines(periods: HazardPeriods) -> list[Line]:
    cut, results = format_number(periods.cut), periods.results
    several = len(periods.exposure.levels) > 2
    lines: list[Line] = []
    for analysis, label in ((BEFORE, f"Up to {cut} months"), (AFTER, f"After {cut} months")):
        whole = periods.key._replace(analysis=analysis, variable="")
        size = (count(results, whole, "n"), count(results, whole, "events"))
        ratios = [
            (hazard_ratio(results, key), p_value(results, key))
            for key in _contrasts(periods, analysis)
        ]
        lines += _lines(periods, label, size, ratios)
    any_change = p_value(results, periods.key, "lr_p_value") if several else ""
    changes = [
        (hazard_ratio_change(results, key), p_value(results, key))
        for key in _contrasts(periods, CHANGE)
    ]
    return [*lines, *_lines(periods, "Change, after over before", ("", ""), changes, any_change)]


def _contrasts(periods: HazardPeriods, analysis: str) -> list[Key]:
    return [periods.contrast(analysis, level) for level in periods.exposure.levels[1:]]


def _lines(
    periods: HazardPeriods,
    label: str,
    size: tuple[str, str],
    ratios: list[tuple[str, str]],
    whole: str = "",
) -> list[Line]:
    """One line of two groups; of more, the period and below it each group."""
    group, exposure = periods.outcome_label, periods.exposure
    if len(ratios) == 1:
        return [Line(label, (*size, *ratios[0]), group=group)]
    below = [
        Line(exposure.label_of(level), ("", "", *ratio), 1, group)
        for level, ratio in zip(exposure.levels[1:], ratios, strict=True)
    ]
    return [Line(label, (*size, "", whole), group=group), *below]


def _period_reasons(periods: HazardPeriods) -> list[str]:
    notes = []
    for row in periods.results:
        if row.key.statistic == "hazard_ratio_change" and not _known(row):
            name = periods.exposure.label_of(row.key.level)
            reason = row.method.removeprefix(NOT_ESTIMABLE)
            notes.append(
                sentence(f"change not estimable, {name} ({periods.outcome_label}): {reason}")
            )
    return notes


def _known(row: Row) -> bool:
    return not row.method.startswith(NOT_ESTIMABLE)
