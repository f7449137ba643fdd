"""Standard errors of a Cox model that hold when patients of one centre resemble each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox_results import (
    Coefficients,
    CoxCoefficient,
    CoxFit,
    Effect,
    not_estimable,
    wald,
)
from analysis_lib.stats.cox_robust import LeftOut, leave_one_out
from analysis_lib.stats.design import Key
from analysis_lib.stats.inputs import ArrayLike, check_groups

NO_ESTIMATE = "without one of the clusters there is no estimate"


@dataclass(frozen=True)
class JackknifeErrors(Coefficients):
    """Coefficients of a fit with errors, t intervals and P values of the jackknife over clusters.

    `left_out` holds the fits without each cluster in turn, by variable and level.
    """

    coefficients: tuple[CoxCoefficient, ...]
    left_out: Mapping[Key, tuple[LeftOut, ...]]
    clusters: int

    @property
    def method(self) -> str:
        return (
            "jackknife that leaves one cluster out, t interval with "
            f"{self.clusters - 1} degrees of freedom"
        )


def jackknife_errors(
    fit: CoxFit,
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    clusters: ArrayLike,
    *,
    columns: Sequence[Key],
) -> JackknifeErrors:
    """Errors of some coefficients of `fit`, which was fitted to the same data.

    The variance is (G - 1) / G times the sum over the G clusters of the squared distances between
    the coefficient without the cluster and that of all; interval and test are those of t with
    G - 1 degrees of freedom. Unlike the sandwich over clusters it is not too small when clusters
    are few or of unequal size. A coefficient that cannot be had without some cluster has none.

    R: ``coxph(Surv(time, event) ~ ., data[cluster != g, ], ties = "efron")`` for each g. Lipsitz,
    Dear & Zhao (1994), Biometrics 50:842; MacKinnon, Nielsen & Webb (2023), J Appl Econom 38:671.

    Raises
    ------
    StatisticsError
        Rows differ, a cluster is missing, or there is only one.
    """
    groups = check_groups(clusters)
    if len(groups.labels) < 2:
        raise StatisticsError(
            f"clusters must be two or more, but all patients are in {groups.labels[0]!r}: "
            "use the errors of the model"
        )
    level = fit.confidence_level
    left_out = {
        column: leave_one_out(
            time, event, covariates, clusters, column=column, confidence_level=level
        )
        for column in columns
    }
    terms = tuple(
        _jackknifed(fit.coefficient(*column), left_out[column], level) for column in columns
    )
    return JackknifeErrors(terms, left_out, len(groups.labels))


def _jackknifed(own: CoxCoefficient, without: Sequence[LeftOut], level: float) -> CoxCoefficient:
    if not own.estimable:
        return own
    effect = Effect(own.variable, own.level, own.reference, own.n, own.events)
    distances = np.array([one.coefficient for one in without]) - own.coefficient
    degrees = len(distances) - 1
    variance = degrees / len(distances) * float(distances @ distances)
    if not (np.isfinite(variance) and variance > 0):
        return not_estimable(effect, NO_ESTIMATE)
    return wald(effect, own.coefficient, variance, level, degrees=degrees)
