"""Standard errors of a Cox model that hold when patients of one centre resemble each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit, Effect, not_estimable, wald
from analysis_lib.stats.design import build_design, column_name, read_covariates
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    SurvivalData,
    check_groups,
    check_same_rows,
    check_survival,
)


def score_residuals(
    data: SurvivalData,
    matrix: FloatArray,
    coefficients: FloatArray,
    *,
    weights: FloatArray | None = None,
) -> FloatArray:
    """One row per patient, one column per coefficient; at the maximum the columns sum to zero.

    A patient's own event adds the distance from the mean of those at risk; every event while at
    risk takes away that distance times the hazard it carries. Among d tied events Efron's k-th
    risk set (k = 0..d-1) holds the tied patients with weight 1 - k/d. With `weights` the residuals
    are those of one unit of each patient's weight; times the weight, they sum to zero.

    R: ``residuals(coxph(..., ties = "efron"), type = "score")``. Therneau & Grambsch (2000),
    Modeling Survival Data, section 7.1.
    """
    centred = matrix - matrix.mean(axis=0)
    predictor = centred @ coefficients
    risk = np.exp(predictor - predictor.max())
    weight = np.ones(len(centred)) if weights is None else weights
    residuals = np.zeros_like(centred)
    for t in np.unique(data.time[data.event]):
        at_risk = data.time >= t
        tied = (data.time == t) & data.event
        deaths = int(tied.sum())
        mean_weight = weight[tied].mean()
        for k in range(deaths):
            own = risk * np.where(tied, 1 - k / deaths, 1.0) * at_risk
            share = own / (weight @ own)
            distance = centred - (weight * share) @ centred
            residuals += np.where(tied, 1 / deaths, 0.0)[:, None] * distance
            residuals -= mean_weight * share[:, None] * distance
    return residuals


INFINITE = "the model has an infinite coefficient"


@dataclass(frozen=True)
class ClusteredErrors:
    """The coefficients of a fit with cluster-robust errors, intervals and P values."""

    coefficients: tuple[CoxCoefficient, ...]
    clusters: int
    method: str = "sandwich of score residuals summed by cluster, Wald interval"

    def coefficient(self, variable: str, level: str = "") -> CoxCoefficient:
        """The coefficient of a numeric variable, or of one level of a factor."""
        for candidate in self.coefficients:
            if (candidate.variable, candidate.level) == (variable, level):
                return candidate
        raise KeyError((variable, level))


def clustered_errors(
    fit: CoxFit,
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    clusters: ArrayLike,
) -> ClusteredErrors:
    """Robust errors of the coefficients of `fit`, which was fitted to the same data.

    The variance is V B V with V the model-based covariance and B the sum over clusters of the
    outer products of their summed score residuals. It needs many clusters: of few it is too
    small, and no correction is applied, as in R.

    R: ``coxph(..., ties = "efron", cluster = centre)``. Lin & Wei (1989), J Am Stat Assoc 84:1074.

    Raises
    ------
    StatisticsError
        Rows differ, a cluster is missing, or there is only one.
    """
    data = check_survival(time, event)
    check_same_rows(time, covariates, names=("time", "covariates"))
    check_same_rows(time, clusters, names=("time", "clusters"))
    groups = check_groups(clusters)
    if len(groups.labels) < 2:
        raise StatisticsError(
            f"clusters must be two or more, but all patients are in {groups.labels[0]!r}: "
            "use the errors of the model"
        )
    without = ClusteredErrors(tuple(_without(x) for x in fit.coefficients), len(groups.labels))
    if fit.estimates.empty:  # without an event there is not even a design
        return without
    design = build_design(data, read_covariates(covariates))
    names = [column_name(key) for key in design.keys]
    if list(fit.estimates.index) != names:
        return without
    scores = score_residuals(data.subset(design.kept), design.matrix, fit.estimates.to_numpy())
    variance = _sandwich(fit.covariance.to_numpy(), scores, groups.codes[design.kept])
    errors = dict(zip(names, np.sqrt(np.diag(variance)), strict=True))
    coefficients = tuple(_robust(x, errors, fit.confidence_level) for x in fit.coefficients)
    return ClusteredErrors(coefficients, len(groups.labels))


def _sandwich(covariance: FloatArray, scores: FloatArray, codes: np.ndarray) -> FloatArray:
    summed = np.zeros((int(codes.max()) + 1, scores.shape[1]))
    np.add.at(summed, codes, scores)
    changes = summed @ covariance  # what leaving out a cluster changes, to first order
    return np.asarray(changes.T @ changes)


def _robust(own: CoxCoefficient, errors: dict[str, float], level: float) -> CoxCoefficient:
    if not own.estimable:
        return own
    error = errors[column_name((own.variable, own.level))]
    return wald(_effect(own), own.coefficient, error**2, level)


def _without(own: CoxCoefficient) -> CoxCoefficient:
    return not_estimable(_effect(own), INFINITE) if own.estimable else own


def _effect(own: CoxCoefficient) -> Effect:
    return Effect(own.variable, own.level, own.reference, own.n, own.events)
