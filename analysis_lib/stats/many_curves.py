"""Resamples: who is drawn, and their curves and Cox models on one grid of times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray
from analysis_lib.stats.many_cox import Ties, fit_many_cox, many_risk_sets

NOBODY = -1


def draw_counts(
    random: np.random.Generator, resamples: int, patients: int, clusters: IntArray | None = None
) -> IntArray:
    """How often each patient is in each resample: (resamples, patients).

    As many patients as there are are drawn with replacement, or as many clusters, each with all of
    its patients; `clusters` is the number of each patient's, from 0 on without a gap.
    R: ``sample(n, replace = TRUE)``. Efron (1979); of clusters Field & Welsh (2007).
    """
    drawn_from = np.arange(patients) if clusters is None else clusters
    units = int(drawn_from.max()) + 1
    drawn = random.integers(units, size=(resamples, units))
    offsets = np.arange(resamples)[:, None] * units
    times = np.bincount((drawn + offsets).ravel(), minlength=resamples * units)
    return np.asarray(times.reshape(resamples, units)[:, drawn_from], dtype=np.int64)


def rows_of(counts: IntArray) -> IntArray:
    """The patients of each resample one after another, as often as they are drawn.

    (resamples, rows of the longest); `NOBODY` fills the others up.
    """
    sizes = counts.sum(axis=1)
    rows = np.full((len(counts), int(sizes.max(initial=0))), NOBODY)
    patients = np.tile(np.arange(counts.shape[1]), len(counts))
    rows[np.arange(rows.shape[1]) < sizes[:, None]] = np.repeat(patients, counts.ravel())
    return rows


@dataclass(frozen=True, eq=False)
class EventGrid:
    """The times at which anyone has the event, and where each patient stands at them.

    Every curve of these patients, however they are weighted or drawn, steps at these times only.
    """

    time: FloatArray
    event: BoolArray

    @cached_property
    def times(self) -> FloatArray:
        return np.unique(self.time[self.event])

    @cached_property
    def falling(self) -> IntArray:
        """The patients by falling time."""
        return np.argsort(-self.time, kind="stable")

    @cached_property
    def ends(self) -> tuple[IntArray, IntArray]:
        """The patients with the event by time, and where those of each time begin."""
        who = self.falling[::-1][self.event[self.falling[::-1]]]
        return who, np.searchsorted(self.time[who], self.times)

    def at_risk(self, values: FloatArray, side: Literal["left", "right"] = "left") -> FloatArray:
        """The sum over who is at risk just before each time, or on the right after it, of values
        (data sets, patients): (data sets, times).
        """
        count = len(self.time) - np.searchsorted(np.sort(self.time), self.times, side)
        return _running(values[:, self.falling])[:, count]

    def gone(self, values: FloatArray) -> FloatArray:
        """The sum over whose follow-up has ended at each time."""
        count = np.searchsorted(np.sort(self.time), self.times, "right")
        return _running(values[:, self.falling[::-1]])[:, count]

    def died(self, values: FloatArray) -> FloatArray:
        """The sum over who has the event at each time."""
        who, start = self.ends
        return np.asarray(np.add.reduceat(values[:, who], start, axis=1))

    @cached_property
    def passed(self) -> IntArray:
        """How many of the times each patient's follow-up has reached."""
        return np.searchsorted(self.times, self.time, side="right")

    def last(self, members: BoolArray) -> float:
        """The time up to which a curve of some patients is known: for ever where it ends at 0."""
        time, event = self.time[members], self.event[members]
        longest = float(time.max())
        return np.inf if event[time == longest].all() else longest


def _running(values: FloatArray) -> FloatArray:
    """The sums of the first none, one, two and so on of each row."""
    found = np.zeros((len(values), values.shape[1] + 1))
    np.cumsum(values, axis=1, out=found[:, 1:])
    return found


def step_values(curves: FloatArray, grid: FloatArray, times: FloatArray) -> FloatArray:
    """Step curves, (..., grid), read at some times: (..., times)."""
    padded = np.concatenate([np.ones((*curves.shape[:-1], 1)), curves], axis=-1)
    return np.asarray(padded[..., np.searchsorted(grid, times, side="right")])


def step_areas(curves: FloatArray, grid: FloatArray, ends: FloatArray) -> FloatArray:
    """The areas under step curves up to some ends: (..., ends)."""
    padded = np.concatenate([np.ones((*curves.shape[:-1], 1)), curves], axis=-1)
    bounds = np.concatenate([[0.0], grid, [np.inf]])
    inside = np.clip(ends[:, None], bounds[:-1], bounds[1:]) - bounds[:-1]
    return np.asarray(padded @ inside.T)


