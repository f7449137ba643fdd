"""lifelines, the estimator of record for what is printed as a curve, a log-rank test or a model.

Everything repeated goes through the likelihood and the curves of this folder, which a test holds
equal to lifelines. It is imported where it is called, since importing it takes a while.
"""

from __future__ import annotations

import warnings
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from analysis_lib.stats.inputs import FloatArray, IntArray, SurvivalData

# lifelines takes minutes beyond.
MOST_PATIENTS = 10_000
# lifelines stops at 1e-7 by default, which leaves coefficients 4e-6 away from R's.
_PRECISION = {"precision": 1e-20, "r_precision": 1e-16, "max_steps": 200}


def is_small(data: SurvivalData) -> bool:
    """Whether lifelines is asked about so many patients."""
    return data.n <= MOST_PATIENTS


def lifelines_curve(data: SurvivalData, level: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The Kaplan-Meier curve at 0 and at every distinct time, and its log-log limits."""
    from lifelines import KaplanMeierFitter

    fitter = KaplanMeierFitter(alpha=1 - level).fit(data.time, data.event)
    survival = fitter.survival_function_.to_numpy(dtype=float)[:, 0]
    low, high = fitter.confidence_interval_survival_function_.to_numpy(dtype=float).T
    estimable = (survival > 0) & (survival < 1)
    return survival, np.where(estimable, low, nan), np.where(estimable, high, nan)


def lifelines_logrank(data: SurvivalData, codes: IntArray) -> tuple[float, float]:
    """Chi-square and P value of the log-rank test of two or more groups."""
    from lifelines.statistics import multivariate_logrank_test

    test = multivariate_logrank_test(data.time, codes, event_observed=data.event)
    return float(test.test_statistic), float(test.p_value)


def lifelines_cox(
    data: SurvivalData, matrix: FloatArray, strata: IntArray
) -> tuple[FloatArray, FloatArray, float] | None:
    """Coefficients, covariance and log-likelihood; None where lifelines fails, says that it
    failed, or meets a singular information on its way.

    It does not halve a step that lowers the likelihood: with a rare level the first, nearly full
    step can overshoot beyond return.
    """
    from lifelines.exceptions import ConvergenceError, ConvergenceWarning
    from scipy.linalg import LinAlgWarning

    frame = pd.DataFrame(matrix, columns=[f"x{i}" for i in range(matrix.shape[1])])
    frame["time"], frame["event"] = data.time, data.event
    stratified = bool((strata != strata[0]).any())
    if stratified:
        frame["stratum"] = strata
    fitter = _fitter("stratum" if stratified else None)
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
        warnings.simplefilter("always", ConvergenceWarning)
        warnings.simplefilter("error", LinAlgWarning)
        try:
            fitter.fit(frame, "time", "event", fit_options=_PRECISION)
        except (ConvergenceError, LinAlgWarning, np.linalg.LinAlgError):
            return None
    if any("failed to converge" in str(warning.message) for warning in caught):
        return None
    return (
        fitter.params_.to_numpy(dtype=float),
        fitter.variance_matrix_.to_numpy(dtype=float),
        float(fitter.log_likelihood_),
    )


def _fitter(strata: str | None) -> Any:
    """lifelines' model without the medians that it keeps for its own plots, which cost most."""
    from lifelines import CoxPHFitter

    class Fitter(CoxPHFitter):
        def _compute_central_values_of_raw_training_data(
            self, df: pd.DataFrame, strata: object = None, name: str = "baseline"
        ) -> pd.DataFrame:
            return pd.DataFrame(index=[name])

    return Fitter(strata=strata)
