"""What a Cox model reports: coefficients, effects and contrasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, nan, sqrt

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.design import Covariate, Factor, column_name
from analysis_lib.stats.inputs import SurvivalData

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


def wald(
    effect: Effect, estimate: float, variance: float, level: float, *, degrees: float = inf
) -> CoxCoefficient:
    """A coefficient with its Wald interval and two-sided test; of t where it has `degrees`."""
    error = sqrt(variance)
    law = t(degrees) if isfinite(degrees) else norm
    half = float(law.ppf((1 + level) / 2)) * error
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
        p_value=float(2 * law.sf(abs(z))),
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


def describe_effects(data: SurvivalData, terms: Sequence[Covariate]) -> list[Effect]:
    """One effect per numeric covariate and per level of a factor other than its reference."""
    factors = summarise_factors(data, terms, {})
    effects = []
    for term in terms:
        if term.name not in factors:
            effects.append(Effect(term.name, "", "", data.n, data.n_events))
            continue
        factor = factors[term.name]
        effects += [
            Effect(term.name, level, factor.reference, *counts)
            for level, counts in factor.counts.items()
            if level != factor.reference
        ]
    return effects


def summarise_factors(
    data: SurvivalData, terms: Sequence[Covariate], working: dict[str, str]
) -> dict[str, FactorSummary]:
    """Patients and events per level; `working` names the references that differ from the first."""
    summaries = {}
    for term in terms:
        if isinstance(term, Factor):
            patients = term.counts(np.ones(data.n, dtype=bool)).tolist()
            counts = zip(patients, term.counts(data.event).tolist(), strict=True)
            summaries[term.name] = FactorSummary(
                reference=term.levels[0],
                working_reference=working.get(term.name, term.levels[0]),
                counts=dict(zip(term.levels, counts, strict=True)),
            )
    return summaries


def contrast(fit: CoxFit, variable: str, level: str, versus_level: str) -> CoxCoefficient:
    """Log hazard ratio of `level` against `versus_level`, either of which may be the reference.

    The variance is a'Va with V the covariance of the coefficients.
    R: ``relevel`` and refit.
    """
    factor = _factor(fit, variable, (level, versus_level))
    patients, events = factor.counts[level]
    effect = Effect(variable, level, versus_level, patients, events)
    for name in (level, versus_level):
        if name != factor.working_reference and column_name((variable, name)) not in fit.estimates:
            return not_estimable(effect, _reason(fit, factor, variable, name))
    weights = pd.Series(0.0, index=fit.estimates.index)
    for name, sign in ((level, 1.0), (versus_level, -1.0)):
        if name != factor.working_reference:
            weights[column_name((variable, name))] = sign
    variance = float(weights @ fit.covariance @ weights)
    return wald(effect, float(weights @ fit.estimates), variance, fit.confidence_level)


def _factor(fit: CoxFit, variable: str, levels: tuple[str, str]) -> FactorSummary:
    if variable not in fit.factors:
        raise StatisticsError(
            f"a contrast needs a factor of the model, but was asked of {variable!r}: "
            f"choose one of {sorted(fit.factors)}"
        )
    factor = fit.factors[variable]
    for name in levels:
        if name not in factor.counts:
            raise StatisticsError(
                f"{name!r} is no level of {variable!r}: choose two of {list(factor.counts)}"
            )
    if levels[0] == levels[1]:
        raise StatisticsError(f"a contrast needs two levels of {variable!r}, but got {levels}")
    return factor


def _reason(fit: CoxFit, factor: FactorSummary, variable: str, level: str) -> str:
    if level != factor.reference:
        return fit.coefficient(variable, level).reason
    return "no patients or no events at the reference level"
