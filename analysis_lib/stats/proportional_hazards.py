"""Score test of proportional hazards, and the residuals that show where they fail."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtri

from analysis_lib.stats.cox_maximum import FittedDesign, fit_design
from analysis_lib.stats.design import build_design, natural_spline, read_covariates, too_few
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    SurvivalData,
    check_confidence_level,
    check_same_rows,
    check_survival_of_any,
)
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier
from analysis_lib.stats.partial_likelihood import moments, spread_of_risk_sets
from analysis_lib.stats.risk_sets import risk_sets


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
    """Raw residuals of the events, in order of time; `variance` is the sum over the events of the
    variance of the covariates at risk, `mixed` and `squared` that of g and g^2 times it, with g
    the transformed time less its mean.
    """

    times: FloatArray
    transformed: FloatArray
    residuals: FloatArray
    variance: FloatArray
    mixed: FloatArray
    squared: FloatArray


def event_moments(
    data: SurvivalData, matrix: FloatArray, coefficients: FloatArray, curve: KaplanMeier
) -> EventMoments:
    """Moments of the covariates over the risk set of each event, weights exp(x'b).

    Time is transformed to 1 - S(t-) of the curve. Among d tied events Efron's k-th risk set
    (k = 0..d-1) holds the tied patients with weight 1 - k/d; each tied event is compared with the
    average of the d means.
    """
    sets = risk_sets(data.time, data.event)
    rows = sets.centred(matrix)
    at = moments(sets, rows, coefficients)
    times = data.time[sets.order[sets.events]]
    before = np.searchsorted(curve.times, times, side="left")
    transformed = 1 - np.concatenate([[1.0], curve.survival])[before]
    g = transformed - transformed.mean()
    residuals = rows[sets.events] - sets.tied_means(at.means)
    # Of tied events the first in the table stays the first.
    rising = np.argsort(times, kind="stable")
    return EventMoments(
        times[rising],
        transformed[rising],
        residuals[rising],
        spread_of_risk_sets(sets, rows, at),
        spread_of_risk_sets(sets, rows, at, g),
        spread_of_risk_sets(sets, rows, at, g**2),
    )


def scaled_residuals(
    found: EventMoments,
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
    variance = collapse.T @ (found.variance / len(found.times)) @ collapse
    values = {name: np.full(len(found.times), np.nan) for name in variables}
    variances = dict.fromkeys(variables, nan)
    # A factor without any effect, or events that all have the same risk set, leave no scale.
    if np.linalg.matrix_rank(variance, hermitian=True) < len(fitted):
        return SchoenfeldResiduals(found.times, found.transformed, values, variances)
    scaled = np.linalg.solve(variance, (found.residuals @ collapse).T).T + centre
    values |= {name: scaled[:, i] for i, name in enumerate(fitted)}
    variances |= dict(zip(fitted, np.diag(np.linalg.inv(variance)).tolist(), strict=True))
    return SchoenfeldResiduals(found.times, found.transformed, values, variances)


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
    time: ArrayLike, event: ArrayLike, covariates: pd.DataFrame, *, from_start: bool = True
) -> ProportionalHazards:
    """Hypothesis: each log hazard ratio is constant in time.

    The alternative lets it move with g(t) = 1 - S(t-), S the Kaplan-Meier curve of all
    patients: coefficient + theta (g(t) - mean g). The statistic is the score test of theta = 0
    with the coefficients at their maximum, a factor tested as a whole. Not estimable where not
    everyone is followed `from_start`: the curve of the transform has no risk sets of its own then.

    R (survival >= 3): ``cox.zph(fit, transform = "km", terms = TRUE)``. Grambsch & Therneau
    (1994); older versions approximate the variance and give other P values.
    """
    data = check_survival_of_any(time, event)
    check_same_rows(time, covariates, names=("time", "covariates"))
    terms = read_covariates(covariates)
    variables = tuple(term.name for term in terms)
    fitted = None
    if data.n_events and from_start:
        design = build_design(data, terms)
        fitted = None if too_few(data, design.parameters) else fit_design(data, design)
    # In the limit of a monotone likelihood the risk sets are no longer those of the data.
    if fitted is None or fitted.maximum is None or fitted.is_limit or not fitted.keys:
        return _not_estimable(variables)
    return _score_tests(data, fitted, variables)


def _score_tests(
    data: SurvivalData, fitted: FittedDesign, variables: tuple[str, ...]
) -> ProportionalHazards:
    assert fitted.maximum is not None
    coefficients = fitted.maximum.coefficients
    curve = kaplan_meier(data.time, data.event)
    found = event_moments(fitted.data, fitted.matrix, coefficients, curve)
    score = found.residuals.T @ (found.transformed - found.transformed.mean())
    # Of (coefficients, theta).
    information = np.block([[found.variance, found.mixed], [found.mixed, found.squared]])
    owners = np.array([variable for variable, _ in fitted.keys])
    tests = [_score_test(name, score, information, owners == name) for name in variables]
    return ProportionalHazards(
        terms=tuple(tests),
        global_=_score_test("global", score, information, np.ones(len(owners), dtype=bool)),
        residuals=scaled_residuals(found, coefficients, owners, variables),
    )


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
    p_value = float(chdtrc(degrees_of_freedom, statistic))
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
    design, at_grid = natural_spline(x, knots), natural_spline(grid, knots)
    orthogonal, triangle = np.linalg.qr(design)
    estimate = at_grid @ np.linalg.solve(triangle, orthogonal.T @ y)
    spread = np.linalg.solve(triangle.T, at_grid.T)
    error = np.sqrt(residuals.variances[variable] * (spread**2).sum(axis=0))
    half = float(ndtri((1 + level) / 2)) * error
    return ResidualSmooth(grid, estimate, error, estimate - half, estimate + half, level)
