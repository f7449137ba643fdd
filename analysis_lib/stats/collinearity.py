"""How much of a coefficient's variance comes from the other covariates."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from analysis_lib.stats.cox_results import CoxFit
from analysis_lib.stats.design import column_name


@dataclass(frozen=True)
class GeneralizedVif:
    """Generalised variance inflation; `scaled` = gvif^(1 / (2 df)) compares across factors."""

    gvif: float
    degrees_of_freedom: int
    scaled: float


def generalized_vif(fit: CoxFit) -> dict[str, GeneralizedVif]:
    """Inflation of the confidence region of each covariate by its collinearity with the others.

    det(R_own) det(R_others) / det(R), R the correlation matrix of the coefficients; 1 for a
    covariate alone, nan for one without a finite coefficient.
    R: the formula of ``car::vif`` on ``vcov(coxph(...))``. Fox & Monette (1992).
    """
    covariance = fit.covariance.to_numpy(dtype=float)
    errors = np.sqrt(np.diag(covariance)) if covariance.size else np.empty(0)
    correlation = covariance / np.outer(errors, errors) if covariance.size else np.eye(0)
    result = {}
    for variable in dict.fromkeys(c.variable for c in fit.coefficients):
        own = {
            column_name((c.variable, c.level)) for c in fit.coefficients if c.variable == variable
        }
        rows = np.array([name in own for name in fit.covariance.columns], dtype=bool)
        result[variable] = _inflation(correlation, rows)
    return result


def _inflation(correlation: np.ndarray, own: np.ndarray) -> GeneralizedVif:
    degrees_of_freedom = int(own.sum())
    if degrees_of_freedom == 0:
        return GeneralizedVif(nan, 0, nan)
    parts = (correlation[np.ix_(part, part)] for part in (own, ~own))
    own_det, other_det = (float(np.linalg.det(part)) for part in parts)
    gvif = own_det * other_det / float(np.linalg.det(correlation))
    return GeneralizedVif(gvif, degrees_of_freedom, gvif ** (1 / (2 * degrees_of_freedom)))
