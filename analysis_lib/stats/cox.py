"""The Cox proportional hazards model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import nan

import numpy as np
import pandas as pd

from analysis_lib.stats.cox_results import (
    NOBODY,
    CoxCoefficient,
    CoxFit,
    describe_effects,
    not_estimable,
    summarise_factors,
    wald,
)
from analysis_lib.stats.design import (
    Covariate,
    Design,
    Factor,
    Key,
    aliased_columns,
    build_design,
    column_name,
    count_parameters,
    read_covariates,
)
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    SurvivalData,
    check_confidence_level,
    check_same_rows,
    check_survival_of_any,
)
from analysis_lib.stats.partial_likelihood import (
    Maximum,
    infinite_direction,
    maximise,
    null_log_likelihood,
    strata_along,
)

INFINITE = "infinite coefficient: it orders the events without exception"
NO_MAXIMUM = "the maximum of the partial likelihood was not found"
# lifelines does not halve a step that lowers the likelihood: with a rare level the first, nearly
# full step can overshoot beyond return, where a shorter one succeeds.
_STEP_SIZES = (0.95, 0.5, 0.1)


@dataclass(frozen=True, eq=False)
class FittedDesign:
    """Maximum over `keys` (columns `matrix`) in the patients of `data`.

    Where the likelihood is monotone, `strata` confine the risk sets to patients alike in the
    infinite directions, which is its exact limit; otherwise there is one stratum. `maximum` is
    None when there is none.
    """

    data: SurvivalData
    keys: tuple[Key, ...]
    matrix: FloatArray
    strata: IntArray
    maximum: Maximum | None = None
    reasons: dict[Key, str] = field(default_factory=dict)

    @property
    def is_limit(self) -> bool:
        """Whether a coefficient is infinite."""
        return INFINITE in self.reasons.values()


def fit_design(data: SurvivalData, design: Design) -> FittedDesign:
    """Fit in the patients the design keeps, if need be in the limit of infinite coefficients."""
    kept = data.subset(design.kept)
    problem = FittedDesign(kept, design.keys, design.matrix, np.zeros(kept.n, dtype=np.int64))
    while True:
        fitted = _attempt(problem, _STEP_SIZES[0])
        if _is_sound(fitted):
            return fitted
        direction = infinite_direction(kept, problem.matrix, problem.strata)
        if direction is None:
            return _fit_with_shorter_steps(problem, fitted)
        # Takes at least one column out of the problem, so that the loop ends.
        problem = _limit(problem, direction)


def _fit_with_shorter_steps(problem: FittedDesign, first: FittedDesign) -> FittedDesign:
    """The finite maximum of a problem that a nearly full first step overshot."""
    attempts = [first]
    for step_size in _STEP_SIZES[1:]:
        attempts.append(_attempt(problem, step_size))
        if _is_sound(attempts[-1]):
            return attempts[-1]
    reached = [fitted for fitted in attempts if fitted.maximum is not None]
    if reached:
        return reached[-1]
    reasons = problem.reasons | dict.fromkeys(problem.keys, NO_MAXIMUM)
    return replace(problem, reasons=reasons)


def _attempt(problem: FittedDesign, step_size: float) -> FittedDesign:
    maximum = maximise(problem.data, problem.matrix, problem.strata, step_size=step_size)
    return replace(problem, maximum=maximum)


def _is_sound(fitted: FittedDesign) -> bool:
    return fitted.maximum is not None and not fitted.maximum.is_suspicious(fitted.matrix)


def _limit(problem: FittedDesign, direction: FloatArray) -> FittedDesign:
    """The problem that remains when the coefficients have gone to infinity along `direction`."""
    strata = strata_along(direction, problem.matrix, problem.strata)
    informative = _at_risk_in_stratum(problem.data, strata)
    columns = {key: problem.matrix[informative, i] for i, key in enumerate(problem.keys)}
    aliased = aliased_columns(columns, strata[informative])
    kept = [i for i, key in enumerate(problem.keys) if key not in aliased]
    infinite = {key: INFINITE for key, d in zip(problem.keys, direction, strict=True) if d}
    return FittedDesign(
        data=problem.data,
        keys=tuple(problem.keys[i] for i in kept),
        matrix=problem.matrix[:, kept],
        strata=strata,
        reasons=problem.reasons | aliased | infinite,
    )


def _at_risk_in_stratum(data: SurvivalData, strata: IntArray) -> BoolArray:
    """Patients still at risk at the first event of their stratum."""
    first = np.full(int(strata.max()) + 1, np.inf)
    np.minimum.at(first, strata[data.event], data.time[data.event])
    return np.asarray(data.time >= first[strata])


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
