"""A smooth of scaled Schoenfeld residuals: how a coefficient moves with time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from analysis_lib.stats.inputs import FloatArray, check_confidence_level
from analysis_lib.stats.schoenfeld import SchoenfeldResiduals

DEGREES_OF_FREEDOM = 4
POINTS = 40
FEWEST_EVENTS = 10


@dataclass(frozen=True, eq=False)
class ResidualSmooth:
    """The coefficient b(t) on the transformed scale of time, with its pointwise interval."""

    transformed_time: FloatArray
    estimate: FloatArray
    std_error: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    confidence_level: float
    method: str = f"natural cubic spline of {DEGREES_OF_FREEDOM} degrees of freedom"


def smooth_residuals(
    residuals: SchoenfeldResiduals,
    variable: str,
    *,
    confidence_level: float = 0.95,
) -> ResidualSmooth | None:
    """Least squares of the scaled residuals on a natural cubic spline of transformed time.

    None with fewer than ten events, or as many distinct times as the spline has knots or fewer.
    R: the curve and band of ``plot(cox.zph(fit), df = 4)``, whose band is 2 standard errors.
    Grambsch & Therneau (1994).
    """
    level = check_confidence_level(confidence_level)
    x, y = residuals.transformed_time, residuals.values[variable]
    if len(x) < FEWEST_EVENTS or len(np.unique(x)) <= DEGREES_OF_FREEDOM or np.isnan(y).any():
        return None
    grid = np.linspace(x.min(), x.max(), POINTS)
    # R places the inner knots by the quantiles of the grid and the data together.
    inner = np.quantile(np.concatenate([grid, x]), np.linspace(0, 1, DEGREES_OF_FREEDOM)[1:-1])
    knots = np.array([x.min(), *inner, x.max()])
    design, at_grid = _natural_spline(x, knots), _natural_spline(grid, knots)
    orthogonal, triangle = np.linalg.qr(design)
    estimate = at_grid @ np.linalg.solve(triangle, orthogonal.T @ y)
    spread = np.linalg.solve(triangle.T, at_grid.T)
    error = np.sqrt(residuals.variances[variable] * (spread**2).sum(axis=0))
    half = float(norm.ppf((1 + level) / 2)) * error
    return ResidualSmooth(grid, estimate, error, estimate - half, estimate + half, level)


def _natural_spline(x: FloatArray, knots: FloatArray) -> FloatArray:
    """Cubic between the knots, straight beyond the outer ones; one column per knot.

    Hastie, Tibshirani & Friedman (2009), section 5.2.1, on [0, 1].
    """
    low, width = knots[0], knots[-1] - knots[0]
    scaled, at = (x - low) / width, (knots - low) / width
    cubes = np.maximum(scaled[:, None] - at[None, :], 0) ** 3
    slopes = (cubes[:, :-1] - cubes[:, -1:]) / (at[-1] - at[:-1])
    return np.column_stack([np.ones(len(x)), scaled, slopes[:, :-1] - slopes[:, -1:]])
