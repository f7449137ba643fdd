"""Score test of proportional hazards."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd
from scipy.stats import chi2

from analysis_lib.stats.covariates import read_covariates
from analysis_lib.stats.cox_model import FittedDesign, fit_design
from analysis_lib.stats.design import build_design, count_parameters
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    SurvivalData,
    check_same_rows,
    check_survival_of_any,
)
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.stats.schoenfeld import (
    EventMoments,
    SchoenfeldResiduals,
    event_moments,
    scaled_residuals,
)


@dataclass(frozen=True)
class ProportionalHazardsTerm:
    """Score test of one covariate, or of all together; nan where not estimable."""

    variable: str
    statistic: float
    degrees_of_freedom: int
    p_value: float


@dataclass(frozen=True, eq=False)
class ProportionalHazards:
    """Tests per covariate, the global test, and the residuals behind them."""

    terms: tuple[ProportionalHazardsTerm, ...]
    global_: ProportionalHazardsTerm
    residuals: SchoenfeldResiduals
    method: str = "score test, Kaplan-Meier transform of time"


def proportional_hazards_test(
    time: ArrayLike, event: ArrayLike, covariates: pd.DataFrame
) -> ProportionalHazards:
    """Hypothesis: each log hazard ratio is constant in time.

    The alternative lets it move with g(t) = 1 - S(t-), S the Kaplan-Meier curve of all
    patients: coefficient + theta (g(t) - mean g). The statistic is the score test of theta = 0
    with the coefficients at their maximum, a factor tested as a whole.

    R (survival >= 3): ``cox.zph(fit, transform = "km", terms = TRUE)``. Grambsch & Therneau
    (1994); older versions approximate the variance and give other P values.
    """
    data = check_survival_of_any(time, event)
    check_same_rows(time, covariates, names=("time", "covariates"))
    terms = read_covariates(covariates)
    variables = tuple(term.name for term in terms)
    fitted = None
    if data.n_events and data.n_events >= count_parameters(data, terms):
        fitted = fit_design(data, build_design(data, terms))
    # In the limit of a monotone likelihood the risk sets are no longer those of the data.
    if fitted is None or fitted.maximum is None or fitted.is_limit or not fitted.keys:
        return _not_estimable(variables)
    return _score_tests(data, fitted, variables)


def _score_tests(
    data: SurvivalData, fitted: FittedDesign, variables: tuple[str, ...]
) -> ProportionalHazards:
    assert fitted.maximum is not None
    moments = event_moments(fitted.data, fitted.matrix, fitted.maximum.coefficients)
    transformed = _left_continuous_km(data, moments.times)
    centred = transformed - transformed.mean()
    score = moments.residuals.T @ centred
    information = _augmented_information(moments, centred)
    owners = np.array([variable for variable, _ in fitted.keys])
    tests = [_score_test(name, score, information, owners == name) for name in variables]
    return ProportionalHazards(
        terms=tuple(tests),
        global_=_score_test("global", score, information, np.ones(len(owners), dtype=bool)),
        residuals=scaled_residuals(
            moments, transformed, fitted.maximum.coefficients, owners, variables
        ),
    )


def _left_continuous_km(data: SurvivalData, times: FloatArray) -> FloatArray:
    """1 - S(t-) at each time."""
    curve = kaplan_meier(data.time, data.event)
    before = np.searchsorted(curve.times, times, side="left")
    return np.asarray(1 - np.concatenate([[1.0], curve.survival])[before])


def _augmented_information(moments: EventMoments, g: FloatArray) -> FloatArray:
    """Information of (coefficients, theta): sums over events of V, gV and g^2 V."""
    plain = moments.variances.sum(axis=0)
    mixed = np.einsum("k,kij->ij", g, moments.variances)
    squared = np.einsum("k,kij->ij", g**2, moments.variances)
    return np.block([[plain, mixed], [mixed, squared]])


def _score_test(
    name: str, score: FloatArray, information: FloatArray, own: np.ndarray
) -> ProportionalHazardsTerm:
    """Score test of theta on the columns marked; the score of the coefficients is zero."""
    if not own.any():
        return ProportionalHazardsTerm(name, nan, 0, nan)
    kept = np.concatenate([np.ones(len(own), dtype=bool), own])
    padded = np.concatenate([np.zeros(len(own)), score[own]])
    block = information[np.ix_(kept, kept)]
    degrees_of_freedom = int(own.sum())
    if np.linalg.matrix_rank(block, hermitian=True) < len(block):
        return ProportionalHazardsTerm(name, nan, degrees_of_freedom, nan)
    statistic = float(padded @ np.linalg.solve(block, padded))
    p_value = float(chi2.sf(statistic, degrees_of_freedom))
    return ProportionalHazardsTerm(name, statistic, degrees_of_freedom, p_value)


def _not_estimable(variables: tuple[str, ...]) -> ProportionalHazards:
    empty = np.empty(0)
    return ProportionalHazards(
        terms=tuple(ProportionalHazardsTerm(name, nan, 0, nan) for name in variables),
        global_=ProportionalHazardsTerm("global", nan, 0, nan),
        residuals=SchoenfeldResiduals(
            empty,
            empty,
            {name: empty for name in variables},
            dict.fromkeys(variables, nan),
        ),
    )
