"""Cox model with Firth's penalty, finite where the likelihood has no maximum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
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
from analysis_lib.stats.newton import TOLERANCE, Maximum, Point, inverse, maximise, solve_scaled
from analysis_lib.stats.partial_likelihood import likelihood_of, moments
from analysis_lib.stats.ridge_cox import PenalisedCox, penalised_cox
from analysis_lib.stats.risk_sets import RiskSets, risk_sets

METHOD = "Cox model, Firth penalty, profile penalised likelihood"
_FARTHEST = 30.0
_SCORING = 40  # steps of Fisher's scoring, which mostly arrive
_PROFILED = 1e-6  # over the range of a column: what a profile loses by it is the square
_ARRIVED = 1e-7  # of a limit's distance, in the last secant
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
    matrix = sets.centred(columns.matrix)
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
    turn = np.zeros(matrix.shape[1])
    turn[index] = 1.0
    known = best.point.information
    turn[free] = -solve_scaled(known[np.ix_(free, free)], known[free, index])[0]
    near = best.coefficients

    def lost(value: float) -> float:
        """Twice the penalised log-likelihood lost by fixing the coefficient there.

        The others start where the profiles before lead to.
        """
        nonlocal near, turn
        moved = value - near[index]
        start = near + moved * turn
        start[index] = value
        fixed = _maximise(sets, matrix, start, free, tolerance=_PROFILED)
        start[free] = fixed.coefficients
        if moved:
            turn = (start - near) / moved
        near = start
        return 2 * (best.point.log_likelihood - fixed.point.log_likelihood)

    bound = float(chdtri(1, 1 - level))
    p_value = float(chdtrc(1, max(lost(0.0), 0.0)))
    low, high = (_limit(lost, term, sqrt(bound), side) for side in (-1, 1))
    return replace(term, ci_low=exp(low), ci_high=exp(high), p_value=p_value)


def _limit(lost: Callable[[float], float], term: CoxCoefficient, bound: float, side: int) -> float:
    """Where the profile has lost as much as the interval allows; infinite if it never does.

    Secants of the root of what is lost, on which scale a profile is nearly a straight line.
    """
    inner = before = 0.0
    missed, outer, reach = -bound, inf, bound * term.std_error
    while inner < _FARTHEST:
        missing = sqrt(max(lost(term.coefficient + side * reach), 0.0)) - bound
        inner, outer = (reach, outer) if missing < 0 else (inner, reach)
        slope = (missing - missed) / (reach - before)
        following = reach - missing / slope if slope > 0 else inf
        if min(abs(following - reach), outer - inner) <= _ARRIVED * reach:
            return term.coefficient + side * (following if inner < following < outer else reach)
        if not inner < following < min(outer, 2 * inner + reach):
            following = (inner + outer) / 2 if outer < inf else 1.6 * inner
        before, missed, reach = reach, missing, following
    return side * inf


def _maximise(
    sets: RiskSets,
    matrix: FloatArray,
    start: FloatArray,
    free: BoolArray,
    *,
    tolerance: float = TOLERANCE,
) -> Maximum:
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
    search = partial(maximise, ranges=ranges, farthest=inf, tolerance=tolerance)
    found = search(evaluate, start[free], most_steps=_SCORING)
    if found.converged:
        return found
    # Where the data say little of a coefficient scoring creeps: the penalty has a curvature too.
    found = search(curved, found.coefficients)
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
    inverse = np.linalg.inv(information) if sign > 0 else np.linalg.pinv(information)
    turned = at.means @ inverse
    own, mean = (np.einsum("ij,ij->i", x @ inverse, x) for x in (matrix, at.means))
    pull = own * sets.spread(1 / at.total)
    pull -= 2 * np.einsum("ij,ij->i", matrix, sets.spread(turned / at.total[:, None]))
    third = (at.hazard * pull) @ matrix
    third -= (sets.sums(at.hazard * own) / at.total - 2 * mean) @ at.means
    penalised = likelihood + determinant / 2 if sign > 0 else -inf
    return Point(score + third / 2, information, penalised)
