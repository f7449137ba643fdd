"""The Cox proportional hazards model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import nan

import numpy as np
import pandas as pd

from analysis_lib.stats.cox_results import (
    INFINITE,
    NO_MAXIMUM,
    NOBODY,
    CoxFit,
    describe_effects,
    estimates_of,
    read_coefficients,
    summarise_factors,
)
from analysis_lib.stats.design import (
    Covariate,
    Design,
    Factor,
    Key,
    aliased_columns,
    build_design,
    column_name,
    read_covariates,
    too_few,
)
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    IntArray,
    SurvivalData,
    check_confidence_level,
    check_groups,
    check_same_rows,
    check_survival_of_any,
)
from analysis_lib.stats.newton import FARTHEST, inverse
from analysis_lib.stats.of_record import is_small, lifelines_cox
from analysis_lib.stats.partial_likelihood import (
    maximise_efron,
    risk_sets,
)
from analysis_lib.stats.separation import at_risk_in_stratum, infinite_direction, strata_along


@dataclass(frozen=True, eq=False)
class Found:
    """Coefficients, their covariance and the log-likelihood reached."""

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float


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
    maximum: Found | None = None
    reasons: dict[Key, str] = field(default_factory=dict)

    @property
    def is_limit(self) -> bool:
        """Whether a coefficient is infinite."""
        return INFINITE in self.reasons.values()

    def finite(self) -> tuple[tuple[Key, ...], Found | None]:
        """The columns that have a finite estimate, and the maximum in them."""
        if self.maximum is None:
            return (), None
        of, kept = self.maximum, np.array([key not in self.reasons for key in self.keys], bool)
        keys = tuple(key for key in self.keys if key not in self.reasons)
        covariance = of.covariance[np.ix_(kept, kept)]
        return keys, Found(of.coefficients[kept], covariance, of.log_likelihood)


def fit_design(
    data: SurvivalData,
    design: Design,
    *,
    strata: IntArray | None = None,
    of_record: bool = False,
) -> FittedDesign:
    """Fit in the patients the design keeps, if need be in the limit of infinite coefficients.

    With `strata` risk sets hold patients of one stratum alone, and a column that is the same
    within each is no part of the fit.
    """
    kept = data.subset(design.kept)
    problem = FittedDesign(kept, design.keys, design.matrix, np.zeros(kept.n, dtype=np.int64))
    if strata is not None:
        problem = _confined(problem, strata[design.kept], {})
    while (found := _maximum(problem, FARTHEST)) is None:
        direction = infinite_direction(kept, problem.matrix, problem.strata)
        if direction is None:
            found = _maximum(problem, np.inf)
            break
        # Takes at least one column out of the problem, so that the loop ends.
        problem = _limit(problem, direction)
    if found is None:
        reasons = problem.reasons | dict.fromkeys(problem.keys, NO_MAXIMUM)
        return replace(problem, reasons=reasons)
    if of_record and problem.keys and is_small(kept):
        record = lifelines_cox(kept, problem.matrix, problem.strata)
        found = found if record is None else Found(*record)
    return replace(problem, maximum=found)


def _maximum(problem: FittedDesign, farthest: float) -> Found | None:
    """The maximum, unless it is not found or, up to `farthest`, may lie at infinity."""
    strata = problem.strata if problem.strata.any() else None
    sets = risk_sets(problem.data.time, problem.data.event, strata=strata)
    # Centred, so that the moments lose no digits.
    rows = (problem.matrix - problem.matrix.mean(axis=0))[sets.order]
    found = maximise_efron(sets, rows, farthest=farthest)
    if not (found.converged if farthest == np.inf else found.is_plain):
        return None
    try:
        covariance = inverse(found.point.information)
    except np.linalg.LinAlgError:
        return None
    return Found(found.coefficients, covariance, found.point.log_likelihood)


def _limit(problem: FittedDesign, direction: FloatArray) -> FittedDesign:
    """The problem that remains when the coefficients have gone to infinity along `direction`."""
    strata = strata_along(direction, problem.matrix, problem.strata)
    infinite = {key: INFINITE for key, d in zip(problem.keys, direction, strict=True) if d}
    return _confined(problem, strata, infinite)


def _confined(problem: FittedDesign, strata: IntArray, reasons: dict[Key, str]) -> FittedDesign:
    """The problem in risk sets within strata, without the columns that do not vary in them."""
    informative = at_risk_in_stratum(problem.data, strata)
    columns = {key: problem.matrix[informative, i] for i, key in enumerate(problem.keys)}
    aliased = aliased_columns(columns, strata[informative])
    kept = [i for i, key in enumerate(problem.keys) if key not in aliased]
    return FittedDesign(
        data=problem.data,
        keys=tuple(problem.keys[i] for i in kept),
        matrix=problem.matrix[:, kept],
        strata=strata,
        reasons=problem.reasons | aliased | reasons,
    )


@dataclass(frozen=True, eq=False)
class Fit:
    """What a fit says of the columns of its design; `not_fitted` is why there is none."""

    parameters: int = 0
    not_fitted: str = ""
    reasons: dict[Key, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    keys: tuple[Key, ...] = ()
    found: Found | None = None
    log_likelihood_null: float = nan
    notes: tuple[str, ...] = ()

    def of(self, data: SurvivalData, terms: Sequence[Covariate], n: int, level: float) -> CoxFit:
        """The fit with its coefficients, each with the patients or pieces of `data` behind it."""
        effects = describe_effects(data, terms)
        reasons = self.reasons
        if self.not_fitted:
            reasons = dict.fromkeys((x.key for x in effects), self.not_fitted)
        estimates, covariance = np.empty(0), np.empty((0, 0))
        if self.found is not None:
            estimates, covariance = self.found.coefficients, self.found.covariance
        found = estimates_of(self.keys, estimates, covariance)
        names = [column_name(key) for key in self.keys]
        return CoxFit(
            read_coefficients(effects, found, reasons, level),
            n,
            data.n_events,
            nan if self.found is None else self.found.log_likelihood,
            self.log_likelihood_null,
            pd.Series(estimates, index=names, dtype=float),
            pd.DataFrame(covariance, index=names, columns=names, dtype=float),
            summarise_factors(data, terms, self.references),
            self.parameters,
            level,
            (f"not fitted: {self.not_fitted}",) if self.not_fitted else self.notes,
        )


def fit_cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    strata: ArrayLike | None = None,
    confidence_level: float = 0.95,
    of_record: bool = False,
) -> CoxFit:
    """Log hazard ratio of each covariate given the others.

    Parameters
    ----------
    time, event : follow-up >= 0 and True = event
    covariates : one row per patient; numeric or boolean columns, or Categoricals whose first
        category is the reference
    strata : patients of one stratum have a baseline hazard of their own, and are compared with
        each other only
    confidence_level : coverage of the Wald intervals
    of_record : take the maximum from lifelines, which gives the same

    Raises
    ------
    StatisticsError
        For malformed time or event, missing values, text columns.

    Notes
    -----
    R: ``coxph(Surv(time, event) ~ ., ties = "efron")``, of strata ``. + strata(strata)``. Cox
    (1972); Efron (1977).
    A coefficient without a finite estimate is reported with `estimable` False and the reason.
    Where the likelihood rises for ever (a level without events, separation) the others are
    those of its exact limit, to which R's last iteration comes close.
    """
    data = check_survival_of_any(time, event)
    level = check_confidence_level(confidence_level)
    check_same_rows(time, covariates, names=("time", "covariates"))
    terms = read_covariates(covariates)
    if strata is None:
        return fit_terms(data, terms, confidence_level=level, of_record=of_record)
    check_same_rows(time, strata, names=("time", "strata"))
    fit = _fit_whole(data, terms, strata=check_groups(strata).codes)
    return fit.of(data, terms, data.n, level)


def fit_terms(
    data: SurvivalData,
    terms: Sequence[Covariate],
    *,
    confidence_level: float = 0.95,
    of_record: bool = False,
) -> CoxFit:
    """The same of covariates that have been read."""
    fit = _fit_whole(data, terms, of_record=of_record)
    return fit.of(data, terms, data.n, confidence_level)


def _fit_whole(
    data: SurvivalData,
    terms: Sequence[Covariate],
    *,
    strata: IntArray | None = None,
    of_record: bool = False,
) -> Fit:
    null = _null_log_likelihood(data, strata)
    if data.n_events == 0:
        return Fit(not_fitted="no events" if data.n else NOBODY, log_likelihood_null=null)
    design = build_design(data, terms)
    if reason := too_few(data, design.parameters):
        return Fit(design.parameters, reason, log_likelihood_null=null)
    fitted = fit_design(data, design, strata=strata, of_record=of_record)
    keys, found = fitted.finite()
    return Fit(
        design.parameters,
        reasons=fitted.reasons | design.reasons,
        references=design.references,
        keys=keys,
        found=found,
        log_likelihood_null=null,
        notes=_notes(terms, design.kept, fitted),
    )


def _null_log_likelihood(data: SurvivalData, strata: IntArray | None) -> float:
    """Log partial likelihood when every patient has the same hazard."""
    if not data.n_events:
        return 0.0
    sets = risk_sets(data.time, data.event, strata=strata)
    return -float(np.log(sets.sums(np.ones(data.n))).sum())


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
