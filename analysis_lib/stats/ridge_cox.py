"""Cox model with a ridge penalty on some of its coefficients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.efron import LARGEST_STEP, RiskSets, efron_step, risk_sets
from analysis_lib.stats.indicators import Indicators, indicator_columns
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    check_confidence_level,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.penalised_results import PenalisedCox, penalised_cox

METHOD = "Cox model, ridge penalty"
_TOLERANCE = 1e-10
_MOST_STEPS = 100
_FARTHEST = 20.0
_LARGEST = 8.0  # a larger log hazard ratio over the range of its column has no maximum


def fit_ridge_cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    theta: float,
    unpenalised: Sequence[str] = (),
    scale: bool = True,
    confidence_level: float = 0.95,
) -> PenalisedCox:
    """Maximum of the partial log-likelihood minus theta / 2 times the sum of squares b'b.

    With `scale` each b is weighted by the variance of its column, so that the unit of a covariate
    does not matter. Intervals are Wald's from the inverse of the penalised information, which is
    exact for no coefficient that is itself shrunk: leave those of interest unpenalised. One of
    these that has no maximum is not estimable.
    R: ``coxph(Surv(time, event) ~ x + ridge(z, theta = theta, scale = scale))``, ``sqrt(diag(
    vcov))``. Verweij & van Houwelingen (1994).
    """
    if theta < 0:
        raise StatisticsError(f"theta must be >= 0, but was {theta!r}: 0 is no penalty")
    level = check_confidence_level(confidence_level)
    data = check_survival(time, event)
    check_same_rows(time, covariates, names=("time", "covariates"))
    if data.n_events == 0:
        raise StatisticsError("a penalised Cox model needs an event, but nobody has one")
    columns = indicator_columns(data, covariates)
    weights = ridge_weights(columns, unpenalised, scale=scale)
    sets = risk_sets(data.time, data.event)
    coefficients, information = maximise_ridge(sets, columns.matrix[sets.order], theta * weights)
    inverse = np.linalg.pinv(information + np.diag(theta * weights))
    covariance: FloatArray = inverse.astype(float)
    sizes = np.abs(coefficients) * np.ptp(columns.matrix, axis=0)
    runs_away = (sizes > _LARGEST) & (theta * weights == 0)
    return penalised_cox(
        columns,
        data,
        coefficients,
        covariance,
        infinite=[key for key, x in zip(columns.keys, runs_away, strict=True) if x],
        effective_parameters=float(np.trace(information @ covariance)),
        confidence_level=level,
        method=f"{METHOD}, theta {theta:.3g}",
    )


def ridge_weights(
    columns: Indicators, unpenalised: Sequence[str], *, scale: bool = True
) -> FloatArray:
    """What each squared coefficient is weighted by: its column's variance, or 1; 0 if exempt."""
    variances = columns.matrix.var(axis=0, ddof=1) if scale else np.ones(len(columns.keys))
    return np.where(columns.columns_of(*unpenalised), 0.0, variances)


def maximise_ridge(
    sets: RiskSets, matrix: FloatArray, penalty: FloatArray, start: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Coefficients and unpenalised information at the maximum; `matrix` sorted by `sets.order`.

    A coefficient without a maximum stops where it multiplies the hazard over the range of its
    column by exp(20), and the likelihood has reached its limit.
    """
    coefficients = np.zeros(matrix.shape[1]) if start is None else start
    if not len(coefficients):
        return coefficients, np.empty((0, 0))
    ranges = np.ptp(matrix, axis=0)
    bound = np.where(ranges > 0, _FARTHEST / np.where(ranges > 0, ranges, 1.0), 0.0)
    for _ in range(_MOST_STEPS):
        score, information, _ = efron_step(sets, matrix, coefficients)
        step = _solve(information + np.diag(penalty), score - penalty * coefficients)
        shortened = step * min(1.0, LARGEST_STEP / max(float(np.abs(step).max()), 1e-300))
        before, coefficients = coefficients, np.clip(coefficients + shortened, -bound, bound)
        if float(np.abs(coefficients - before).max()) < _TOLERANCE:
            break
    return coefficients, efron_step(sets, matrix, coefficients)[1]


def _solve(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """The solution in the unit of each column; it stands still along what nothing is known of,
    as a group without events.
    """
    diagonal = np.diag(matrix)
    scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    scaled = matrix / np.outer(scale, scale)
    return np.asarray(np.linalg.lstsq(scaled, right / scale, rcond=1e-10)[0] / scale)
