"""Cox model with a gamma frailty of each cluster."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, log, nan

import numpy as np
import pandas as pd
from scipy.special import psi

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox_maximum import FittedDesign, fit_design
from analysis_lib.stats.cox_results import (
    Coefficients,
    CoxCoefficient,
    describe_effects,
    estimates_of,
    read_coefficients,
)
from analysis_lib.stats.design import build_design, read_covariates, too_few
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    IntArray,
    check_confidence_level,
    check_groups,
    check_same_rows,
    check_survival_of_any,
)
from analysis_lib.stats.newton import Maximum, Point, inverse, maximise
from analysis_lib.stats.partial_likelihood import efron_step
from analysis_lib.stats.risk_sets import risk_sets

METHOD = "Cox model with a gamma frailty of each cluster, Efron ties, Wald interval"
NOT_FINITE = "without frailty the model has an infinite coefficient, or none"
# Between these the variance of the frailty is looked for; below the least it is 0.
LEAST, LARGEST = 1e-5, 50.0
NO_VARIANCE = f"the variance of the frailty is above {LARGEST:g}: clusters and events coincide"


@dataclass(frozen=True, eq=False)
class FrailtyCox(Coefficients):
    """Coefficients given the frailties; `variance` is theirs over clusters, 0 where they do not
    differ more than patients do anyhow, nan where there is no fit.
    """

    coefficients: tuple[CoxCoefficient, ...]
    n: int
    events: int
    clusters: int
    variance: float
    method: str = METHOD


def fit_frailty_cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    clusters: ArrayLike,
    *,
    variance: float | None = None,
    confidence_level: float = 0.95,
) -> FrailtyCox:
    """Log hazard ratios among patients of one cluster, whose hazards share a gamma factor.

    The factors have mean 1; their variance maximises the marginal likelihood, in which they are
    integrated out, unless it is given. Standard errors take it as known.

    R: ``coxph(Surv(time, event) ~ . + frailty(cluster, sparse = FALSE), ties = "efron")``, with a
    given variance ``frailty(cluster, theta = , sparse = FALSE)``. Therneau, Grambsch & Pankratz
    (2003), J Comput Graph Stat 12:156.

    Raises
    ------
    StatisticsError
        Rows differ, a cluster is missing, there is only one, or the variance is below 0.
    """
    level = check_confidence_level(confidence_level)
    data, groups = check_survival_of_any(time, event), check_groups(clusters)
    check_same_rows(time, covariates, names=("time", "covariates"))
    check_same_rows(time, clusters, names=("time", "clusters"))
    if len(groups.labels) < 2:
        raise StatisticsError(
            f"clusters must be two or more, but all patients are in {groups.labels[0]!r}"
        )
    if variance is not None and not variance >= 0:
        raise StatisticsError(f"variance must be 0 or above, but was {variance!r}")
    terms = read_covariates(covariates)
    effects = describe_effects(data, terms)

    def refused(reason: str) -> FrailtyCox:
        reasons = dict.fromkeys((effect.key for effect in effects), reason)
        found = read_coefficients(effects, {}, reasons, level)
        return FrailtyCox(found, data.n, data.n_events, len(groups.labels), nan)

    if data.n_events == 0:
        return refused("no events")
    design = build_design(data, terms)
    plain = fit_design(data, design)
    few = too_few(data, design.parameters)
    if few or plain.is_limit or plain.maximum is None:
        return refused(few or NOT_FINITE)
    shared = _Shared(plain, groups.codes[design.kept])
    theta = shared.best_variance() if variance is None else variance
    if theta is None:
        return refused(NO_VARIANCE)
    coefficients, covariance = shared.estimates(theta)
    estimates = estimates_of(plain.keys, coefficients, covariance)
    return FrailtyCox(
        read_coefficients(effects, estimates, design.reasons | plain.reasons, level),
        data.n,
        data.n_events,
        len(groups.labels),
        theta,
    )


class _Shared:
    """The penalised likelihood of coefficients and log frailties, and its marginal in between.

    With nu = 1 / variance the penalty is that of the logs w of gamma factors: the sum over the
    clusters of nu (w - exp w).
    """

    def __init__(self, plain: FittedDesign, codes: IntArray) -> None:
        held, own = np.unique(codes, return_inverse=True)
        self._plain, self._count = plain, len(held)
        self._sets = risk_sets(plain.data.time, plain.data.event)
        belongs = own[:, None] == np.arange(self._count)
        order, columns = self._sets.order, self._sets.centred(plain.matrix)
        self._rows = np.hstack([columns, belongs[order].astype(float)])
        self._deaths = np.bincount(own[plain.data.event], minlength=self._count).astype(float)
        assert plain.maximum is not None
        self._start = np.append(plain.maximum.coefficients, np.zeros(self._count))

    def estimates(self, variance: float) -> tuple[FloatArray, FloatArray]:
        """Coefficients and their covariance at a variance of the frailty."""
        assert self._plain.maximum is not None
        if variance == 0:
            return self._plain.maximum.coefficients, self._plain.maximum.covariance
        found, size = self._fit(variance), len(self._plain.keys)
        return found.coefficients[:size], inverse(found.point.information)[:size, :size]

    def best_variance(self) -> float | None:
        """Where the marginal likelihood stands still; 0 where it falls from there on, None where
        it rises beyond any variance that could be meant.
        """
        from scipy.optimize import brentq

        slope = cache(self._slope)  # brentq asks for both ends again
        low = log(LEAST)
        if slope(low) <= 0:
            return 0.0
        for high in map(log, (0.1, 1.0, LARGEST)):  # a fit starts from that of the variance before
            if slope(high) < 0:
                return exp(brentq(slope, low, high, xtol=1e-10, rtol=1e-12))
            low = high
        return None

    def _slope(self, log_variance: float) -> float:
        """What the marginal log-likelihood gains by the log of the variance.

        At the maximum over coefficients and frailties only what holds nu itself moves: the penalty,
        and the gamma functions that integrating leaves behind.
        """
        nu, deaths = exp(-log_variance), self._deaths
        logs = self._fit(1 / nu).coefficients[len(self._plain.keys) :]
        penalty = float((logs - np.expm1(logs)).sum())
        share = nu / (nu + deaths)
        left = np.log(share) + 1 - share + psi(nu + deaths) - psi(nu) - deaths / (nu + deaths)
        return -nu * (penalty + float(left.sum()))

    def _fit(self, variance: float) -> Maximum:
        nu, size = 1 / variance, len(self._plain.keys)

        def evaluate(at: FloatArray) -> Point:
            point, factors = efron_step(self._sets, self._rows, at), np.exp(at[size:])
            added = np.append(np.zeros(size), nu * factors)
            pull = np.append(np.zeros(size), nu * (1 - factors))
            likelihood = point.log_likelihood + nu * float((at[size:] - factors).sum())
            return Point(point.score + pull, point.information + np.diag(added), likelihood)

        found = maximise(evaluate, self._start, ranges=np.ptp(self._rows, axis=0), farthest=np.inf)
        self._start = found.coefficients
        return found
