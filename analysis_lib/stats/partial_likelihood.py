"""Maximum of the Cox partial likelihood with Efron's handling of ties."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError, ConvergenceWarning
from scipy.linalg import LinAlgWarning

from analysis_lib.stats.inputs import FloatArray, IntArray, SurvivalData

# lifelines stops at 1e-7 by default, which leaves coefficients 4e-6 away from R's.
_FIT_OPTIONS = {"precision": 1e-20, "r_precision": 1e-16, "max_steps": 100}
_LARGE_LOG_HAZARD = 8.0


@dataclass(frozen=True, eq=False)
class Maximum:
    """Coefficients, their covariance and the log-likelihood reached."""

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float

    def is_suspicious(self, matrix: FloatArray) -> bool:
        """Whether a coefficient is so large that the true maximum may lie at infinity."""
        spans = np.ptp(matrix, axis=0)
        sizes = np.abs(self.coefficients) * spans
        return not np.isfinite(sizes).all() or bool((sizes > _LARGE_LOG_HAZARD).any())


def maximise(
    data: SurvivalData, matrix: FloatArray, strata: IntArray | None = None
) -> Maximum | None:
    """Newton-Raphson maximum of the partial likelihood; None if there is no finite one.

    lifelines' convergence warnings are silenced because the caller examines the maximum; a
    singular information matrix on the way counts as no maximum.
    """
    if matrix.shape[1] == 0:
        value = null_log_likelihood(data, strata)
        return Maximum(np.empty(0), np.empty((0, 0)), value)
    frame = pd.DataFrame(matrix, columns=[f"x{i}" for i in range(matrix.shape[1])])
    frame["time"], frame["event"] = data.time, data.event
    if strata is not None:
        frame["stratum"] = strata
    fitter = CoxPHFitter(strata=None if strata is None else "stratum")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("error", LinAlgWarning)
        try:
            fitter.fit(frame, "time", "event", fit_options=_FIT_OPTIONS)
        except (ConvergenceError, LinAlgWarning):
            return None
    return Maximum(
        coefficients=fitter.params_.to_numpy(dtype=float),
        covariance=fitter.variance_matrix_.to_numpy(dtype=float),
        log_likelihood=float(fitter.log_likelihood_),
    )


def null_log_likelihood(data: SurvivalData, strata: IntArray | None = None) -> float:
    """Log partial likelihood when every patient has the same hazard (Efron)."""
    labels = np.zeros(data.n, dtype=np.int64) if strata is None else strata
    total = 0.0
    for label in np.unique(labels[data.event]):
        part = data.subset(labels == label)
        ordered = np.sort(part.time)
        event_times, deaths = np.unique(part.time[part.event], return_counts=True)
        at_risk = part.n - np.searchsorted(ordered, event_times, side="left")
        order = np.arange(part.n_events) - np.repeat(np.cumsum(deaths) - deaths, deaths)
        total -= float(np.log(np.repeat(at_risk, deaths) - order).sum())
    return total
