"""Cox regression over pieces of follow-up: covariates that change, and entry after time zero."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis_lib.stats.cox import Fit, fit_cox
from analysis_lib.stats.cox_maximum import Found
from analysis_lib.stats.cox_results import INFINITE, NO_MAXIMUM, CoxFit
from analysis_lib.stats.design import Covariate, build_design, read_covariates, too_few
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    SurvivalData,
    check_confidence_level,
    check_intervals,
    check_numbers,
    check_same_rows,
)
from analysis_lib.stats.newton import FARTHEST, LARGE, inverse
from analysis_lib.stats.partial_likelihood import log_likelihood, maximise_efron
from analysis_lib.stats.risk_sets import RiskSets, risk_sets


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
    terms, entry = read_covariates(covariates), check_numbers(start, name="start")
    at_risk = _ever_at_risk(entry, data)
    fit = _fit_pieces(entry[at_risk], data.subset(at_risk), [x.subset(at_risk) for x in terms])
    return fit.of(data, terms, int(pd.Series(patient).nunique()), level)


def fit_cox_entered(
    entry: ArrayLike | None,
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    confidence_level: float = 0.95,
    of_record: bool = False,
) -> CoxFit:
    """`fit_cox` of patients who are at risk after their entry; where it is None, from the start.

    R: ``coxph(Surv(entry, time, event) ~ ., ties = "efron")``. Tsai, Jewell & Wang (1987),
    Biometrika 74:883, for the risk sets. lifelines counts who enters at the time of an event among
    those at risk at it, so that nothing is taken from it where patients enter late.
    """
    if entry is None or not len(covariates):
        return fit_cox(
            time, event, covariates, confidence_level=confidence_level, of_record=of_record
        )
    patients = np.arange(len(covariates))
    return fit_cox_intervals(
        entry, time, event, covariates, patient=patients, confidence_level=confidence_level
    )


def _ever_at_risk(entry: FloatArray, data: SurvivalData) -> BoolArray:
    """Pieces that are in the risk set of any event; the others say nothing of the covariates."""
    times = np.unique(data.time[data.event])
    before = np.searchsorted(times, entry, side="right")
    return np.asarray(np.searchsorted(times, data.time, side="right") > before)


def _fit_pieces(entry: FloatArray, data: SurvivalData, terms: Sequence[Covariate]) -> Fit:
    if data.n_events == 0:
        return Fit(not_fitted="no events")
    design = build_design(data, terms)
    if reason := too_few(data, design.parameters):
        return Fit(design.parameters, reason)
    kept = data.subset(design.kept)
    sets = risk_sets(kept.time, kept.event, entry=entry[design.kept])
    rows = sets.centred(design.matrix)
    null = log_likelihood(sets, rows, np.zeros(len(design.keys)))
    found, finite = _finite_part(sets, rows)
    reasons = dict(design.reasons)
    for key, stands in zip(design.keys, finite, strict=True):
        if not stands:
            reasons[key] = NO_MAXIMUM if found is None else INFINITE
    keys = tuple(key for key, stands in zip(design.keys, finite, strict=True) if stands)
    return Fit(design.parameters, "", reasons, design.references, keys, found, null)


def _finite_part(sets: RiskSets, rows: FloatArray) -> tuple[Found | None, BoolArray]:
    """The coefficients that stand still beside those that run away, and which they are."""
    found = maximise_efron(sets, rows)
    nothing = np.zeros(rows.shape[1], dtype=bool)
    arrived = found.converged and not found.singular
    runs = found.sizes > LARGE
    if not arrived and not runs.any():
        return None, nothing
    finite = ~nothing if arrived and not (found.sizes >= FARTHEST).any() else ~runs
    try:
        covariance = inverse(found.point.information[np.ix_(finite, finite)])
    except np.linalg.LinAlgError:
        return None, nothing
    return Found(found.coefficients[finite], covariance, found.point.log_likelihood), finite
