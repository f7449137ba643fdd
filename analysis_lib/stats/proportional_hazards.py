"""Score test of proportional hazards, and the residuals that show where they fail."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

from analysis_lib.stats.cox import FittedDesign, fit_design
from analysis_lib.stats.design import build_design, count_parameters, read_covariates
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    SurvivalData,
    check_confidence_level,
    check_same_rows,
    check_survival_of_any,
)
from analysis_lib.stats.kaplan_meier import kaplan_meier


@dataclass(frozen=True, eq=False)
class SchoenfeldResiduals:
    """Scaled residuals by event, in order of time, one array per covariate.

    Smoothed against time a numeric covariate's residuals estimate its coefficient b(t); a
    factor's are those of its linear predictor and estimate a multiplier, 1 if hazards are
    proportional. nan where the covariate has no finite coefficient or nothing scales it.
    `variances` holds that of a single residual.
    """

    time: FloatArray
    transformed_time: FloatArray
    values: dict[str, FloatArray]
    variances: dict[str, float]


@dataclass(frozen=True, eq=False)
class EventMoments:
    """For each event, in order of time: raw residual and variance of the covariates at risk."""

    times: FloatArray
    residuals: FloatArray
    variances: FloatArray


def event_moments(data: SurvivalData, matrix: FloatArray, coefficients: FloatArray) -> EventMoments:
    """Mean and variance of the covariates over the risk set of each event, weights exp(x'b).

    Among d tied events Efron's k-th risk set (k = 0..d-1) holds the tied patients with weight
    1 - k/d; each tied event is compared with the average of the d means.
    """
    centred = matrix - matrix.mean(axis=0)
    predictor = centred @ coefficients
    weights = np.exp(predictor - predictor.max())
    times, residuals, variances = [], [], []
    for t in np.unique(data.time[data.event]):
        at_risk = data.time >= t
        tied = (data.time == t) & data.event
        deaths = int(tied.sum())
        means = []
        for k in range(deaths):
            share = np.where(tied, 1 - k / deaths, 1.0)[at_risk] * weights[at_risk]
            mean, variance = _weighted_moments(centred[at_risk], share)
            means.append(mean)
            variances.append(variance)
        residuals.append(centred[tied] - np.mean(means, axis=0))
        times += [float(t)] * deaths
    return EventMoments(np.array(times), np.concatenate(residuals), np.array(variances))


def scaled_residuals(
    moments: EventMoments,
    transformed: FloatArray,
    coefficients: FloatArray,
    owners: np.ndarray,
    variables: tuple[str, ...],
) -> SchoenfeldResiduals:
    """Residuals over their average variance, plus the coefficient.

    R: ``cox.zph(fit)``, its ``y`` and the diagonal of its ``var``.
    """
    fitted = [name for name in variables if (owners == name).any()]
    # A factor of several columns is collapsed to its contribution to the linear predictor.
    single = {name: (owners == name).sum() == 1 for name in fitted}
    collapse = np.column_stack(
        [np.where(owners == name, 1.0 if single[name] else coefficients, 0.0) for name in fitted]
    )
    centre = [float(coefficients[owners == name][0]) if single[name] else 1.0 for name in fitted]
    variance = collapse.T @ moments.variances.mean(axis=0) @ collapse
    values = {name: np.full(len(moments.times), np.nan) for name in variables}
    variances = dict.fromkeys(variables, nan)
    # A factor without any effect, or events that all have the same risk set, leave no scale.
    if np.linalg.matrix_rank(variance, hermitian=True) < len(fitted):
        return SchoenfeldResiduals(moments.times, transformed, values, variances)
    scaled = np.linalg.solve(variance, (moments.residuals @ collapse).T).T + centre
    values |= {name: scaled[:, i] for i, name in enumerate(fitted)}
    variances |= dict(zip(fitted, np.diag(np.linalg.inv(variance)).tolist(), strict=True))
    return SchoenfeldResiduals(moments.times, transformed, values, variances)


def _weighted_moments(matrix: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    share = weights / weights.sum()
    mean = share @ matrix
    deviation = matrix - mean
    return mean, (deviation * share[:, None]).T @ deviation


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


DEGREES_OF_FREEDOM = 4
POINTS = 40
FEWEST_EVENTS = 10


@dataclass(frozen=True, eq=False)
class ResidualSmooth:
    """The coefficient b(t) on the transformed scale of time, with its pointwise interval."""

    transformed_time: FloatArray
    estimate: FloatArray
    std_error: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    confidence_level: float
    method: str = f"natural cubic spline of {DEGREES_OF_FREEDOM} degrees of freedom"


def smooth_residuals(
    residuals: SchoenfeldResiduals,
    variable: str,
    *,
    confidence_level: float = 0.95,
) -> ResidualSmooth | None:
    """Least squares of the scaled residuals on a natural cubic spline of transformed time.

    None with fewer than ten events, or as many distinct times as the spline has knots or fewer.
    R: the curve and band of ``plot(cox.zph(fit), df = 4)``, whose band is 2 standard errors.
    Grambsch & Therneau (1994).
    """
    level = check_confidence_level(confidence_level)
    x, y = residuals.transformed_time, residuals.values[variable]
    if len(x) < FEWEST_EVENTS or len(np.unique(x)) <= DEGREES_OF_FREEDOM or np.isnan(y).any():
        return None
    grid = np.linspace(x.min(), x.max(), POINTS)
    # R places the inner knots by the quantiles of the grid and the data together.
    inner = np.quantile(np.concatenate([grid, x]), np.linspace(0, 1, DEGREES_OF_FREEDOM)[1:-1])
    knots = np.array([x.min(), *inner, x.max()])
    design, at_grid = _natural_spline(x, knots), _natural_spline(grid, knots)
    orthogonal, triangle = np.linalg.qr(design)
    estimate = at_grid @ np.linalg.solve(triangle, orthogonal.T @ y)
    spread = np.linalg.solve(triangle.T, at_grid.T)
    error = np.sqrt(residuals.variances[variable] * (spread**2).sum(axis=0))
    half = float(norm.ppf((1 + level) / 2)) * error
    return ResidualSmooth(grid, estimate, error, estimate - half, estimate + half, level)


def _natural_spline(x: FloatArray, knots: FloatArray) -> FloatArray:
    """Cubic between the knots, straight beyond the outer ones; one column per knot.

    Hastie, Tibshirani & Friedman (2009), section 5.2.1, on [0, 1].
    """
    low, width = knots[0], knots[-1] - knots[0]
    scaled, at = (x - low) / width, (knots - low) / width
    cubes = np.maximum(scaled[:, None] - at[None, :], 0) ** 3
    slopes = (cubes[:, :-1] - cubes[:, -1:]) / (at[-1] - at[:-1])
    return np.column_stack([np.ones(len(x)), scaled, slopes[:, :-1] - slopes[:, -1:]])
