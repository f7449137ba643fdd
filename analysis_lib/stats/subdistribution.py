"""The weighted partial likelihood of a subdistribution hazard, and its robust errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.stats.cumulative_incidence import CompetingData
from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray

MOST_STEPS = 60
_HALVINGS = 25


@dataclass(frozen=True, eq=False)
class Subdistribution:
    """The risk sets of one cause.

    times, deaths : the distinct times of the event and how many are tied there. uncensored :
    probability of being uncensored just before each of them. inverse : the same at each patient's
    own competing event, inverted, 0 for all others. kept : patients with a relative hazard above 0.
    """

    data: CompetingData
    matrix: FloatArray
    kept: BoolArray
    times: FloatArray
    deaths: IntArray
    uncensored: FloatArray
    inverse: FloatArray


@dataclass(frozen=True, eq=False)
class Point:
    """The likelihood at some coefficients, with what it is made of.

    relative : relative hazard per patient. total : weighted sum of it over each risk set. mean :
    weighted mean covariates of each risk set.
    """

    relative: FloatArray
    total: FloatArray
    mean: FloatArray
    log_likelihood: float
    score: FloatArray
    information: FloatArray


def subdistribution(data: CompetingData, matrix: FloatArray, kept: BoolArray) -> Subdistribution:
    """The risk sets and the weights of those whom a competing event removed."""
    times, deaths = np.unique(data.time[data.event], return_counts=True)
    inverse = np.zeros(data.n)
    inverse[data.competing] = 1 / _uncensored_before(data, data.time[data.competing])
    uncensored = _uncensored_before(data, times)
    return Subdistribution(data, matrix, kept, times, deaths, uncensored, inverse)


def _uncensored_before(data: CompetingData, times: FloatArray) -> FloatArray:
    """Kaplan-Meier probability of not being censored before t; events precede censoring."""
    censored = ~(data.event | data.competing)
    at, counts = np.unique(data.time[censored], return_counts=True)
    at_risk = data.n - np.searchsorted(np.sort(data.time), at, side="left")
    curve = np.concatenate([[1.0], np.cumprod(1 - counts / at_risk)])
    return curve[np.searchsorted(at, times, side="left")]


def evaluate(sets: Subdistribution, coefficients: FloatArray) -> Point:
    """Log-likelihood (Breslow's ties), score and information."""
    data, matrix = sets.data, sets.matrix
    linear = matrix @ coefficients
    relative = np.where(sets.kept, np.exp(linear), 0.0)
    columns = matrix.shape[1]
    products = (matrix[:, :, None] * matrix[:, None, :]).reshape(data.n, columns * columns)
    everything = np.column_stack([np.ones(data.n), matrix, products]) * relative[:, None]
    sums = _risk_set_sums(sets, everything)
    total = sums[:, 0]
    mean = sums[:, 1 : columns + 1] / total[:, None]
    square = (sums[:, columns + 1 :] / total[:, None]).reshape(-1, columns, columns)
    spread = square - mean[:, :, None] * mean[:, None, :]
    return Point(
        relative,
        total,
        mean,
        float(linear[data.event].sum() - sets.deaths @ np.log(total)),
        matrix[data.event].sum(axis=0) - sets.deaths @ mean,
        np.tensordot(sets.deaths, spread, axes=1),
    )


def _risk_set_sums(sets: Subdistribution, values: FloatArray) -> FloatArray:
    """Weighted sums of rows over each risk set: those still there, and those removed before."""
    data = sets.data
    order = np.argsort(data.time, kind="stable")
    sorted_times = data.time[order]
    start = np.searchsorted(sorted_times, sets.times, side="left")
    ahead = np.cumsum(values[order][::-1], axis=0)[::-1]
    removed = np.cumsum((values * sets.inverse[:, None])[order], axis=0)
    behind = np.vstack([np.zeros(values.shape[1]), removed])[start]
    return np.asarray(ahead[start] + sets.uncensored[:, None] * behind)


def maximise(sets: Subdistribution) -> tuple[FloatArray, Point] | None:
    """Coefficients and the likelihood there, by Newton-Raphson with halved steps; None if it does
    not arrive.
    """
    coefficients = np.zeros(sets.matrix.shape[1])
    point = evaluate(sets, coefficients)
    for _ in range(MOST_STEPS):
        try:
            step = np.linalg.solve(point.information, point.score)
        except np.linalg.LinAlgError:
            return None
        if np.abs(step).max() < 1e-11:
            return coefficients, point
        for halving in range(_HALVINGS):
            tried = coefficients + step / 2**halving
            with np.errstate(over="ignore", invalid="ignore"):
                following = evaluate(sets, tried)
            if following.log_likelihood >= point.log_likelihood - 1e-10:
                break
        coefficients, point = tried, following
    return None


def robust_covariance(sets: Subdistribution, point: Point) -> FloatArray:
    """Sandwich of the patients' influences, those on the weights among them."""
    influence = _own_influence(sets, point) + _weight_influence(sets, point)
    bread = np.linalg.inv(point.information)
    return np.asarray(bread @ (influence.T @ influence) @ bread)


def _own_influence(sets: Subdistribution, point: Point) -> FloatArray:
    """Each patient's score residual: the event, less what was expected while in the risk sets."""
    data, matrix = sets.data, sets.matrix
    hazard = sets.deaths / point.total
    last = np.searchsorted(sets.times, data.time, side="right")
    at_risk = _after(matrix, hazard, point.mean, last, ahead=False)
    removed = _after(matrix, hazard * sets.uncensored, point.mean, last, ahead=True)
    expected = at_risk + sets.inverse[:, None] * removed
    residual = -point.relative[:, None] * expected
    own = np.searchsorted(sets.times, data.time[data.event])
    residual[data.event] += matrix[data.event] - point.mean[own]
    return residual


def _after(
    matrix: FloatArray, hazard: FloatArray, mean: FloatArray, last: IntArray, *, ahead: bool
) -> FloatArray:
    """Integral of (covariates - mean) against the hazard up to a patient's time, or after it."""
    sums = np.cumsum(np.column_stack([hazard, hazard[:, None] * mean]), axis=0)
    sums = np.vstack([np.zeros(sums.shape[1]), sums])
    found = sums[-1] - sums[last] if ahead else sums[last]
    return np.asarray(matrix * found[:, :1] - found[:, 1:])


def _weight_influence(sets: Subdistribution, point: Point) -> FloatArray:
    """What each patient's censoring, or having been at risk of it, does to the weights."""
    data = sets.data
    censored = ~(data.event | data.competing)
    times, counts = np.unique(data.time[censored], return_counts=True)
    if not len(times):
        return np.zeros_like(sets.matrix)
    at_risk = data.n - np.searchsorted(np.sort(data.time), times, side="left")
    pull = _pull(sets, point, times)
    compensated = np.cumsum(pull * (counts / at_risk**2)[:, None], axis=0)
    compensated = np.vstack([np.zeros(pull.shape[1]), compensated])
    influence = -compensated[np.searchsorted(times, data.time, side="right")]
    own = np.searchsorted(times, data.time[censored])
    influence[censored] += pull[own] / at_risk[own][:, None]
    return np.asarray(influence)


def _pull(sets: Subdistribution, point: Point, times: FloatArray) -> FloatArray:
    """How the score leans on the censoring hazard at each time.

    Those removed before it, weighted, times the later hazard of the event around the later means.
    """
    data, matrix = sets.data, sets.matrix
    hazard = sets.uncensored * sets.deaths / point.total
    later = np.cumsum(np.column_stack([hazard, hazard[:, None] * point.mean])[::-1], axis=0)[::-1]
    later = np.vstack([later, np.zeros(later.shape[1])])[
        np.searchsorted(sets.times, times, side="left")
    ]
    order = np.argsort(data.time, kind="stable")
    weight = point.relative * sets.inverse
    removed = np.cumsum(np.column_stack([weight, weight[:, None] * matrix])[order], axis=0)
    removed = np.vstack([np.zeros(removed.shape[1]), removed])
    removed = removed[np.searchsorted(data.time[order], times, side="left")]
    return np.asarray(removed[:, 1:] * later[:, :1] - removed[:, :1] * later[:, 1:])