def many_kaplan_meier(grid: EventGrid, weights: FloatArray) -> FloatArray:
    """Kaplan-Meier curve of each row of weights, (data sets, patients): (data sets, times).

    A weight of 0 leaves a patient out; beyond the last of those at risk a curve holds its value.
    R: ``survfit(Surv(time, event) ~ 1, weights = w)``.
    """
    if not len(grid.times):
        return np.empty((len(weights), 0))
    at_risk, died = grid.at_risk(weights), grid.died(weights)
    lost = np.divide(died, at_risk, out=np.zeros_like(died), where=at_risk > 0)
    # Rounding must not leave a remainder where everyone at risk has the event.
    return np.asarray(np.cumprod(np.where(lost > 1 - 1e-12, 0.0, 1 - lost), axis=1))


def weighted_pseudo_values(grid: EventGrid, counts: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted mean of the patients' pseudo-values of the survival function: (data sets, times).

    The pseudo-value of a patient is n times the Kaplan-Meier estimate, less n - 1 times the one
    without the patient; its mean given covariates is their survival function, if censoring does
    not depend on them. `counts` is how often each patient is in a data set, 0 for those of another
    group, and n their sum; `weights` of the mean: both (data sets, patients).

    The estimate without a patient is, up to the patient's own time, that with one fewer at risk,
    and from there on moves as the whole does, so that no curve is estimated again.
    Andersen, Klein & Rosthoj (2003), Biometrika 90:15. R: ``survfit`` without each patient.
    """
    whole = many_kaplan_meier(grid, counts)
    if not len(grid.times):  # nobody has the event, and no curve a step
        return whole
    at_risk, died = grid.at_risk(counts), grid.died(counts)
    fewer = np.maximum(at_risk - 1, 1.0)
    factors = np.where(at_risk > 1, 1 - np.minimum(died, fewer) / fewer, 1.0)
    beside: FloatArray = np.cumprod(factors, axis=1).astype(np.float64)
    own = np.where(at_risk > 1, 1 - np.maximum(died - 1, 0.0) / fewer, 1.0)
    before = _before(beside)
    # The curve without a patient at the own time, and the whole one there.
    last = np.maximum(grid.passed - 1, 0)
    started = grid.passed > 0
    without = np.where(grid.event, (before * own)[:, last], np.where(started, beside[:, last], 1.0))
    reached = np.where(started, whole[:, last], 1.0)
    used = weights * (counts > 0)
    moving = np.divide(without, reached, out=np.zeros_like(without), where=reached > 0)
    still = np.where(reached > 0, 0.0, without)
    left = beside * grid.at_risk(used, "right")
    left += whole * grid.gone(used * moving) + grid.gone(used * still)
    total, n = used.sum(axis=1, keepdims=True), counts.sum(axis=1, keepdims=True)
    mean = np.divide(left, total, out=np.zeros_like(left), where=total > 0)
    return np.asarray(n * whole - (n - 1) * mean)


def _before(curves: FloatArray) -> FloatArray:
    """Each curve just before its steps."""
    return np.concatenate([np.ones((len(curves), 1)), curves[:, :-1]], axis=1)


_NEAR = 1e-6  # the last step, of which the error of the coefficients is the square


@dataclass(frozen=True, eq=False)
class ManyHazards:
    """Coefficients, (resamples, columns), and the baseline hazard that has been reached at each
    time of the grid, (resamples, times).
    """

    coefficients: FloatArray
    hazard: FloatArray


def many_hazards(
    time: FloatArray, event: BoolArray, columns: FloatArray, counts: IntArray, grid: FloatArray
) -> ManyHazards:
    """The Cox model of each resample with Efron's ties and baseline hazard.

    `columns` is (columns, patients), alike in all resamples, or (resamples, columns, patients);
    `counts` (resamples, patients); `grid` holds the time of every event.
    R: ``coxph``, ``basehaz(centered = FALSE)``.
    """
    rows = rows_of(counts)
    sets = many_risk_sets(time[rows], event[rows], (rows != NOBODY).astype(float))
    drawn = np.take_along_axis(rows, sets.order, axis=1)
    if columns.ndim == 2:
        of_rows = columns[:, drawn].transpose(1, 0, 2)
    else:
        of_rows = np.take_along_axis(columns, drawn[:, None], axis=2)
    coefficients = fit_many_cox(sets, of_rows, tolerance=_NEAR).coefficients
    relative = sets.sign * np.exp((coefficients[:, None, :] @ of_rows)[:, 0])
    Ties.of(sets, of_rows).even_out(relative)
    steps = np.zeros(relative.shape)
    np.divide(1.0, np.cumsum(relative, axis=1), out=steps, where=sets.event)
    at = np.minimum(np.searchsorted(grid, time[drawn]), len(grid) - 1)
    flat = np.arange(len(counts))[:, None] * len(grid) + at
    summed = np.bincount(flat.ravel(), steps.ravel(), minlength=len(counts) * len(grid))
    hazard: FloatArray = np.cumsum(summed.reshape(len(counts), -1), axis=1).astype(np.float64)
    return ManyHazards(coefficients, hazard)
