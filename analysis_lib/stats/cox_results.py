"""What a Cox model reports: coefficients, effects and contrasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, nan, sqrt

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.design import Covariate, Factor, Key, column_name
from analysis_lib.stats.inputs import FloatArray, SurvivalData

# Why a coefficient, or a whole model, has no estimate.
NOBODY = "no patient with every covariate"
INFINITE = "infinite coefficient: it orders the events without exception"
NO_MAXIMUM = "the maximum of the partial likelihood was not found"


@dataclass(frozen=True)
class CoxCoefficient:
    """One log hazard ratio with its Wald interval and test.

    `level` and `reference` are empty for a numeric covariate, whose hazard ratio is per unit;
    `n` and `events` count the patients at the level, or all of them. `method` is how it was
    estimated where that is not how the others of its model were.
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
    method: str = ""


# What of a coefficient is a number and not a count.
NUMBERS = ("coefficient", "std_error", "hazard_ratio", "ci_low", "ci_high", "z", "p_value")


class Coefficients:
    """What every model of hazards has: one coefficient per column that was asked for."""

    coefficients: tuple[CoxCoefficient, ...]

    def coefficient(self, variable: str, level: str = "") -> CoxCoefficient:
        """The coefficient of a numeric variable, or of one level of a factor."""
        for candidate in self.coefficients:
            if (candidate.variable, candidate.level) == (variable, level):
                return candidate
        raise KeyError((variable, level))


@dataclass(frozen=True)
class FactorSummary:
    """Patients and events per level of a factor, and the level its estimates are measured from.

    `working_reference` differs from the declared `reference` where that has no events.
    """

    reference: str
    working_reference: str
    counts: dict[str, tuple[int, int]]


@dataclass(frozen=True, eq=False)
class CoxFit(Coefficients):
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


@dataclass(frozen=True)
class Effect:
    """Which contrast a coefficient describes, and the patients behind it."""

    variable: str
    level: str
    reference: str
    n: int
    events: int

    @property
    def key(self) -> Key:
        return self.variable, self.level


def wald(
    effect: Effect, estimate: float, variance: float, level: float, *, degrees: float = inf
) -> CoxCoefficient:
    """A coefficient with its Wald interval and two-sided test; of t where it has `degrees`."""
    error = sqrt(variance)
    normal = degrees == inf
    half = float(ndtri((1 + level) / 2) if normal else stdtrit(degrees, (1 + level) / 2)) * error
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
        p_value=float(2 * (ndtr(-abs(z)) if normal else stdtr(degrees, -abs(z)))),
        n=effect.n,
        events=effect.events,
        estimable=True,
    )


def not_estimable(effect: Effect, reason: str) -> CoxCoefficient:
    """A coefficient without a finite estimate, and why."""
    numbers: dict[str, float] = dict.fromkeys(NUMBERS, nan)
    return CoxCoefficient(
        variable=effect.variable,
        level=effect.level,
        reference=effect.reference,
        n=effect.n,
        events=effect.events,
        estimable=False,
        reason=reason,
        **numbers,  # type: ignore[arg-type]
    )


def read_coefficients(
    effects: Sequence[Effect],
    found: Mapping[Key, tuple[float, float]],
    reasons: Mapping[Key, str],
    level: float,
) -> tuple[CoxCoefficient, ...]:
    """Each effect with the estimate and the variance found of it, or the reason why not."""
    coefficients = []
    for effect in effects:
        reason = reasons.get(effect.key, "")
        estimate, variance = (nan, 0.0) if reason else found[effect.key]
        # Near a singular information, an inverse can have negative diagonals.
        if not variance > 0:
            coefficients.append(not_estimable(effect, reason or NO_MAXIMUM))
        else:
            coefficients.append(wald(effect, estimate, variance, level))
    return tuple(coefficients)


def estimates_of(
    keys: Sequence[Key], estimates: FloatArray, covariance: FloatArray
) -> dict[Key, tuple[float, float]]:
    """Estimate and variance of each column of a design."""
    variances = np.diag(covariance).tolist()
    return dict(zip(keys, zip(estimates.tolist(), variances, strict=True), strict=True))


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
