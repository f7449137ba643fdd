"""Cox regression over pieces of follow-up: covariates that change, and entry after time zero."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan

import numpy as np
import pandas as pd

from analysis_lib.stats.cox import INFINITE, NO_MAXIMUM
from analysis_lib.stats.cox_results import (
    CoxCoefficient,
    CoxFit,
    describe_effects,
    not_estimable,
    summarise_factors,
    wald,
)
from analysis_lib.stats.delayed_entry import check_intervals
from analysis_lib.stats.design import (
    Covariate,
    Design,
    Key,
    build_design,
    column_name,
    count_parameters,
    read_covariates,
)
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    SurvivalData,
    check_confidence_level,
    check_numbers,
    check_same_rows,
)
from analysis_lib.stats.partial_likelihood import LARGEST_STEP, RiskSets, efron_step, risk_sets

_TOLERANCE = 1e-10
_MOST_STEPS = 40
# Log hazard ratios over the range of a covariate: a Newton step without a maximum adds about 1.
_RUNS_AWAY, _LARGE = 18.0, 8.0


@dataclass(frozen=True, eq=False)
class _Maximum:
    """Where the iterations ended; `finite` marks the coefficients that stand still."""

    coefficients: FloatArray
    information: FloatArray
    log_likelihood: float
    log_likelihood_null: float
    finite: BoolArray


@dataclass(frozen=True, eq=False)
class _Fitted:
    """What a fit says of the columns of its design; `not_fitted` is why there is none."""

    parameters: int = 0
    reasons: dict[Key, str] = field(default_factory=dict)
    not_fitted: str = ""
    references: dict[str, str] = field(default_factory=dict)
    estimates: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    covariance: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(dtype=float))
    log_likelihood: float = nan
    log_likelihood_null: float = nan


def fit_cox_intervals(
    start: ArrayLike,
    stop: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    patient: ArrayLike,
    confidence_level: float = 0.95,
) -> CoxFit:
    """Log hazard ratio of covariates whose value may change with time, given the others.

    Parameters
    ----------
    start, stop, event : follow-up (start, stop], True where the event ended the piece
    covariates : one row a piece, types as for `fit_cox`
    patient : whose piece it is; `n` of the result counts patients, its factors count pieces

    Raises
    ------
    StatisticsError
        For pieces without length, missing values, text columns.

    Notes
    -----
    R: ``coxph(Surv(start, stop, event) ~ ., ties = "efron")``. A patient has the event once, so
    that the model-based errors hold. A coefficient without a finite estimate is reported as such;
    the others are those of the last iteration, as in R. lifelines' CoxTimeVaryingFitter gives the
    same numbers in about ten times the time and stops at a coefficient without a maximum.
    """
    data = check_intervals(start, stop, event)
    level = check_confidence_level(confidence_level)
    check_same_rows(stop, covariates, names=("stop", "covariates"))
    check_same_rows(stop, patient, names=("stop", "patient"))
    terms = read_covariates(covariates)
    fitted = _fit(check_numbers(start, name="start"), data, covariates)
    return CoxFit(
        coefficients=_coefficients(data, terms, fitted, level),
        n=int(pd.Series(patient).nunique()),
        events=data.n_events,
        log_likelihood=fitted.log_likelihood,
        log_likelihood_null=fitted.log_likelihood_null,
        estimates=fitted.estimates,
        covariance=fitted.covariance,
        factors=summarise_factors(data, terms, fitted.references),
        degrees_of_freedom=fitted.parameters,
        confidence_level=level,
        notes=(f"not fitted: {fitted.not_fitted}",) if fitted.not_fitted else (),
    )


def _fit(entry: FloatArray, data: SurvivalData, covariates: pd.DataFrame) -> _Fitted:
    if data.n_events == 0:
        return _Fitted(not_fitted="no events")
    at_risk = _ever_at_risk(entry, data)
    kept, terms = data.subset(at_risk), read_covariates(covariates[at_risk])
    parameters = count_parameters(kept, terms)
    if kept.n_events < parameters:
        reason = f"fewer events ({kept.n_events}) than parameters ({parameters})"
        return _Fitted(parameters=parameters, not_fitted=reason)
    design = build_design(kept, terms)
    rows = design.kept
    sets = risk_sets(kept.time[rows], kept.event[rows], entry=entry[at_risk][rows])
    maximum = _maximise(sets, design.matrix)
    if maximum is None:
        reasons = design.reasons | dict.fromkeys(design.keys, NO_MAXIMUM)
        return _Fitted(parameters, reasons, references=design.references)
    return _read(maximum, design, parameters)


def _ever_at_risk(entry: FloatArray, data: SurvivalData) -> BoolArray:
    """Pieces that are in the risk set of any event; the others say nothing of the covariates."""
    times = np.unique(data.time[data.event])
    before = np.searchsorted(times, entry, side="right")
    return np.asarray(np.searchsorted(times, data.time, side="right") > before)


def _maximise(sets: RiskSets, matrix: FloatArray) -> _Maximum | None:
    """Newton-Raphson until nothing moves, or a coefficient has run away; None if it is stuck."""
    rows = matrix[sets.order]
    spread = np.ptp(matrix, axis=0)
    rows = rows - matrix.mean(axis=0)
    coefficients = np.zeros(matrix.shape[1])
    null = efron_step(sets, rows, coefficients)[2]
    for _ in range(_MOST_STEPS):
        score, information, log_likelihood = efron_step(sets, rows, coefficients)
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            return None
        largest = float(np.abs(step).max(initial=0.0))
        if largest < _TOLERANCE:
            finite = np.ones(len(step), dtype=bool)
            return _Maximum(coefficients + step, information, log_likelihood, null, finite)
        coefficients = coefficients + step * min(1.0, LARGEST_STEP / largest)
        sizes = np.abs(coefficients) * spread
        if (sizes > _RUNS_AWAY).any():
            return _Maximum(coefficients, information, log_likelihood, null, sizes <= _LARGE)
    return None


def _read(maximum: _Maximum, design: Design, parameters: int) -> _Fitted:
    """The finite coefficients with their covariance, and why the others are none."""
    kept = np.flatnonzero(maximum.finite)
    names = [column_name(design.keys[i]) for i in kept]
    covariance = np.linalg.inv(maximum.information[np.ix_(kept, kept)])
    pairs = zip(design.keys, maximum.finite, strict=True)
    return _Fitted(
        parameters,
        design.reasons | {key: INFINITE for key, finite in pairs if not finite},
        "",
        design.references,
        pd.Series(maximum.coefficients[kept], index=names, dtype=float),
        pd.DataFrame(covariance, index=names, columns=names, dtype=float),
        maximum.log_likelihood,
        maximum.log_likelihood_null,
    )


def _coefficients(
    data: SurvivalData, terms: tuple[Covariate, ...], fitted: _Fitted, level: float
) -> tuple[CoxCoefficient, ...]:
    coefficients = []
    for effect in describe_effects(data, terms):
        key = effect.variable, effect.level
        reason = fitted.not_fitted or fitted.reasons.get(key, "")
        name = column_name(key)
        variance = 0.0 if reason else float(fitted.covariance.loc[name, name])
        if not variance > 0:  # near a singular information, an inverse can have negative diagonals
            coefficients.append(not_estimable(effect, reason or NO_MAXIMUM))
        else:
            coefficients.append(wald(effect, float(fitted.estimates[name]), variance, level))
    return tuple(coefficients)
