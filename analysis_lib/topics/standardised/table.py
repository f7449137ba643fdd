"""Survival, mean time and their contrasts among patients alike, by estimator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from analysis_lib.dictionary import lower_first
from analysis_lib.format import (
    INFINITY,
    format_confidence,
    format_fixed,
    format_interval,
    format_number,
    format_points,
    format_ratio,
)
from analysis_lib.marks import alike
from analysis_lib.results.rows import Key, Results, unless_all_omitted
from analysis_lib.show.cells import count, estimate, mean_difference, restricted_mean, sentence
from analysis_lib.show.cells import survival as survival_cell
from analysis_lib.show.effects import group_lines
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.standardised.estimators import LABELS, METHODS
from analysis_lib.topics.standardised.numbers import Standardised, analysis_of


@unless_all_omitted
def table_standardised(*several: Standardised) -> ReportTable:
    """At each landmark and by each estimator: survival of each group, and what differs."""
    first = several[0]
    interval = format_confidence(first.results.confidence_level)
    columns = (
        Column("Estimate", 2.4),
        Column(f"{first.exposure.labels[0]}\n% ({interval})", 1.5),
        Column(_compared(first, f"\n% ({interval})"), 1.5),
        Column(f"Difference\npoints ({interval})", 1.8),
        Column(f"Ratio\n({interval})", 1.8),
        Column(f"Number needed\n({interval})", 1.9),
    )
    lines = [
        line
        for one in several
        for time in one.landmarks
        for line in _lines(one, time, _of_survival, f"{one.outcome_label} at")
    ]
    notes = (
        *_notes(several),
        "Number needed: patients for one more who is free of the event, below 0 for one fewer; "
        "where the interval of the difference contains 0 that of the number runs over infinity.",
    )
    return finish(Layout("standardised", columns, tuple(lines), notes), first.results)


@unless_all_omitted
def table_standardised_means(*several: Standardised) -> ReportTable:
    """Up to each time and by each estimator: mean time free of the event, and the difference."""
    first = several[0]
    interval = format_confidence(first.results.confidence_level)
    columns = (
        Column("Estimate", 2.4),
        Column(f"{first.exposure.labels[0]}\nmonths ({interval})", 1.8),
        Column(_compared(first, f"\nmonths ({interval})"), 1.8),
        Column(f"Difference\n({interval})", 1.8),
    )
    lines = [
        line
        for one in several
        for end in one.ends
        for line in _lines(one, end, _of_means, f"{one.outcome_label}, mean up to")
    ]
    return finish(
        Layout("standardised-means", columns, tuple(lines), _notes(several)), first.results
    )


def _compared(one: Standardised, unit: str) -> str:
    """Above the column of the group compared; of several groups each has a line."""
    labels = one.exposure.labels
    return f"{labels[1] if len(labels) == 2 else 'Group'}{unit}"


# Cells of the reference, then of a group with its contrasts.
_Cells = Callable[[Standardised, str, float, str], tuple[str, ...]]


def _lines(one: Standardised, time: float, cells: _Cells, what: str) -> Iterator[Line]:
    heading = f"{what} {format_number(time)} months"
    for name in one.names:
        whole = cells(one, name, time, one.exposure.reference)
        of_group = partial(cells, one, name, time)
        yield from group_lines(LABELS[name], one.exposure, whole, of_group, group=heading)


def _of_survival(one: Standardised, name: str, time: float, level: str) -> tuple[str, ...]:
    own = survival_cell(one.results, one.of_group(name, level, time))
    if level == one.exposure.reference:
        return (own,)
    key = one.contrast(name, level, time)
    return (own, difference(one.results, key), _ratio(one.results, key), needed(one.results, key))


def _of_means(one: Standardised, name: str, time: float, level: str) -> tuple[str, ...]:
    own = restricted_mean(one.results, one.of_group(name, level, time))
    if level == one.exposure.reference:
        return (own,)
    return own, mean_difference(one.results, one.contrast(name, level, time))


def difference(results: Results, key: Key) -> str:
    """A difference of survival in percentage points: `−13 (−26 to 2)`."""
    return estimate(results, key, "survival_difference", format_points)


def _ratio(results: Results, key: Key) -> str:
    return estimate(results, key, "survival_ratio", format_ratio)


def needed(results: Results, key: Key) -> str:
    """The number needed: `−8 (−56 to −4)`, over infinity `−8 (−4 to ∞ to 60)`."""
    value, low, high = results.values(
        key, "number_needed", "number_needed_ci_low", "number_needed_ci_high"
    )
    text = _whole(value)
    if low < 0 < high:
        return f"{text} ({_whole(low)} to {INFINITY} to {_whole(high)})"
    interval = format_interval(high, low, _whole)
    return text if alike([text], [interval]) else f"{text} ({interval})"


def _whole(x: float) -> str:
    return format_fixed(x, 0)


def _notes(several: tuple[Standardised, ...]) -> tuple[str, ...]:
    first = several[0]
    n = count(first.results, first.whole, "n")
    resamples = count(first.results, first.whole, "resamples")
    units = "centres" if first.by_centre else "patients"
    how = "; ".join(f"{lower_first(LABELS[x])}: {METHODS[x]}" for x in first.names)
    imputed = any(row.key.analysis == analysis_of("imputed") for row in first.results)
    everyone = "; with gaps imputed in all" if imputed else ""
    return (
        f"In the {n} complete cases of the primary model{everyone}.",
        sentence(how),
        f"Intervals: percentiles of {resamples} bootstrap resamples of {units}, in each of which "
        "every model is fitted again, expanded for their number.",
    )
