"""The partial likelihood of a Cox model with Efron's ties, and its maximum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.stats.inputs import BoolArray, FloatArray
from analysis_lib.stats.newton import FARTHEST, TOLERANCE, Maximum, Point, maximise
from analysis_lib.stats.risk_sets import RiskSets, risk_sets

# A fit of more than so many times so many patients starts from the maximum of that many of them.
ENOUGH_TO_START, MANY_TIMES_ENOUGH = 20_000, 10
ROWS_AT_ONCE = 2_048  # whose products stay beside the processor


@dataclass(frozen=True, eq=False)
class Moments:
    """Linear predictor and hazard of each row; total hazard and mean covariates of each risk set.

    The hazard is relative, times the weight, below 0 in the second row of a late entrant.
    """

    linear: FloatArray
    hazard: FloatArray
    total: FloatArray
    means: FloatArray


def _hazard(sets: RiskSets, linear: FloatArray) -> FloatArray:
    hazard = np.exp(linear)
    for factor in (sets.sign, sets.weight):
        hazard = hazard if factor is None else factor * hazard
    return hazard


def moments(sets: RiskSets, matrix: FloatArray, coefficients: FloatArray) -> Moments:
    """What the likelihood at the coefficients is made of; `matrix` sorted by `order`."""
    linear = matrix @ coefficients
    hazard = _hazard(sets, linear)
    total = sets.sums(hazard)
    return Moments(linear, hazard, total, sets.sums(matrix * hazard[:, None]) / total[:, None])


def spread_of_risk_sets(
    sets: RiskSets, matrix: FloatArray, at: Moments, factor: FloatArray | None = None
) -> FloatArray:
    """Sum over the events of the variance of the covariates at risk, each times its factor."""
    shares = 1 / at.total if factor is None else factor / at.total
    means = at.means if factor is None else at.means * factor[:, None]
    return weighted_squares(matrix, at.hazard * sets.spread(shares)) - means.T @ at.means


def weighted_squares(matrix: FloatArray, weight: FloatArray) -> FloatArray:
    """Sum over the rows of the products of their columns, each row times its weight."""
    size = matrix.shape[1]
    found = np.zeros((size, size))
    for start in range(0, len(matrix), ROWS_AT_ONCE):
        rows = matrix[start : start + ROWS_AT_ONCE]
        found += (rows.T * weight[start : start + ROWS_AT_ONCE]) @ rows
    return found


def efron_step(sets: RiskSets, matrix: FloatArray, coefficients: FloatArray) -> Point:
    """Score, information and log-likelihood at the coefficients; `matrix` sorted by `order`.

    Efron's risk sets of one time differ by a fraction of its tied events alone. So sums of
    covariates are of times where these are few, and only those of hazards of events.
    """
    if not sets.few_times:
        return likelihood_of(sets, matrix, moments(sets, matrix, coefficients))
    linear, start = matrix @ coefficients, sets.tie_start
    hazard = _hazard(sets, linear)
    at_risk, tied = sets.carried(matrix, hazard)
    total = sets.sums(hazard)
    shares = (1.0 if sets.event_weight is None else sets.event_weight) / total

    def added(values: FloatArray, power: int) -> FloatArray:
        assert sets.fraction is not None
        return np.asarray(np.add.reduceat(values * sets.fraction**power, start))

    squared = shares / total
    mixed = (at_risk.T * added(squared, 1)) @ tied
    information = weighted_squares(matrix, hazard * sets.spread(shares))
    information -= (at_risk.T * added(squared, 0)) @ at_risk - mixed - mixed.T
    information -= (tied.T * added(squared, 2)) @ tied
    counted = np.zeros(len(matrix))
    counted[sets.events] = 1.0 if sets.weight is None else sets.weight[sets.events]
    score = counted @ matrix
    score -= added(shares, 0) @ at_risk - added(shares, 1) @ tied
    return Point(score, information, _log_likelihood(sets, linear, total))


def log_likelihood(sets: RiskSets, matrix: FloatArray, coefficients: FloatArray) -> float:
    """The log-likelihood alone, at a fraction of the cost of a step."""
    linear = matrix @ coefficients
    return _log_likelihood(sets, linear, sets.sums(_hazard(sets, linear)))


def _log_likelihood(sets: RiskSets, linear: FloatArray, total: FloatArray) -> float:
    if sets.weight is None or sets.event_weight is None:
        return float(linear[sets.events].sum() - np.log(total).sum())
    own = sets.weight[sets.events]
    return float(own @ linear[sets.events] - sets.event_weight @ np.log(total))


def likelihood_of(sets: RiskSets, matrix: FloatArray, at: Moments) -> Point:
    """The same where the moments are known.

    Events that are tied share their mean weight among Efron's risk sets.
    """
    events, weight = sets.events, sets.event_weight
    information = spread_of_risk_sets(sets, matrix, at, weight)
    likelihood = _log_likelihood(sets, at.linear, at.total)
    if weight is None or sets.weight is None:
        score = matrix[events].sum(axis=0) - at.means.sum(axis=0)
    else:
        score = sets.weight[events] @ matrix[events] - weight @ at.means
    return Point(score, information, likelihood)


def score_residuals(sets: RiskSets, matrix: FloatArray, coefficients: FloatArray) -> FloatArray:
    """One row per patient, one column per coefficient; at the maximum the columns sum to zero.

    A patient's own event adds the distance from the mean of those at risk; every event while at
    risk takes away that distance times the hazard it carries. Among d tied events Efron's k-th
    risk set (k = 0..d-1) holds the tied patients with weight 1 - k/d. Residuals of weighted
    patients are those of all the weight of each.

    R: ``residuals(coxph(..., ties = "efron"), type = "score", weighted = TRUE)``. Therneau &
    Grambsch (2000), Modeling Survival Data, section 7.1.
    """
    at = moments(sets, matrix, coefficients)
    carried = (1.0 if sets.event_weight is None else sets.event_weight) / at.total
    expected = matrix * sets.spread(carried)[:, None]
    expected -= sets.spread(at.means * carried[:, None])
    residuals = -at.hazard[:, None] * expected
    distance = matrix[sets.events] - sets.tied_means(at.means)
    residuals[sets.events] += (
        distance if sets.weight is None else distance * sets.weight[sets.events][:, None]
    )
    return sets.own(residuals)


@dataclass(frozen=True, eq=False)
class EfronFit:
    """Coefficients, their information matrix, and the log-likelihood of the last step."""

    coefficients: FloatArray
    information: FloatArray
    log_likelihood: float


def maximise_efron(
    sets: RiskSets,
    matrix: FloatArray,
    *,
    penalty: FloatArray | None = None,
    start: FloatArray | None = None,
    farthest: float = FARTHEST,
) -> Maximum:
    """Maximum of the log-likelihood less half the sum of the penalties times b squared.

    `matrix` is sorted by `order`; the point of the result is that of the penalised likelihood.
    """

    def evaluate(at: FloatArray) -> Point:
        point = efron_step(sets, matrix, at)
        if penalty is None:
            return point
        return Point(
            point.score - penalty * at,
            point.information + np.diag(penalty),
            point.log_likelihood - float(penalty @ at**2) / 2,
        )

    start = _start(sets, matrix, penalty) if start is None else start
    return maximise(evaluate, start, ranges=_ranges(matrix), farthest=farthest)


def _ranges(matrix: FloatArray) -> FloatArray:
    """From the least to the largest of each column; those of a few columns are slow row by row."""
    together = len(matrix) // ROWS_AT_ONCE * ROWS_AT_ONCE
    if not together:
        return np.ptp(matrix, axis=0)
    blocks = matrix[:together].reshape(-1, ROWS_AT_ONCE, matrix.shape[1])
    ends = np.vstack([blocks.max(axis=0), blocks.min(axis=0), matrix[together:]])
    return np.ptp(ends, axis=0)


def _start(sets: RiskSets, matrix: FloatArray, penalty: FloatArray | None) -> FloatArray:
    """Where to start: of many patients the maximum of one in so many, else zero."""
    zero, every = np.zeros(matrix.shape[1]), len(matrix) // ENOUGH_TO_START
    if every < MANY_TIMES_ENOUGH or sets.first is not None or sets.sign is not None:
        return zero
    event = np.zeros(len(matrix), dtype=bool)
    event[sets.events] = True
    weights = None if sets.weight is None else sets.weight[::every]
    fewer = risk_sets(-sets.reached[::every].astype(float), event[::every], weights=weights)
    share = None if penalty is None else penalty / every
    found = maximise_efron(fewer, matrix[::every][fewer.order], penalty=share)
    return found.coefficients if found.is_plain else zero


def fit_efron(
    time: FloatArray,
    event: BoolArray,
    matrix: FloatArray,
    *,
    entry: FloatArray | None = None,
    start: FloatArray | None = None,
    tolerance: float = TOLERANCE,
) -> EfronFit:
    """Maximum of the likelihood of plain arrays, without a look at what it cannot estimate.

    R: ``survival::coxph(Surv(time, event) ~ matrix, ties = "efron")``, with `entry`
    ``Surv(entry, time, event)``. A coefficient without a maximum is not found out: check it with
    `fit_cox`.

    Raises
    ------
    numpy.linalg.LinAlgError
        The information is singular: a column is constant or a sum of others.
    """
    sets = risk_sets(time, event, entry=entry)
    rows = matrix[sets.order]
    found = maximise(
        lambda at: efron_step(sets, rows, at),
        np.zeros(matrix.shape[1]) if start is None else start,
        farthest=np.inf,
        tolerance=tolerance,
    )
    if found.singular:
        raise np.linalg.LinAlgError("a column is constant or a sum of others")
    return EfronFit(found.coefficients, found.point.information, found.point.log_likelihood)
