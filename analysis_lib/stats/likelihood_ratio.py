"""Likelihood ratio tests between nested Cox models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import pandas as pd
from scipy.stats import chi2

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_results import CoxFit
from analysis_lib.stats.inputs import ArrayLike


@dataclass(frozen=True)
class LikelihoodRatio:
    """Twice the gain in log-likelihood, referred to a chi-square; nan if a fit failed."""

    statistic: float
    degrees_of_freedom: int
    p_value: float
    method: str = "likelihood ratio test"


def likelihood_ratio_test(full: CoxFit, reduced: CoxFit) -> LikelihoodRatio:
    """Hypothesis: the parameters of `full` that `reduced` lacks are all zero.

    R: ``anova(reduced, full)``. Both models must rest on the same patients.
    """
    patients = (full.n, full.events), (reduced.n, reduced.events)
    if patients[0] != patients[1]:
        raise StatisticsError(
            "nested models must rest on the same patients, but have (n, events) "
            f"{patients[0]} and {patients[1]}: fit both on the complete cases of the full model"
        )
    return chi_square_of(
        2 * (full.log_likelihood - reduced.log_likelihood),
        full.degrees_of_freedom - reduced.degrees_of_freedom,
    )


def global_test(fit: CoxFit) -> LikelihoodRatio:
    """Hypothesis: no covariate of the model matters.

    R: the likelihood ratio test of ``summary(coxph(...))``.
    """
    return chi_square_of(2 * (fit.log_likelihood - fit.log_likelihood_null), fit.degrees_of_freedom)


def drop_one_tests(
    full: CoxFit,
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    of: Sequence[str] = (),
) -> dict[str, LikelihoodRatio]:
    """Test of each covariate given all the others, a factor as a whole.

    `full` is the fit of the same patients with all of `covariates`; `of` names the covariates
    to test, by default all. R: ``drop1(coxph(...), test = "Chisq")``.
    """
    return {
        str(name): likelihood_ratio_test(full, fit_cox(time, event, covariates.drop(columns=name)))
        for name in of or covariates.columns
    }


def chi_square_of(statistic: float, degrees_of_freedom: int) -> LikelihoodRatio:
    """Refer twice a gain in log-likelihood to a chi-square."""
    # Rounding can leave the gain of a useless parameter at -1e-13.
    if -1e-6 < statistic < 0:
        statistic = 0.0
    p_value = float(chi2.sf(statistic, degrees_of_freedom)) if degrees_of_freedom > 0 else nan
    return LikelihoodRatio(statistic, degrees_of_freedom, p_value)
