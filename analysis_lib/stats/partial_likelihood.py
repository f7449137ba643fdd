"""Maximum of the Cox partial likelihood with Efron's handling of ties."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError, ConvergenceWarning
from scipy.linalg import LinAlgWarning

from analysis_lib.stats.inputs import FloatArray, IntArray, SurvivalData

# lifelines stops at 1e-7 by default, which leaves coefficients 4e-6 away from R's.
_PRECISION = {"precision": 1e-20, "r_precision": 1e-16, "max_steps": 200}
_LARGE_LOG_HAZARD = 8.0
# Tests, diagnostics and variants of a model begin with the same maximum; a report has some hundred.
_MOST_KEPT = 256
_SMALL = 1_000_000  # bytes of a problem that is worth keeping


@dataclass(frozen=True, eq=False)
class Maximum:
    """Coefficients, their covariance and the log-likelihood reached."""

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float

    def is_suspicious(self, matrix: FloatArray) -> bool:
        """Whether a coefficient is so large that the true maximum may lie at infinity."""
        sizes = np.abs(self.coefficients) * np.ptp(matrix, axis=0)
        return not np.isfinite(sizes).all() or bool((sizes > _LARGE_LOG_HAZARD).any())


_KEPT: OrderedDict[tuple[object, ...], Maximum | None] = OrderedDict()


class _Fitter(CoxPHFitter):
    """lifelines' model without the medians that it keeps for its own plots, which cost most."""

    def _compute_central_values_of_raw_training_data(
        self, df: pd.DataFrame, strata: object = None, name: str = "baseline"
    ) -> pd.DataFrame:
        return pd.DataFrame(index=[name])


def maximise(
    data: SurvivalData, matrix: FloatArray, strata: IntArray, *, step_size: float
) -> Maximum | None:
    """Newton-Raphson maximum of the partial likelihood by lifelines; None if it is not found.

    Not found means that lifelines fails, warns that it failed, or meets a singular information
    matrix on its way.
    """
    if matrix.shape[1] == 0:
        return Maximum(np.empty(0), np.empty((0, 0)), null_log_likelihood(data, strata))
    arrays = (data.time, data.event, matrix, strata)
    if sum(x.nbytes for x in arrays) > _SMALL:
        return _maximise(data, matrix, strata, step_size)
    problem = (step_size, matrix.shape, *(x.tobytes() for x in arrays))
    if problem not in _KEPT:
        _KEPT[problem] = _maximise(data, matrix, strata, step_size)
        if len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    return _KEPT[problem]


def _maximise(
    data: SurvivalData, matrix: FloatArray, strata: IntArray, step_size: float
) -> Maximum | None:
    frame = pd.DataFrame(matrix, columns=[f"x{i}" for i in range(matrix.shape[1])])
    frame["time"], frame["event"] = data.time, data.event
    stratified = bool((strata != strata[0]).any())
    if stratified:
        frame["stratum"] = strata
    fitter = _Fitter(strata="stratum" if stratified else None)
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
        warnings.simplefilter("always", ConvergenceWarning)
        warnings.simplefilter("error", LinAlgWarning)
        try:
            fitter.fit(frame, "time", "event", fit_options=_PRECISION | {"step_size": step_size})
        except (ConvergenceError, LinAlgWarning, np.linalg.LinAlgError):
            return None
    if any("failed to converge" in str(warning.message) for warning in caught):
        return None
    return Maximum(
        coefficients=fitter.params_.to_numpy(dtype=float),
        covariance=fitter.variance_matrix_.to_numpy(dtype=float),
        log_likelihood=float(fitter.log_likelihood_),
    )


def null_log_likelihood(data: SurvivalData, strata: IntArray) -> float:
    """Log partial likelihood when every patient has the same hazard (Efron)."""
    total = 0.0
    for label in np.unique(strata[data.event]):
        part = data.subset(strata == label)
        event_times, deaths = np.unique(part.time[part.event], return_counts=True)
        at_risk = part.n - np.searchsorted(np.sort(part.time), event_times, side="left")
        order = np.arange(part.n_events) - np.repeat(np.cumsum(deaths) - deaths, deaths)
        total -= float(np.log(np.repeat(at_risk, deaths) - order).sum())
    return total
