"""What a Cox model is worth: errors by centre and of weighted patients, and without a centre."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_design, fit_terms
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
from analysis_lib.stats.design import Design, Key, build_design, column_name, read_covariates
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
from analysis_lib.stats.partial_likelihood import maximise_efron, risk_sets, score_residuals

BESIDE_INFINITE = "the model has an infinite coefficient"


@dataclass(frozen=True)
class ClusteredErrors(Coefficients):
    """The coefficients of a fit with cluster-robust errors, intervals and P values."""

    coefficients: tuple[CoxCoefficient, ...]
    clusters: int
    method: str = "sandwich of score residuals summed by cluster, Wald interval"


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
    sets = risk_sets(data.time[design.kept], data.event[design.kept])
    rows = (design.matrix - design.matrix.mean(axis=0))[sets.order]
    scores = score_residuals(sets, rows, fit.estimates.to_numpy())
    variance = _sandwich(fit.covariance.to_numpy(), scores, groups.codes[design.kept])
    errors = dict(zip(names, np.sqrt(np.diag(variance)), strict=True))
    coefficients = tuple(_robust(x, errors, fit.confidence_level) for x in fit.coefficients)
    return ClusteredErrors(coefficients, len(groups.labels))


def _sandwich(covariance: FloatArray, scores: FloatArray, codes: np.ndarray) -> FloatArray:
    summed = np.column_stack([np.bincount(codes, column) for column in scores.T])
    changes = summed @ covariance  # what leaving out a cluster changes, to first order
    return np.asarray(changes.T @ changes)


def _robust(own: CoxCoefficient, errors: dict[str, float], level: float) -> CoxCoefficient:
    if not own.estimable:
        return own
    error = errors[column_name((own.variable, own.level))]
    return wald(_effect(own), own.coefficient, error**2, level)


def _without(own: CoxCoefficient) -> CoxCoefficient:
    return not_estimable(_effect(own), BESIDE_INFINITE) if own.estimable else own


def _effect(own: CoxCoefficient) -> Effect:
    return Effect(own.variable, own.level, own.reference, own.n, own.events)


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
    rows = (design.matrix - design.matrix.mean(axis=0))[sets.order]
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
