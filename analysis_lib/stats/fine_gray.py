"""Regression on the subdistribution hazard of one kind of event."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd

from analysis_lib.stats.cox import INFINITE, NO_MAXIMUM
from analysis_lib.stats.cox_results import (
    NOBODY,
    CoxCoefficient,
    Effect,
    FactorSummary,
    describe_effects,
    not_estimable,
    summarise_factors,
    wald,
)
from analysis_lib.stats.cumulative_incidence import CompetingData, check_competing_of_any
from analysis_lib.stats.design import (
    Covariate,
    Design,
    Key,
    build_design,
    column_name,
    count_parameters,
    read_covariates,
)
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    SurvivalData,
    check_confidence_level,
    check_same_rows,
)
from analysis_lib.stats.partial_likelihood import infinite_direction
from analysis_lib.stats.subdistribution import (
    evaluate,
    maximise,
    robust_covariance,
    subdistribution,
)

METHOD = "Fine-Gray model, robust errors, Wald interval"
BESIDE_INFINITE = "another coefficient of the model is infinite"
_LARGE_LOG_HAZARD = 8.0


@dataclass(frozen=True, eq=False)
class _Maximum:
    """Finite coefficients and their robust covariance."""

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float


@dataclass(frozen=True, eq=False)
class FineGrayFit:
    """A model of the subdistribution hazard; the coefficients are its log ratios.

    `competing` counts those whom another event removed. `degrees_of_freedom` counts every
    parameter, infinite ones included.
    """

    coefficients: tuple[CoxCoefficient, ...]
    n: int
    events: int
    competing: int
    log_likelihood: float
    log_likelihood_null: float
    covariance: pd.DataFrame
    factors: dict[str, FactorSummary]
    degrees_of_freedom: int
    confidence_level: float
    method: str = METHOD

    def coefficient(self, variable: str, level: str = "") -> CoxCoefficient:
        """The coefficient of a numeric variable, or of one level of a factor."""
        for candidate in self.coefficients:
            if (candidate.variable, candidate.level) == (variable, level):
                return candidate
        raise KeyError((variable, level))


def fit_fine_gray(
    time: ArrayLike,
    event: ArrayLike,
    competing: ArrayLike,
    covariates: pd.DataFrame,
    *,
    confidence_level: float = 0.95,
) -> FineGrayFit:
    """Log subdistribution hazard ratio of each covariate given the others.

    Its sign says in which direction the covariate moves the cumulative incidence; its size is no
    rate ratio, since those whom a competing event removed stay in the risk sets.

    Parameters
    ----------
    time, event, competing : as in `cumulative_incidence`
    covariates : as in `fit_cox`, known at time 0
    confidence_level : coverage of the Wald intervals

    Notes
    -----
    R: ``cmprsk::crr(time, cause, covariates)``, iterated to the maximum. Fine & Gray (1999), J Am
    Stat Assoc 94:496. Ties are Breslow's and censoring is taken to be independent of the
    covariates. The errors are robust and count that the weights are estimated.
    """
    data = check_competing_of_any(time, event, competing)
    level = check_confidence_level(confidence_level)
    check_same_rows(time, covariates, names=("time", "covariates"))
    terms = read_covariates(covariates)
    # As the risk sets have it: whom a competing event removed is at risk for ever.
    risk = data.without_competing_end
    if not data.n_events:
        return _without_fit(data, terms, level, 0, "no events" if data.n else NOBODY)
    parameters = count_parameters(risk, terms)
    if data.n_events < parameters:
        reason = f"fewer events ({data.n_events}) than parameters ({parameters})"
        return _without_fit(data, terms, level, parameters, reason)
    design = build_design(risk, terms)
    maximum, reasons = _fit(data, risk, design)
    return FineGrayFit(
        _coefficients(describe_effects(risk, terms), design, maximum, reasons, level),
        data.n,
        data.n_events,
        data.n_competing,
        nan if maximum is None else maximum.log_likelihood,
        _null(data),
        _covariance(design, maximum),
        summarise_factors(risk, terms, design.references),
        parameters,
        level,
    )


def _fit(
    data: CompetingData, risk: SurvivalData, design: Design
) -> tuple[_Maximum | None, dict[Key, str]]:
    """The finite maximum, or why there is none."""
    if not design.keys:
        return None, design.reasons
    matrix = np.zeros((data.n, len(design.keys)))
    matrix[design.kept] = design.matrix - design.matrix.mean(axis=0)
    sets = subdistribution(data, matrix, design.kept)
    found = maximise(sets)
    sizes = np.ptp(design.matrix, axis=0)
    if found is None or (np.abs(found[0]) * sizes > _LARGE_LOG_HAZARD).any():
        strata = np.zeros(int(design.kept.sum()), dtype=np.int64)
        direction = infinite_direction(risk.subset(design.kept), design.matrix, strata)
        if found is None or direction is not None:
            return None, _reasons(design, direction) | design.reasons
    coefficients, point = found
    maximum = _Maximum(coefficients, robust_covariance(sets, point), point.log_likelihood)
    return maximum, design.reasons


def _reasons(design: Design, direction: FloatArray | None) -> dict[Key, str]:
    if direction is None:
        return dict.fromkeys(design.keys, NO_MAXIMUM)
    moves = zip(design.keys, direction, strict=True)
    return {key: INFINITE if move else BESIDE_INFINITE for key, move in moves}


def _coefficients(
    effects: list[Effect],
    design: Design,
    maximum: _Maximum | None,
    reasons: dict[Key, str],
    level: float,
) -> tuple[CoxCoefficient, ...]:
    coefficients = []
    for effect in effects:
        key = effect.variable, effect.level
        if maximum is None or key in reasons:
            coefficients.append(not_estimable(effect, reasons[key]))
            continue
        at = design.keys.index(key)
        estimate, variance = maximum.coefficients[at], maximum.covariance[at, at]
        coefficients.append(wald(effect, float(estimate), float(variance), level))
    return tuple(coefficients)


def _covariance(design: Design, maximum: _Maximum | None) -> pd.DataFrame:
    """Keyed by design column; empty where there is no finite maximum."""
    if maximum is None:
        return pd.DataFrame(dtype=float)
    names = [column_name(key) for key in design.keys]
    return pd.DataFrame(maximum.covariance, index=names, columns=names, dtype=float)


def _null(data: CompetingData) -> float:
    """The log-likelihood when every patient has the same subdistribution hazard."""
    kept = np.ones(data.n, dtype=bool)
    sets = subdistribution(data, np.zeros((data.n, 1)), kept)
    return evaluate(sets, np.zeros(1)).log_likelihood


def _without_fit(
    data: CompetingData, terms: tuple[Covariate, ...], level: float, parameters: int, reason: str
) -> FineGrayFit:
    risk = data.without_competing_end
    return FineGrayFit(
        tuple(not_estimable(effect, reason) for effect in describe_effects(risk, terms)),
        data.n,
        data.n_events,
        data.n_competing,
        nan,
        _null(data) if data.n_events else nan,
        pd.DataFrame(dtype=float),
        summarise_factors(risk, terms, {}),
        parameters,
        level,
    )
