"""Which patients a bootstrap draws, and how often each."""

from __future__ import annotations

import numpy as np

from analysis_lib.stats.inputs import IntArray

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
