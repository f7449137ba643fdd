"""Cox model with Firth's penalty, finite where the likelihood has no maximum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import exp, inf, sqrt

import numpy as np
import pandas as pd
from scipy.special import chdtrc, chdtri

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox_results import CoxCoefficient
from analysis_lib.stats.design import indicator_columns
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    check_confidence_level,
    check_numbers,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.newton import Maximum, Point, inverse, maximise
from analysis_lib.stats.partial_likelihood import RiskSets, likelihood_of, moments, risk_sets
from analysis_lib.stats.ridge_cox import PenalisedCox, penalised_cox

METHOD = "Cox model, Firth penalty, profile penalised likelihood"
_FARTHEST = 30.0
_SCORING = 40  # steps of Fisher's scoring, which mostly arrive
_DISTANCE = 1e-5  # over the range of a column, of the scores whose difference is a curvature


def fit_firth_cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    entry: ArrayLike | None = None,
    profiled: str = "",
    levels: Sequence[str] = (),
    confidence_level: float = 0.95,
) -> PenalisedCox:
    """Maximum of the partial log-likelihood plus half the log determinant of its information.

    The penalty is Jeffreys' prior: it takes the first-order bias out of the estimates and keeps
    them finite under separation. Intervals and P values are those of the profile penalised
    likelihood for the variable `profiled`, of a factor at these of its `levels` if any are named,
    Wald's for the others; ties as Efron has them. With
    `entry` rows are pieces of follow-up, at risk after it.
    R: ``coxphf::coxphf`` (whose ties are Breslow's). Heinze & Schemper (2001).
    """
    level = check_confidence_level(confidence_level)
    data = check_survival(time, event)
    check_same_rows(time, covariates, names=("time", "covariates"))
    if data.n_events == 0:
        raise StatisticsError("a penalised Cox model needs an event, but nobody has one")
    columns = indicator_columns(data, covariates)
    entries = None if entry is None else check_numbers(entry, name="entry")
    sets = risk_sets(data.time, data.event, entry=entries)
    # Centred, so that the moments below lose no digits.
    matrix = (columns.matrix - columns.matrix.mean(axis=0))[sets.order]
    free = np.ones(matrix.shape[1], dtype=bool)
    best = _maximise(sets, matrix, np.zeros(matrix.shape[1]), free)
    fit = penalised_cox(
        columns,
        data,
        best.coefficients,
        inverse(best.point.information),
        effective_parameters=float(matrix.shape[1]),
        confidence_level=level,
        method=METHOD,
    )
    position = {key: index for index, key in enumerate(columns.keys)}
    terms = tuple(
        _profiled(term, position[term.variable, term.level], sets, matrix, best, level)
        if term.variable == profiled and term.estimable and (not levels or term.level in levels)
        else term
        for term in fit.coefficients
    )
    return replace(fit, coefficients=terms)


def _profiled(
    term: CoxCoefficient,
    index: int,
    sets: RiskSets,
    matrix: FloatArray,
    best: Maximum,
    level: float,
) -> CoxCoefficient:
    """The coefficient with the interval and P of its profile penalised likelihood."""
    free = np.arange(matrix.shape[1]) != index
    near = best.coefficients.copy()

    def lost(value: float) -> float:
        """Twice the penalised log-likelihood lost by fixing the coefficient there."""
        start = near.copy()
        start[index] = value
        fixed = _maximise(sets, matrix, start, free)
        near[free] = fixed.coefficients
        return 2 * (best.point.log_likelihood - fixed.point.log_likelihood)

    bound = float(chdtri(1, 1 - level))
    low, high = (_limit(lost, term, bound, side) for side in (-1, 1))
    return replace(
        term, ci_low=exp(low), ci_high=exp(high), p_value=float(chdtrc(1, max(lost(0.0), 0.0)))
    )


def _limit(lost: Callable[[float], float], term: CoxCoefficient, bound: float, side: int) -> float:
    """Where the profile has lost as much as the interval allows; infinite if it never does."""
    from scipy.optimize import brentq

    def missing(value: float) -> float:
        """On the scale of a standard error, where a profile is nearly a straight line."""
        return sqrt(max(lost(value), 0.0)) - sqrt(bound)

    reach = 2 * term.std_error
    while reach < _FARTHEST:
        outer = term.coefficient + side * reach
        if missing(outer) > 0:
            return float(brentq(missing, term.coefficient, outer, xtol=1e-8, rtol=1e-9))
        reach *= 1.6
    return side * inf


def _maximise(sets: RiskSets, matrix: FloatArray, start: FloatArray, free: BoolArray) -> Maximum:
    """The maximum of the penalised likelihood in the free coefficients, the others as they are."""

    def evaluate(moved: FloatArray) -> Point:
        at = start.copy()
        at[free] = moved
        point = _evaluate(sets, matrix, at)
        information = point.information[np.ix_(free, free)]
        return Point(point.score[free], information, point.log_likelihood)

    def curved(moved: FloatArray) -> Point:
        point = evaluate(moved)
        ahead = np.array([evaluate(moved + step).score for step in np.diag(_DISTANCE / ranges)])
        information = (point.score - ahead) * ranges[:, None] / _DISTANCE
        return point._replace(information=(information + information.T) / 2)

    ranges = np.ptp(matrix, axis=0)[free]
    found = maximise(evaluate, start[free], ranges=ranges, farthest=inf, most_steps=_SCORING)
    if found.converged:
        return found
    # Where the data say little of a coefficient scoring creeps: the penalty has a curvature too.
    found = maximise(curved, found.coefficients, ranges=ranges, farthest=inf)
    return replace(found, point=evaluate(found.coefficients))


def _evaluate(sets: RiskSets, matrix: FloatArray, coefficients: FloatArray) -> Point:
    """Penalised score, information and penalised log-likelihood.

    The derivative of the log determinant of the information is the trace of its inverse A times
    the third central moments: over the risk sets with means m, the sum of the weighted
    (x - m)'A(x - m) (x - m).
    """
    at = moments(sets, matrix, coefficients)
    score, information, likelihood = likelihood_of(sets, matrix, at)
    sign, determinant = np.linalg.slogdet(information)
    inverse = np.linalg.pinv(information)
    turned = at.means @ inverse
    own, mean = (np.einsum("ij,ij->i", x @ inverse, x) for x in (matrix, at.means))
    pull = own * sets.spread(1 / at.total)
    pull -= 2 * np.einsum("ij,ij->i", matrix, sets.spread(turned / at.total[:, None]))
    third = (at.hazard * pull) @ matrix
    third -= (sets.sums(at.hazard * own) / at.total - 2 * mean) @ at.means
    penalised = likelihood + determinant / 2 if sign > 0 else -inf
    return Point(score + third / 2, information, penalised)
