"""Cox model with a ridge penalty, and how much of it the data choose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox_results import (
    INFINITE,
    Coefficients,
    CoxCoefficient,
    Effect,
    describe_effects,
    estimates_of,
    read_coefficients,
)
from analysis_lib.stats.design import Indicators, Key, indicator_columns
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    SurvivalData,
    check_confidence_level,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.newton import LARGE
from analysis_lib.stats.partial_likelihood import log_likelihood, maximise_efron
from analysis_lib.stats.risk_sets import RiskSets, risk_sets


@dataclass(frozen=True, eq=False)
class PenalisedCox(Coefficients):
    """Coefficients with their intervals; `effective_parameters` is the trace of the hat matrix."""

    coefficients: tuple[CoxCoefficient, ...]
    n: int
    events: int
    effective_parameters: float
    confidence_level: float
    method: str


def penalised_cox(
    columns: Indicators,
    data: SurvivalData,
    estimates: FloatArray,
    covariance: FloatArray,
    *,
    infinite: Sequence[Key] = (),
    effective_parameters: float,
    confidence_level: float,
    method: str,
) -> PenalisedCox:
    """Every coefficient with Wald's interval; those left out or infinite with their reason."""
    reasons = columns.left_out | dict.fromkeys(infinite, INFINITE)
    found = estimates_of(columns.keys, estimates, covariance)
    return PenalisedCox(
        read_coefficients(effects_of(columns, data), found, reasons, confidence_level),
        data.n,
        data.n_events,
        effective_parameters,
        confidence_level,
        method,
    )


def effects_of(columns: Indicators, data: SurvivalData) -> list[Effect]:
    """Which contrast each column describes, and the patients and events behind it."""
    asked = {*columns.keys, *columns.left_out}
    return [x for x in describe_effects(data, columns.covariates) if x.key in asked]


METHOD = "Cox model, ridge penalty"


def fit_ridge_cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    theta: float,
    unpenalised: Sequence[str] = (),
    scale: bool = True,
    confidence_level: float = 0.95,
) -> PenalisedCox:
    """Maximum of the partial log-likelihood minus theta / 2 times the sum of squares b'b.

    With `scale` each b is weighted by the variance of its column, so that the unit of a covariate
    does not matter. Intervals are Wald's from the inverse of the penalised information, which is
    exact for no coefficient that is itself shrunk: leave those of interest unpenalised. One of
    these that has no maximum is not estimable.
    R: ``coxph(Surv(time, event) ~ x + ridge(z, theta = theta, scale = scale))``, ``sqrt(diag(
    vcov))``. Verweij & van Houwelingen (1994).
    """
    if theta < 0:
        raise StatisticsError(f"theta must be >= 0, but was {theta!r}: 0 is no penalty")
    level = check_confidence_level(confidence_level)
    data = check_survival(time, event)
    check_same_rows(time, covariates, names=("time", "covariates"))
    if data.n_events == 0:
        raise StatisticsError("a penalised Cox model needs an event, but nobody has one")
    columns = indicator_columns(data, covariates)
    weights = ridge_weights(columns, unpenalised, scale=scale)
    sets = risk_sets(data.time, data.event)
    coefficients, information = maximise_ridge(sets, columns.matrix[sets.order], theta * weights)
    inverse = np.linalg.pinv(information + np.diag(theta * weights))
    covariance: FloatArray = inverse.astype(float)
    sizes = np.abs(coefficients) * np.ptp(columns.matrix, axis=0)
    runs_away = (sizes > LARGE) & (theta * weights == 0)
    return penalised_cox(
        columns,
        data,
        coefficients,
        covariance,
        infinite=[key for key, x in zip(columns.keys, runs_away, strict=True) if x],
        effective_parameters=float(np.trace(information @ covariance)),
        confidence_level=level,
        method=f"{METHOD}, theta {theta:.3g}",
    )


def ridge_weights(
    columns: Indicators, unpenalised: Sequence[str], *, scale: bool = True
) -> FloatArray:
    """What each squared coefficient is weighted by: its column's variance, or 1; 0 if exempt."""
    variances = columns.matrix.var(axis=0, ddof=1) if scale else np.ones(len(columns.keys))
    return np.where(columns.columns_of(*unpenalised), 0.0, variances)


def maximise_ridge(
    sets: RiskSets, matrix: FloatArray, penalty: FloatArray, start: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Coefficients and unpenalised information at the maximum; `matrix` sorted by `sets.order`.

    A coefficient without a maximum stops where the likelihood has reached its limit.
    """
    found = maximise_efron(sets, matrix, penalty=penalty, start=start)
    return found.coefficients, found.point.information - np.diag(penalty)


THETAS = tuple(float(x) for x in np.geomspace(0.1, 1000, 17))
FOLDS = 10


@dataclass(frozen=True)
class RidgePenalty:
    """The theta with the highest cross-validated log-likelihood, of the `thetas` that were tried.

    `at_bound` says that the best is the first or the last of them.
    """

    theta: float
    thetas: tuple[float, ...]
    log_likelihoods: tuple[float, ...]
    folds: int

    @property
    def at_bound(self) -> bool:
        return self.theta in (self.thetas[0], self.thetas[-1])


def choose_ridge_penalty(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    seed: int,
    unpenalised: Sequence[str] = (),
    thetas: Sequence[float] = THETAS,
    folds: int = FOLDS,
) -> RidgePenalty:
    """The penalty under which each part of the patients is best predicted by the others.

    Of a part it counts what it adds to the partial log-likelihood of all patients, at
    coefficients fitted without it: Verweij & van Houwelingen (1993). Patients are dealt at random
    to the folds, those with an event first, so that each fold has its share of events.
    """
    data = check_survival(time, event)
    columns = indicator_columns(data, covariates)
    weights = ridge_weights(columns, unpenalised)
    parts = deal(data.event, folds, np.random.default_rng(seed))
    everyone, totals = risk_sets(data.time, data.event), np.zeros(len(thetas))
    rows = columns.matrix[everyone.order]
    for part in range(folds):
        kept = parts != part
        others = data.subset(kept)
        sets = risk_sets(others.time, others.event)
        among = columns.matrix[kept][sets.order]
        for index, at in _heaviest_first(sets, among, weights, thetas):
            totals[index] += log_likelihood(everyone, rows, at) - log_likelihood(sets, among, at)
    return RidgePenalty(
        float(thetas[int(totals.argmax())]), tuple(thetas), tuple(totals.tolist()), folds
    )


def deal(event: BoolArray, folds: int, random: np.random.Generator) -> IntArray:
    """The fold of each patient; events and non-events differ by at most one between folds."""
    fold = np.empty(len(event), dtype=np.int64)
    order = np.concatenate([random.permutation(np.flatnonzero(event == x)) for x in (True, False)])
    fold[order] = np.arange(len(event)) % folds
    return fold


def _heaviest_first(
    sets: RiskSets, matrix: FloatArray, weights: FloatArray, thetas: Sequence[float]
) -> Iterator[tuple[int, FloatArray]]:
    """The place of each penalty and its maximum, which is near that of the one before."""
    start = None
    for index in reversed(range(len(thetas))):
        start, _ = maximise_ridge(sets, matrix, thetas[index] * weights, start)
        yield index, start
