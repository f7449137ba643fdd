"""Hazard ratios of consolidation by estimator, crude and adjusted, as rows."""

from __future__ import annotations

from analysis_lib.analyses.consolidation.contrasts import Contrast, ContrastModel
from analysis_lib.analyses.consolidation.estimators import Estimator, pieces_of, taken
from analysis_lib.analyses.models import METHOD
from analysis_lib.analyses.results import Key, Row, context
from analysis_lib.stats import CoxCoefficient, CoxFit, fit_cox_intervals

ADJUSTED = "_adjusted"
# Vittinghoff & McCulloch (2007), Am J Epidemiol 165:710: with fewer, intervals cover too little.
LEAST_EVENTS_PER_PARAMETER = 5
NOBODY = "nobody at risk"


def estimate_rows(
    model: ContrastModel, estimator: Estimator, outcome: str, confidence_level: float
) -> list[Row]:
    """Crude and adjusted hazard ratios of the model's contrasts, with patients and events."""
    rows: list[Row] = []
    for adjusted in (False, True):
        fit = fit_contrasts(model, estimator, outcome, confidence_level, adjusted=adjusted)
        analysis = estimator.analysis + ADJUSTED * adjusted
        for contrast in model.contrasts:
            key = contrast.key(analysis, outcome, estimator.time_months)
            rows += _unknown(key) if fit is None else _rows(key, contrast, fit, adjusted=adjusted)
    return rows


def fit_contrasts(
    model: ContrastModel,
    estimator: Estimator,
    outcome: str,
    confidence_level: float,
    *,
    adjusted: bool,
) -> CoxFit | None:
    """The Cox model of one estimator over its pieces of follow-up; None if there are none."""
    complete = model.patients.loc[model.covariates.index] if adjusted else model.patients
    patients = taken(complete, estimator)
    if patients.empty:
        return None
    pieces = pieces_of(patients, outcome, estimator)
    if not len(pieces.patient):
        return None
    own = patients.iloc[pieces.patient]
    frame = model.state(own, pieces.treated).to_frame(model.variable)
    if adjusted:
        of_piece = model.covariates.loc[own.index].reset_index(drop=True)
        frame = frame.join(of_piece)
    return fit_cox_intervals(
        pieces.start,
        pieces.stop,
        pieces.event,
        frame,
        patient=pieces.patient,
        confidence_level=confidence_level,
    )


def _rows(key: Key, contrast: Contrast, fit: CoxFit, *, adjusted: bool) -> list[Row]:
    here = context(key, n=fit.n)
    term = fit.coefficient(contrast.variable, contrast.level)
    few = adjusted and fit.events < LEAST_EVENTS_PER_PARAMETER * fit.degrees_of_freedom
    return [
        here.at("n", fit.n, unit="patients"),
        here.at("events", fit.events, unit="patients"),
        here.at("n_at_level", term.n, unit="patients"),
        here.at("events_at_level", term.events, unit="patients"),
        *_ratio_rows(here, term, _reason(term, few=few)),
    ]


def _reason(term: CoxCoefficient, *, few: bool) -> str:
    if not term.estimable:
        return term.reason
    return f"fewer than {LEAST_EVENTS_PER_PARAMETER} events per parameter" if few else ""


def _ratio_rows(here: Row, term: CoxCoefficient, reason: str) -> list[Row]:
    numbers = {
        "hazard_ratio": term.hazard_ratio,
        "hazard_ratio_ci_low": term.ci_low,
        "hazard_ratio_ci_high": term.ci_high,
        "coefficient": term.coefficient,
        "std_error": term.std_error,
        "p_value": term.p_value,
    }
    method = f"not estimable: {reason}" if reason else METHOD
    return [
        here.at(name, None if reason else value, method=method) for name, value in numbers.items()
    ]


def _unknown(key: Key) -> list[Row]:
    """The rows of a model without patients."""
    here = context(key, n=0)
    counts = ("n", "events", "n_at_level", "events_at_level")
    ratios = (
        "hazard_ratio",
        "hazard_ratio_ci_low",
        "hazard_ratio_ci_high",
        "coefficient",
        "std_error",
        "p_value",
    )
    return [
        *(here.at(name, 0, unit="patients") for name in counts),
        *(here.at(name, None, method=f"not estimable: {NOBODY}") for name in ratios),
    ]
