"""What a Cox model reports: coefficients, their covariance and the log-likelihoods."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite, nan, sqrt

import pandas as pd
from scipy.stats import norm

# Why a model of nobody gives nothing.
NOBODY = "no patient with every covariate"


@dataclass(frozen=True)
class CoxCoefficient:
    """One log hazard ratio with its Wald interval and test.

    `level` and `reference` are empty for a numeric covariate, whose hazard ratio is per unit;
    `n` and `events` count the patients at the level, or all of them.
    """

    variable: str
    level: str
    reference: str
    coefficient: float
    std_error: float
    hazard_ratio: float
    ci_low: float
    ci_high: float
    z: float
    p_value: float
    n: int
    events: int
    estimable: bool
    reason: str = ""


@dataclass(frozen=True)
class FactorSummary:
    """Patients and events per level of a factor, and the level its estimates are measured from.

    `working_reference` differs from the declared `reference` where that has no events.
    """

    reference: str
    working_reference: str
    counts: dict[str, tuple[int, int]]


@dataclass(frozen=True, eq=False)
class CoxFit:
    """A Cox proportional hazards model.

    `estimates` and `covariance` are keyed by design column (variable, or variable=level) and
    hold the finite coefficients only, each factor measured from its working reference.
    `degrees_of_freedom` counts every parameter, infinite ones included. `notes` says how the fit
    departed from the plain one.
    """

    coefficients: tuple[CoxCoefficient, ...]
    n: int
    events: int
    log_likelihood: float
    log_likelihood_null: float
    estimates: pd.Series
    covariance: pd.DataFrame
    factors: dict[str, FactorSummary]
    degrees_of_freedom: int
    confidence_level: float
    notes: tuple[str, ...] = ()
    ties: str = "Efron"

    def coefficient(self, variable: str, level: str = "") -> CoxCoefficient:
        """The coefficient of a numeric variable, or of one level of a factor."""
        for candidate in self.coefficients:
            if (candidate.variable, candidate.level) == (variable, level):
                return candidate
        raise KeyError((variable, level))


@dataclass(frozen=True)
class Effect:
    """Which contrast a coefficient describes, and the patients behind it."""

    variable: str
    level: str
    reference: str
    n: int
    events: int


def wald(effect: Effect, estimate: float, variance: float, level: float) -> CoxCoefficient:
    """A coefficient with its Wald interval and two-sided test."""
    error = sqrt(variance)
    half = float(norm.ppf((1 + level) / 2)) * error
    z = estimate / error
    return CoxCoefficient(
        variable=effect.variable,
        level=effect.level,
        reference=effect.reference,
        coefficient=estimate,
        std_error=error,
        hazard_ratio=_exp(estimate),
        ci_low=_exp(estimate - half),
        ci_high=_exp(estimate + half),
        z=z,
        p_value=float(2 * norm.sf(abs(z))),
        n=effect.n,
        events=effect.events,
        estimable=True,
    )


def not_estimable(effect: Effect, reason: str) -> CoxCoefficient:
    """A coefficient without a finite estimate, and why."""
    return CoxCoefficient(
        variable=effect.variable,
        level=effect.level,
        reference=effect.reference,
        coefficient=nan,
        std_error=nan,
        hazard_ratio=nan,
        ci_low=nan,
        ci_high=nan,
        z=nan,
        p_value=nan,
        n=effect.n,
        events=effect.events,
        estimable=False,
        reason=reason,
    )


def _exp(value: float) -> float:
    """exp, infinite instead of an overflow."""
    return exp(value) if isfinite(value) and value < 700 else float("inf")
