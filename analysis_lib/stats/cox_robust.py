"""What a Cox model is worth: robust errors of weighted patients, and fits without a centre."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis_lib.stats.cox import fit_terms
from analysis_lib.stats.cox_maximum import fit_design
from analysis_lib.stats.cox_results import (
    NO_MAXIMUM,
    Coefficients,
    CoxCoefficient,
    describe_effects,
    estimates_of,
    read_coefficients,
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
from analysis_lib.stats.partial_likelihood import maximise_efron, risk_sets, score_residuals


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
