"""Curves whose steps are made of several patients each, as they may be drawn and read."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from analysis_lib.marks import SUPPRESSED
from analysis_lib.results.disclosure.rules import rule_of
from analysis_lib.stats.cumulative_incidence import CumulativeIncidence
from analysis_lib.stats.inputs import IntArray
from analysis_lib.stats.kaplan_meier import KaplanMeier, Quantile

COLUMNS = 8
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
_VALUES = ("survival", "incidence", "std_error", "ci_low", "ci_high")


def rounded_times(longest: float) -> tuple[float, ...]:
    """Round times for the table under the curves, so many that its columns stay apart."""
    fits = [x for x in STEPS if longest / x <= COLUMNS]
    step = fits[0] if fits else math.ceil(longest / COLUMNS)
    return tuple(float(step * i) for i in range(int(longest // step) + 1))


C = TypeVar("C", KaplanMeier, CumulativeIncidence)


def coarsen(estimate: C, small_cell: int) -> C:
    """The curve at every time by which `small_cell` further patients had the event.

    It holds its last value until the last whole unit of time at which as many are at risk, and
    ends there. It has no value at all where some patients had the event, but fewer than that.
    Nobody is marked as censored, and it counts nobody along its way. With `small_cell` 0 it is the
    curve itself.
    """
    if not small_cell:
        return estimate
    kept = _rows(estimate, _shown_steps(estimate, small_cell), shown_end(estimate, small_cell))
    if 0 < estimate.events.sum() < small_cell:
        nothing: Any = np.full(len(kept.times), math.nan)
        kept = replace(kept, **{x: nothing for x in _VALUES if hasattr(kept, x)})
    return kept


def steps(events: IntArray, small_cell: int) -> list[int]:
    """The first row, and each by which `small_cell` events have happened since the one before."""
    rows, since = [0], 0
    for row, count in enumerate(events.tolist()):
        since += count
        if since >= small_cell and row:
            rows.append(row)
            since = 0
    return rows


def shown_end(estimate: KaplanMeier | CumulativeIncidence, small_cell: int) -> float:
    """The last whole unit of time at which as many are at risk, or the last step before that."""
    many = estimate.times[estimate.number_at_risk(estimate.times) >= small_cell]
    end = float(many[-1]) if len(many) else float(estimate.times[0])
    moments = estimate.times[steps(estimate.events, small_cell)]
    return max(float(moments[moments <= end][-1]), math.floor(end))


def _shown_steps(estimate: KaplanMeier | CumulativeIncidence, small_cell: int) -> list[int]:
    end = shown_end(estimate, small_cell)
    return [x for x in steps(estimate.events, small_cell) if estimate.times[x] <= end]


def _rows(estimate: C, rows: list[int], whole: float) -> C:
    """These rows, the last of them held on to the end that is shown."""
    last = float(estimate.times[rows[-1]])
    index = [*rows, rows[-1]] if whole > last else rows
    values: dict[str, Any] = {
        name: value[index]
        for name, value in vars(estimate).items()
        if isinstance(value, np.ndarray)
    }
    if whole > last:
        values["times"] = np.append(estimate.times[rows], whole)
    for name in ("at_risk", "events", "censored", "competing", "entered", "moved"):
        if name in values:
            values[name] = np.zeros(len(index), dtype=np.int64)
    return replace(estimate, **values)


def shown_at(estimate: KaplanMeier | CumulativeIncidence, time: float, small_cell: int) -> Any:
    """What the coarsened curve says of a time; withheld beyond its end."""
    if not small_cell or not time >= estimate.times[0]:
        return estimate.at(time)
    if time > shown_end(estimate, small_cell):
        at = estimate.at(time)
        return replace(at, **{x: SUPPRESSED for x in _VALUES if hasattr(at, x)})
    moments = estimate.times[_shown_steps(estimate, small_cell)]
    return estimate.at(float(moments[moments <= time][-1]))


def drawn_curve(estimate: C, small_cell: int) -> C:
    """The coarsened curve as it is drawn: no finer than its numbers are printed."""
    if not small_cell:
        return estimate
    kept = coarsen(estimate, small_cell)
    decimals = {**dict.fromkeys(_VALUES, rule_of("survival").decimals or 0), "times": 1}
    values = {x: np.round(getattr(kept, x), n) for x, n in decimals.items() if hasattr(kept, x)}
    return replace(kept, **values)


def shown_median(estimate: KaplanMeier, small_cell: int) -> Quantile:
    """The median of the coarsened curve; suppressed where only the curve itself reaches it."""
    exact = estimate.median()
    if not small_cell:
        return exact
    coarse = coarsen(estimate, small_cell).median()
    ends = {
        name: SUPPRESSED
        if math.isnan(getattr(coarse, name)) and not math.isnan(getattr(exact, name))
        else getattr(coarse, name)
        for name in ("estimate", "ci_low", "ci_high")
    }
    return replace(coarse, **ends)
