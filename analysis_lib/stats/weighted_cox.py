"""Cox model of a weighted population, with robust errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.stats.cox import NO_MAXIMUM, fit_design
from analysis_lib.stats.cox_results import CoxCoefficient, describe_effects, not_estimable, wald
from analysis_lib.stats.design import Design, Key, build_design, column_name, read_covariates
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    SurvivalData,
    check_confidence_level,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.partial_likelihood import LARGEST_STEP
from analysis_lib.stats.score_residuals import score_residuals
from analysis_lib.stats.weighted_kaplan_meier import check_weights

_STEPS = 50
_TOLERANCE = 1e-11
# A log hazard ratio over the range of its column beyond which there is taken to be no maximum.
_LARGE = 12.0


@dataclass(frozen=True)
class WeightedCox:
    """Log hazard ratios in the weighted population; n and events count patients, unweighted."""

    coefficients: tuple[CoxCoefficient, ...]
    n: int
    events: int
    confidence_level: float
    method: str = "weighted Cox model, Efron ties, robust sandwich, Wald interval"

    def coefficient(self, variable: str, level: str = "") -> CoxCoefficient:
        """The coefficient of a numeric variable, or of one level of a factor."""
        for candidate in self.coefficients:
            if (candidate.variable, candidate.level) == (variable, level):
                return candidate
        raise KeyError((variable, level))


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
        none = tuple(not_estimable(effect, "no events") for effect in effects)
        return WeightedCox(none, data.n, 0, level)
    design = build_design(data, terms)
    estimates, errors = _estimate(data, design, weight)
    reasons = design.reasons if estimates or not design.keys else _reasons(data, design)
    coefficients = tuple(
        not_estimable(effect, reasons[effect.variable, effect.level])
        if (effect.variable, effect.level) in reasons
        else wald(effect, estimates[name], errors[name] ** 2, level)
        for effect in effects
        for name in [column_name((effect.variable, effect.level))]
    )
    return WeightedCox(coefficients, data.n, data.n_events, level)


def _reasons(data: SurvivalData, design: Design) -> dict[Key, str]:
    """Why a coefficient has no estimate; one that is infinite takes all others with it.

    Whether a coefficient is infinite does not depend on weights that are above 0.
    """
    return (
        dict.fromkeys(design.keys, NO_MAXIMUM) | fit_design(data, design).reasons | design.reasons
    )


def _estimate(
    data: SurvivalData, design: Design, weight: FloatArray
) -> tuple[dict[str, float], dict[str, float]]:
    """Coefficients and robust errors by column; empty where there is no finite maximum."""
    kept, weight = data.subset(design.kept), weight[design.kept]
    centred = design.matrix - design.matrix.mean(axis=0)
    estimates = np.zeros(len(design.keys))
    for _ in range(_STEPS):
        score, information = _weighted_step(kept, centred, estimates, weight)
        step = np.linalg.solve(information, score)
        largest = float(np.abs(step).max(initial=0.0))
        estimates = estimates + step * min(1.0, LARGEST_STEP / max(largest, 1e-300))
        if largest < _TOLERANCE:
            break
        if (np.abs(estimates) * np.ptp(centred, axis=0) > _LARGE).any():
            return {}, {}
    residuals = score_residuals(kept, centred, estimates, weights=weight) * weight[:, None]
    changes = np.linalg.solve(information, residuals.T)
    errors = np.sqrt((changes**2).sum(axis=1))
    names = [column_name(key) for key in design.keys]
    return (
        dict(zip(names, estimates.tolist(), strict=True)),
        dict(zip(names, errors.tolist(), strict=True)),
    )


def _weighted_step(
    data: SurvivalData, matrix: FloatArray, estimates: FloatArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Score and information; tied events share their mean weight among Efron's risk sets."""
    risk = weight * np.exp(matrix @ estimates)
    score = (weight[data.event] @ matrix[data.event]).astype(float)
    information = np.zeros((matrix.shape[1], matrix.shape[1]))
    for t in np.unique(data.time[data.event]):
        at_risk: BoolArray = data.time >= t
        tied = (data.time == t) & data.event
        deaths = int(tied.sum())
        mean_weight = weight[tied].mean()
        for k in range(deaths):
            share = risk * np.where(tied, 1 - k / deaths, 1.0) * at_risk
            share = share / share.sum()
            mean = share @ matrix
            score -= mean_weight * mean
            information += mean_weight * ((matrix.T * share) @ matrix - np.outer(mean, mean))
    return score, information
