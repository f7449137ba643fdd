"""Cox model with Firth's penalty, finite where the likelihood has no maximum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, inf

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import chi2

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox_results import CoxCoefficient
from analysis_lib.stats.design import indicator_columns
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    check_confidence_level,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.partial_likelihood import RiskSets, risk_sets
from analysis_lib.stats.ridge_cox import PenalisedCox, penalised_cox

METHOD = "Cox model, Firth penalty, profile penalised likelihood"
_TOLERANCE = 1e-8
_MOST_STEPS = 200
_LONGEST_STEP = 1.0
_FARTHEST = 30.0


@dataclass(frozen=True, eq=False)
class _Point:
    """Penalised log-likelihood with its score and the information, at some coefficients."""

    coefficients: FloatArray
    penalised: float
    score: FloatArray
    information: FloatArray


def fit_firth_cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    profiled: str = "",
    confidence_level: float = 0.95,
) -> PenalisedCox:
    """Maximum of the partial log-likelihood plus half the log determinant of its information.

    The penalty is Jeffreys' prior: it takes the first-order bias out of the estimates and keeps
    them finite under separation. Intervals and P values are those of the profile penalised
    likelihood for the variable `profiled`, Wald's for the others; ties as Efron has them.
    R: ``coxphf::coxphf`` (whose ties are Breslow's). Heinze & Schemper (2001).
    """
    level = check_confidence_level(confidence_level)
    data = check_survival(time, event)
    check_same_rows(time, covariates, names=("time", "covariates"))
    if data.n_events == 0:
        raise StatisticsError("a penalised Cox model needs an event, but nobody has one")
    columns = indicator_columns(data, covariates)
    sets = risk_sets(data.time, data.event)
    # Centred, so that the moments below lose no digits.
    matrix = (columns.matrix - columns.matrix.mean(axis=0))[sets.order]
    free = np.ones(matrix.shape[1], dtype=bool)
    best = _maximise(sets, matrix, np.zeros(matrix.shape[1]), free)
    covariance: FloatArray = np.linalg.inv(best.information).astype(float)
    fit = penalised_cox(
        columns,
        data,
        best.coefficients,
        covariance,
        effective_parameters=float(matrix.shape[1]),
        confidence_level=level,
        method=METHOD,
    )
    position = {key: index for index, key in enumerate(columns.keys)}
    terms = tuple(
        _profiled(term, position[term.variable, term.level], sets, matrix, best, level)
        if term.variable == profiled and term.estimable
        else term
        for term in fit.coefficients
    )
    return replace(fit, coefficients=terms)


def _profiled(
    term: CoxCoefficient,
    index: int,
    sets: RiskSets,
    matrix: FloatArray,
    best: _Point,
    level: float,
) -> CoxCoefficient:
    """The coefficient with the interval and P of its profile penalised likelihood."""
    free = np.arange(matrix.shape[1]) != index

    def lost(value: float) -> float:
        """Twice the penalised log-likelihood lost by fixing the coefficient there."""
        start = best.coefficients.copy()
        start[index] = value
        return 2 * (best.penalised - _maximise(sets, matrix, start, free).penalised)

    bound = float(chi2.ppf(level, 1))
    low, high = (_limit(lost, term, bound, side) for side in (-1, 1))
    return replace(
        term, ci_low=exp(low), ci_high=exp(high), p_value=float(chi2.sf(max(lost(0.0), 0.0), 1))
    )


def _limit(lost: Callable[[float], float], term: CoxCoefficient, bound: float, side: int) -> float:
    """Where the profile has lost as much as the interval allows; infinite if it never does."""
    reach = 2 * term.std_error
    while reach < _FARTHEST:
        outer = term.coefficient + side * reach
        if lost(outer) > bound:
            return float(
                brentq(lambda x: lost(x) - bound, term.coefficient, outer, xtol=1e-8, rtol=1e-9)
            )
        reach *= 1.6
    return side * inf


def _maximise(sets: RiskSets, matrix: FloatArray, start: FloatArray, free: np.ndarray) -> _Point:
    """Scoring in the free coefficients, with steps halved until none lowers the likelihood."""
    point = _evaluate(sets, matrix, start)
    for _ in range(_MOST_STEPS):
        step = np.zeros(len(start))
        if free.any():
            step[free] = np.linalg.solve(point.information[np.ix_(free, free)], point.score[free])
        largest = float(np.abs(step).max(initial=0.0))
        if largest < _TOLERANCE:
            break
        step *= min(1.0, _LONGEST_STEP / largest)
        following = _evaluate(sets, matrix, point.coefficients + step)
        while following.penalised < point.penalised and np.abs(step).max() > _TOLERANCE:
            step = step / 2
            following = _evaluate(sets, matrix, point.coefficients + step)
        if following.penalised < point.penalised:
            break
        point = following
    return point


def _evaluate(sets: RiskSets, matrix: FloatArray, coefficients: FloatArray) -> _Point:
    """Moments of the covariates over each event's risk set, Efron's share of ties taken out.

    The derivative of the log determinant of the information is the trace of its inverse times
    the third central moments.
    """
    linear = matrix @ coefficients
    shift = linear.max()
    at_risk = np.arange(len(linear)) <= sets.last[:, None]
    weights = at_risk * np.exp(linear - shift)
    tied = sets.tie[:, None] == sets.tie
    weights[:, sets.events] *= 1 - sets.fraction[:, None] * tied
    totals = weights.sum(axis=1)
    weights /= totals[:, None]
    means = weights @ matrix
    information = (matrix.T * weights.sum(axis=0)) @ matrix - means.T @ means
    sign, determinant = np.linalg.slogdet(information)
    inverse = np.linalg.pinv(information)
    # (x_i - mean_e)' inverse (x_i - mean_e), weighted, for each event and patient.
    own, mean = (np.einsum("ij,ij->i", x @ inverse, x) for x in (matrix, means))
    sizes = weights * (own - 2 * means @ inverse @ matrix.T + mean[:, None])
    penalty = (sizes.sum(axis=0) @ matrix - sizes.sum(axis=1) @ means) / 2
    likelihood = float((linear[sets.events] - shift - np.log(totals)).sum())
    return _Point(
        coefficients,
        likelihood + determinant / 2 if sign > 0 else -inf,
        (matrix[sets.events] - means).sum(axis=0) + penalty,
        information,
    )
