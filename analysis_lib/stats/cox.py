"""Cox proportional hazards regression."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np
import pandas as pd

from analysis_lib.stats.covariates import Covariate, Factor, read_covariates
from analysis_lib.stats.cox_effects import describe_effects, summarise_factors
from analysis_lib.stats.cox_model import FittedDesign, fit_design
from analysis_lib.stats.cox_results import NOBODY, CoxCoefficient, CoxFit, not_estimable, wald
from analysis_lib.stats.design import Key, build_design, column_name, count_parameters
from analysis_lib.stats.inputs import (
    ArrayLike,
    SurvivalData,
    check_confidence_level,
    check_same_rows,
    check_survival_of_any,
)
from analysis_lib.stats.partial_likelihood import null_log_likelihood


def fit_cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    confidence_level: float = 0.95,
) -> CoxFit:
    """Log hazard ratio of each covariate given the others.

    Parameters
    ----------
    time, event : follow-up >= 0 and True = event
    covariates : one row per patient; numeric or boolean columns, or Categoricals whose first
        category is the reference
    confidence_level : coverage of the Wald intervals

    Raises
    ------
    StatisticsError
        For malformed time or event, missing values, text columns.

    Notes
    -----
    R: ``coxph(Surv(time, event) ~ ., ties = "efron")``. Cox (1972); Efron (1977).
    A coefficient without a finite estimate is reported with `estimable` False and the reason.
    Where the likelihood rises for ever (a level without events, separation) the others are
    those of its exact limit, to which R's last iteration comes close.
    """
    data = check_survival_of_any(time, event)
    level = check_confidence_level(confidence_level)
    check_same_rows(time, covariates, names=("time", "covariates"))
    terms = read_covariates(covariates)
    if data.n_events == 0:
        reason = "no events" if data.n else NOBODY
        return _without_fit(data, terms, level, 0, reason)
    parameters = count_parameters(data, terms)
    if data.n_events < parameters:
        reason = f"fewer events ({data.n_events}) than parameters ({parameters})"
        return _without_fit(data, terms, level, parameters, reason)
    design = build_design(data, terms)
    fitted = fit_design(data, design)
    reasons = fitted.reasons | design.reasons
    estimates, covariance = _finite_part(fitted)
    return CoxFit(
        coefficients=_coefficients(data, terms, estimates, covariance, reasons, level),
        n=data.n,
        events=data.n_events,
        log_likelihood=nan if fitted.maximum is None else fitted.maximum.log_likelihood,
        log_likelihood_null=null_log_likelihood(data, np.zeros(data.n, dtype=np.int64)),
        estimates=estimates,
        covariance=covariance,
        factors=summarise_factors(data, terms, design.references),
        degrees_of_freedom=parameters,
        confidence_level=level,
        notes=_notes(terms, design.kept, fitted),
    )


def _finite_part(fitted: FittedDesign) -> tuple[pd.Series, pd.DataFrame]:
    """Coefficients and covariance of the columns that have a finite estimate."""
    kept = [
        i
        for i, key in enumerate(fitted.keys)
        if fitted.maximum is not None and key not in fitted.reasons
    ]
    names = [column_name(fitted.keys[i]) for i in kept]
    if fitted.maximum is None:
        return pd.Series(dtype=float), pd.DataFrame(dtype=float)
    covariance = fitted.maximum.covariance[np.ix_(kept, kept)]
    return (
        pd.Series(fitted.maximum.coefficients[kept], index=names, dtype=float),
        pd.DataFrame(covariance, index=names, columns=names, dtype=float),
    )


def _coefficients(
    data: SurvivalData,
    terms: Sequence[Covariate],
    estimates: pd.Series,
    covariance: pd.DataFrame,
    reasons: dict[Key, str],
    level: float,
) -> tuple[CoxCoefficient, ...]:
    coefficients = []
    for effect in describe_effects(data, terms):
        key = effect.variable, effect.level
        if key in reasons:
            coefficients.append(not_estimable(effect, reasons[key]))
        else:
            name = column_name(key)
            variance = float(covariance.loc[name, name])
            coefficients.append(wald(effect, float(estimates[name]), variance, level))
    return tuple(coefficients)


def _without_fit(
    data: SurvivalData, terms: Sequence[Covariate], level: float, parameters: int, reason: str
) -> CoxFit:
    return CoxFit(
        coefficients=tuple(
            not_estimable(effect, reason) for effect in describe_effects(data, terms)
        ),
        n=data.n,
        events=data.n_events,
        log_likelihood=nan,
        log_likelihood_null=null_log_likelihood(data, np.zeros(data.n, dtype=np.int64)),
        estimates=pd.Series(dtype=float),
        covariance=pd.DataFrame(dtype=float),
        factors=summarise_factors(data, terms, {}),
        degrees_of_freedom=parameters,
        confidence_level=level,
        notes=(f"not fitted: {reason}",),
    )


def _notes(terms: Sequence[Covariate], kept: np.ndarray, fitted: FittedDesign) -> tuple[str, ...]:
    notes = []
    for term in terms:
        if isinstance(term, Factor) and not kept.all():
            left = term.counts(~kept)
            remaining = term.counts(kept)
            notes += [
                f"no event at {term.name}={name}: its patients (n = {left[code]}) are left out of "
                "the risk sets, which is the limit of the likelihood"
                for code, name in enumerate(term.levels)
                if left[code] and not remaining[code]
            ]
    if fitted.is_limit:
        notes.append(
            "infinite coefficients: risk sets are confined to patients alike in them, "
            "which is the limit of the likelihood"
        )
    return tuple(notes)
