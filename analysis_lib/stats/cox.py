"""The Cox proportional hazards model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import nan

import numpy as np
import pandas as pd

from analysis_lib.stats.cox_maximum import FittedDesign, Found, fit_design
from analysis_lib.stats.cox_results import (
    NOBODY,
    CoxFit,
    describe_effects,
    estimates_of,
    read_coefficients,
    summarise_factors,
)
from analysis_lib.stats.design import (
    Covariate,
    Factor,
    Key,
    build_design,
    column_name,
    read_covariates,
    too_few,
)
from analysis_lib.stats.inputs import (
    ArrayLike,
    IntArray,
    SurvivalData,
    check_confidence_level,
    check_groups,
    check_same_rows,
    check_survival_of_any,
)
from analysis_lib.stats.risk_sets import risk_sets


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
