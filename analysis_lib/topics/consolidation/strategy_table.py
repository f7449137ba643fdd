"""Both strategies side by side: survival, what ends it, and mean time."""

from __future__ import annotations

from collections.abc import Iterator

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.few_events import LEAST_EVENTS
from analysis_lib.format import format_confidence, format_number, format_points
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, unless_all_omitted
from analysis_lib.show.cells import (
    count,
    estimate,
    incidence,
    mean_difference,
    restricted_mean,
    sentence,
    survival,
)
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.consolidation.cloned import ANALYSIS, STATES, Strategies


@unless_all_omitted
def table_strategies(*several: Strategies) -> ReportTable:
    """Per endpoint each number under both strategies, and the difference."""
    first = several[0]
    interval = format_confidence(first.results.confidence_level)
    columns = (
        Column("From the response", 2.6),
        *(Column(f"{label}\n({interval})", 1.8) for label in STATES.labels),
        Column(f"Difference\n({interval})", 1.9),
    )
    lines = [line for one in several for line in _lines(one)]
    notes = (*_notes(first), *_too_few(several))
    return finish(Layout("strategies", columns, tuple(lines), notes), first.results)


def _lines(one: Strategies) -> Iterator[Line]:
    group, points = one.outcome_label, format_points
    for time in one.landmarks:
        label = f"Free of the event at {format_number(time)} months, %"
        own = (survival(one.results, one.of_strategy(x, time)) for x in STATES.levels)
        compared = estimate(one.results, one.contrast(time), "survival_difference", points)
        yield Line(label, (*own, compared), group=group)
    for cause in one.causes:
        for time in one.landmarks:
            label = f"{_named(one, cause)} by {format_number(time)} months, %"
            keys = [_of(cause, one.of_strategy(x, time)) for x in STATES.levels]
            key = _of(cause, one.contrast(time))
            compared = estimate(one.results, key, "incidence_difference", points)
            yield Line(label, (*(incidence(one.results, x) for x in keys), compared), group=group)
    for end in one.ends:
        label = f"Mean up to {format_number(end)} months, months"
        own = (restricted_mean(one.results, one.of_strategy(x, end)) for x in STATES.levels)
        compared = mean_difference(one.results, one.contrast(end))
        yield Line(label, (*own, compared), group=group)


def _too_few(several: tuple[Strategies, ...]) -> Iterator[str]:
    """Which differences are not given, for want of events."""
    few = [
        lower_first(f"{_named(one, cause)} ({one.outcome_label})" if cause else one.outcome_label)
        for one in several
        for cause in ("", *one.causes)
        if not one.is_compared(cause)
    ]
    if few:
        yield sentence(
            f"with fewer than {LEAST_EVENTS} events while one of the strategies was followed they "
            f"are not compared: {listed(few)}"
        )


def _named(one: Strategies, cause: str) -> str:
    return sentence(one.results.dictionary.own_words(cause.replace("_", " ")))[:-1]


def _of(cause: str, key: Key) -> Key:
    return key._replace(analysis=f"{ANALYSIS}_{cause}")


def _notes(one: Strategies) -> tuple[str, ...]:
    n, held = (count(one.results, one.whole, x) for x in ("n", "in_time"))
    out = count(one.results, one.whole, "censored_at_grace")
    days = format_number(one.grace_days)
    terms = listed(one.results.dictionary.phrases(one.terms))
    left = listed(one.results.dictionary.phrases(one.dropped))
    without = (
        f"; without {left}: not recorded, the same in everyone, or too few consolidations"
        if left
        else ""
    )
    return (
        f"Of {n} responders with every covariate of the weights {held} were consolidated within "
        f"{days} days of the response; {out} were not, and leave the strategy to consolidate then.",
        sentence(f"weights from: {terms}{without}") if terms or without else "",
        "Intervals: percentiles of bootstrap resamples of patients in which the weights are "
        "estimated again.",
    )
