"""Hazard ratios before and after a point in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_terms
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit, Effect, not_estimable, wald
from analysis_lib.stats.cox_tests import LikelihoodRatio, chi_square_of
from analysis_lib.stats.design import read_covariates
from analysis_lib.stats.inputs import (
    ArrayLike,
    SurvivalData,
    check_confidence_level,
    check_same_rows,
    check_survival,
)


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
