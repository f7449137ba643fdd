"""Errors of a Cox model that hold for weighted patients, and where those of a centre are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_terms
from analysis_lib.stats.cox_maximum import fit_design
from analysis_lib.stats.cox_results import (
    NO_MAXIMUM,
    Coefficients,
    CoxCoefficient,
    CoxFit,
    Effect,
    describe_effects,
    estimates_of,
    not_estimable,
    read_coefficients,
    wald,
)
from analysis_lib.stats.design import Design, Key, build_design, read_covariates
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    SurvivalData,
    check_confidence_level,
    check_groups,
    check_same_rows,
    check_survival,
    check_weights,
)
from analysis_lib.stats.newton import inverse
from analysis_lib.stats.partial_likelihood import maximise_efron, score_residuals
from analysis_lib.stats.risk_sets import risk_sets


@dataclass(frozen=True)
class WeightedCox(Coefficients):
    """Log hazard ratios in the weighted population; n and events count patients, unweighted."""

    coefficients: tuple[CoxCoefficient, ...]
    n: int
    events: int
    confidence_level: float
    method: str = "weighted Cox model, Efron ties, robust sandwich, Wald interval"


def fit_weighted_cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    weights: ArrayLike,
    *,
    confidence_level: float = 0.95,
) -> WeightedCox:
    """Log hazard ratio of each covariate in the population that the weights make.

    The variance is the sandwich of weighted score residuals, a patient a cluster; the weights are
    taken as known, which for estimated inverse-probability weights is on the safe side.

    R: ``coxph(Surv(time, event) ~ ., weights = w, robust = TRUE, ties = "efron")``.
    Lin & Wei (1989); Binder (1992), Biometrika 79:139. lifelines takes its robust errors from
    another rule for ties.

    Raises
    ------
    StatisticsError
        For malformed input, or weights that are not above 0.
    """
    data = check_survival(time, event)
    level = check_confidence_level(confidence_level)
    check_same_rows(time, covariates, names=("time", "covariates"))
    check_same_rows(time, weights, names=("time", "weights"))
    weight = check_weights(weights)
    terms = read_covariates(covariates)
    effects = describe_effects(data, terms)
    if data.n_events == 0:
        reasons = dict.fromkeys((effect.key for effect in effects), "no events")
        return WeightedCox(read_coefficients(effects, {}, reasons, level), data.n, 0, level)
    design = build_design(data, terms)
    found = _estimate(data, design, weight)
    reasons = design.reasons if found or not design.keys else _reasons(data, design)
    coefficients = read_coefficients(effects, found, reasons, level)
    return WeightedCox(coefficients, data.n, data.n_events, level)


def _reasons(data: SurvivalData, design: Design) -> dict[Key, str]:
    """Why a coefficient has no estimate; one that is infinite takes all others with it."""
    return (
        dict.fromkeys(design.keys, NO_MAXIMUM) | fit_design(data, design).reasons | design.reasons
    )


def _estimate(
    data: SurvivalData, design: Design, weight: FloatArray
) -> dict[Key, tuple[float, float]]:
    """Coefficients and robust variances by column; empty where there is no finite maximum.

    Whether a coefficient is infinite does not depend on weights that are above 0.
    """
    kept, weight = data.subset(design.kept), weight[design.kept]
    sets = risk_sets(kept.time, kept.event, weights=weight)
    rows = sets.centred(design.matrix)
    found = maximise_efron(sets, rows)
    if not found.is_plain:
        if fit_design(data, design).is_limit:
            return {}
        found = maximise_efron(sets, rows, farthest=np.inf)
        if not found.converged:
            return {}
    covariance = inverse(found.point.information)
    changes = score_residuals(sets, rows, found.coefficients) @ covariance
    return estimates_of(design.keys, found.coefficients, changes.T @ changes)


@dataclass(frozen=True)
class LeftOut:
    """The coefficient of one column when the patients of `label` are left out; nan if there is
    none. `n` and `events` are those of the patients who remain.
    """

    label: str
    n: int
    events: int
    coefficient: float
    std_error: float
    confidence_level: float

    @property
    def hazard_ratio(self) -> float:
        return float(np.exp(self.coefficient))

    @property
    def interval(self) -> tuple[float, float]:
        half = float(ndtri((1 + self.confidence_level) / 2)) * self.std_error
        return float(np.exp(self.coefficient - half)), float(np.exp(self.coefficient + half))


def leave_one_out(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    groups: ArrayLike,
    *,
    column: Key,
    confidence_level: float = 0.95,
) -> tuple[LeftOut, ...]:
    """Log hazard ratio of one variable and level without each group in turn.

    R: ``coxph(Surv(time, event) ~ ., data[groups != g, ])`` for each g.

    Raises
    ------
    StatisticsError
        For malformed input, or a group that is missing.
    """
    data = check_survival(time, event)
    check_same_rows(time, covariates, names=("time", "covariates"))
    check_same_rows(time, groups, names=("time", "groups"))
    level, members = check_confidence_level(confidence_level), check_groups(groups)
    terms = read_covariates(covariates)
    found = []
    for code, label in enumerate(members.labels):
        rows = members.codes != code
        kept = data.subset(rows)
        term = fit_terms(kept, [x.subset(rows) for x in terms]).coefficient(*column)
        found.append(
            LeftOut(str(label), kept.n, kept.n_events, term.coefficient, term.std_error, level)
        )
    return tuple(found)


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
