"""Schoenfeld residuals: what each event's covariates differ by from those at risk."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from analysis_lib.stats.inputs import FloatArray, SurvivalData


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
