"""Cox models of many resamples with their baseline hazards, on one grid of times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray
from analysis_lib.stats.many_cox import Ties, fit_many_cox, many_risk_sets
from analysis_lib.stats.resampling import NOBODY, rows_of


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

    `columns` is (columns, patients), `counts` (resamples, patients); `grid` holds the time of every
    event. R: ``coxph``, ``basehaz(centered = FALSE)``.
    """
    rows = rows_of(counts)
    sets = many_risk_sets(time[rows], event[rows], (rows != NOBODY).astype(float))
    drawn = np.take_along_axis(rows, sets.order, axis=1)
    of_rows = columns[:, drawn].transpose(1, 0, 2)
    coefficients = fit_many_cox(sets, of_rows).coefficients
    relative = sets.sign * np.exp((coefficients[:, None, :] @ of_rows)[:, 0])
    Ties.of(sets, of_rows).even_out(relative)
    steps = np.zeros(relative.shape)
    np.divide(1.0, np.cumsum(relative, axis=1), out=steps, where=sets.event)
    at = np.minimum(np.searchsorted(grid, time[drawn]), len(grid) - 1)
    flat = np.arange(len(counts))[:, None] * len(grid) + at
    summed = np.bincount(flat.ravel(), steps.ravel(), minlength=len(counts) * len(grid))
    hazard: FloatArray = np.cumsum(summed.reshape(len(counts), -1), axis=1).astype(np.float64)
    return ManyHazards(coefficients, hazard)
