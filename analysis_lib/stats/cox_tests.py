"""Tests of Cox models: of nested ones and of a change in time, and their variance inflation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_terms
from analysis_lib.stats.cox_intervals import fit_cox_entered
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit, Effect, not_estimable, wald
from analysis_lib.stats.design import column_name, read_covariates
from analysis_lib.stats.inputs import (
    ArrayLike,
    SurvivalData,
    check_confidence_level,
    check_same_rows,
    check_survival,
    check_survival_of_any,
)


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
    entry: ArrayLike | None = None,
    of: Sequence[str] = (),
) -> dict[str, LikelihoodRatio]:
    """Test of each covariate given all the others, a factor as a whole.

    `full` is the fit of the same patients with all of `covariates`; `of` names the covariates
    to test, by default all; `entry` is that of the fit. R: ``drop1(coxph(...), test = "Chisq")``.
    """
    data = check_survival_of_any(time, event)
    check_same_rows(time, covariates, names=("time", "covariates"))
    terms = read_covariates(covariates)
    tested = [term for term in terms if term.name in of or not of]
    if entry is not None:
        rest = {x.name: covariates.drop(columns=x.name) for x in tested}
        fits = {x: fit_cox_entered(entry, time, event, given) for x, given in rest.items()}
    else:
        fits = {t.name: fit_terms(data, [x for x in terms if x is not t]) for t in tested}
    return {name: likelihood_ratio_test(full, fit) for name, fit in fits.items()}


def chi_square_of(statistic: float, degrees_of_freedom: int) -> LikelihoodRatio:
    """Refer twice a gain in log-likelihood to a chi-square."""
    # Rounding can leave the gain of a useless parameter at -1e-13.
    if -1e-6 < statistic < 0:
        statistic = 0.0
    p_value = float(chdtrc(degrees_of_freedom, statistic)) if degrees_of_freedom > 0 else nan
    return LikelihoodRatio(statistic, degrees_of_freedom, p_value)


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


@dataclass(frozen=True, eq=False)
class PeriodHazards:
    """One model up to the cut, one after it, one of the whole time.

    `after` holds the patients still at risk after the cut. `interaction` tests that no
    coefficient changes at the cut.
    """

    cut: float
    before: CoxFit
    after: CoxFit
    whole: CoxFit
    interaction: LikelihoodRatio

    def change(self, variable: str, level: str = "") -> CoxCoefficient:
        """Log of the hazard ratio after the cut over that before it, with its Wald test.

        No patient-time is in both periods, so that the variances add up.
        """
        first = self.before.coefficient(variable, level)
        second = self.after.coefficient(variable, level)
        effect = Effect(variable, level, first.reference, first.n, first.events + second.events)
        for one, period in ((first, "before the cut"), (second, "after the cut")):
            if not one.estimable:
                return not_estimable(effect, f"{one.reason} {period}")
        variance = first.std_error**2 + second.std_error**2
        difference = second.coefficient - first.coefficient
        return wald(effect, difference, variance, self.whole.confidence_level)


def period_hazards(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    cut: float,
    *,
    confidence_level: float = 0.95,
) -> PeriodHazards:
    """Log hazard ratios up to and including the cut, and after it.

    When every coefficient may change at the cut the partial likelihood is a product of two: each
    risk set lies in one period and knows the coefficients of that period alone. Two fits, one
    censored at the cut and one of those still at risk after it, are the maximum of the whole.

    R: ``coxph(Surv(tstart, time, event) ~ x:strata(period))`` on the data that
    ``survSplit(cut = cut)`` gives, and ``anova`` against the model of the whole time.

    Raises
    ------
    StatisticsError
        The cut is not > 0, or nobody is at risk after it; else as `fit_cox`.
    """
    data = check_survival(time, event)
    check_same_rows(time, covariates, names=("time", "covariates"))
    if not cut > 0:
        raise StatisticsError(f"cut must be > 0, but was {cut!r}: choose a time after the start")
    level, later = check_confidence_level(confidence_level), data.time > cut
    if not later.any():
        raise StatisticsError(
            f"cut must lie within the follow-up, but was {cut!r} and the last time is "
            f"{float(data.time.max())!r}: choose an earlier one"
        )
    early = SurvivalData(np.minimum(data.time, cut), data.event & ~later)
    late = data.subset(later)
    terms = read_covariates(covariates)
    parts = ((early, terms), (late, [term.subset(later) for term in terms]), (data, terms))
    fits = [fit_terms(*part, confidence_level=level) for part in parts]
    return PeriodHazards(cut, fits[0], fits[1], fits[2], _interaction(*fits))


def _interaction(before: CoxFit, after: CoxFit, whole: CoxFit) -> LikelihoodRatio:
    """Twice what the log-likelihood gains by a change at the cut."""
    gain = before.log_likelihood + after.log_likelihood - whole.log_likelihood
    more = before.degrees_of_freedom + after.degrees_of_freedom - whole.degrees_of_freedom
    return chi_square_of(2 * gain, more)
