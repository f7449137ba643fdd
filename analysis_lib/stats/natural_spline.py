"""The natural cubic spline: a curve of few degrees of freedom."""

from __future__ import annotations

import numpy as np

from analysis_lib.stats.inputs import FloatArray


def natural_spline(x: FloatArray, knots: FloatArray) -> FloatArray:
    """Cubic between the knots, straight beyond the outer ones; one column per knot.

    The first column is constant, the second linear. R: ``cbind(1, splines::ns(x, knots = inner,
    Boundary.knots = outer))`` has columns of the same space. Hastie, Tibshirani & Friedman (2009),
    section 5.2.1, on [0, 1].
    """
    low, width = knots[0], knots[-1] - knots[0]
    scaled, at = (x - low) / width, (knots - low) / width
    cubes = np.maximum(scaled[:, None] - at[None, :], 0) ** 3
    slopes = (cubes[:, :-1] - cubes[:, -1:]) / (at[-1] - at[:-1])
    return np.column_stack([np.ones(len(x)), scaled, slopes[:, :-1] - slopes[:, -1:]])
