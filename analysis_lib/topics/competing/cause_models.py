"""The exposure's hazard ratios for one of several competing events, on two scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis_lib.estimates.effects import METHOD, Effect, exposure_rows, penalised
from analysis_lib.estimates.few_events import events_by_level, without_few
from analysis_lib.estimates.models import parameter_rows
from analysis_lib.estimates.specification import Specification, design, varying_terms
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Row, context
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_results import CoxFit
from analysis_lib.stats.fine_gray import METHOD as FINE_GRAY
from analysis_lib.stats.fine_gray import FineGrayFit, fit_fine_gray
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.competing.incidence import EventTimes

CAUSE_SPECIFIC, SUBDISTRIBUTION = "cause_specific", "subdistribution"
LABELS = {CAUSE_SPECIFIC: "Cause-specific", SUBDISTRIBUTION: "Subdistribution"}
METHODS = {CAUSE_SPECIFIC: METHOD, SUBDISTRIBUTION: FINE_GRAY}
CRUDE, ADJUSTED = "crude", "baseline"


@dataclass(frozen=True)
class CauseModel(Effect):
    """One model of one event; `results` hold its exposure alone.

    `scale` is cause-specific (the rate among those still free of every event) or subdistribution
    (what moves the cumulative incidence). `excluded` counts the patients without a covariate.
    """

    scale: str
    adjustment: str
    terms: tuple[str, ...]
    fit: CoxFit | FineGrayFit
    excluded: dict[str, int]
    missing_rule: str

    @property
    def is_adjusted(self) -> bool:
        return self.adjustment == ADJUSTED


def cause_models(
    study: Study, outcome: str, times: EventTimes, adjustments: Sequence[str]
) -> tuple[CauseModel, ...]:
    """Both scales, crude in all and adjusted for the baseline terms in the complete cases."""
    patients = study.patients
    terms = varying_terms(patients, study.parameters.baseline_terms)
    return tuple(
        _fit(study, outcome, times, scale, adjustment, terms if adjustment == ADJUSTED else ())
        for adjustment in adjustments
        for scale in (CAUSE_SPECIFIC, SUBDISTRIBUTION)
    )


def _fit(
    study: Study,
    outcome: str,
    times: EventTimes,
    scale: str,
    adjustment: str,
    terms: tuple[str, ...],
) -> CauseModel:
    specification = Specification(adjustment, "", outcome, study.groups, terms, "infused")
    covariates, excluded = design(study.patients, specification, study)
    used = covariates.index
    own = EventTimes(times.time[used], times.event[used], times.competing[used])
    fit = _estimate(scale, own, covariates, study)
    key = Key(f"{scale}_{adjustment}", outcome, "infused")
    rows = _rows(key, scale, study.groups, fit, own, len(study.patients))
    return CauseModel(
        f"{LABELS[scale]}, {'adjusted' if adjustment == ADJUSTED else 'crude'}",
        key,
        study.groups,
        study_results(study, rows),
        scale,
        adjustment,
        terms,
        fit,
        excluded,
        study.parameters.missing_rule,
    )


def _estimate(
    scale: str, times: EventTimes, covariates: pd.DataFrame, study: Study
) -> CoxFit | FineGrayFit:
    """A competing event is censored on the one scale and stays at risk on the other.

    On few events the one has Firth's penalty; the other has no such form, and no ratio.
    """
    level, exposure = study.confidence_level, study.groups
    if scale == CAUSE_SPECIFIC:
        cox = fit_cox(times.time, times.event, covariates, confidence_level=level)
        return penalised(cox, times.time, times.event, covariates, exposure.variable)
    fit = fit_fine_gray(
        times.time, times.event, times.competing, covariates, confidence_level=level
    )
    events = events_by_level(covariates[exposure.variable], times.event, exposure.levels)
    return without_few(fit, exposure.variable, events, exposure.reference)


def _rows(
    key: Key,
    scale: str,
    exposure: Grouping,
    fit: CoxFit | FineGrayFit,
    times: EventTimes,
    considered: int,
) -> list[Row]:
    here = context(key, n=fit.n)
    counts = {
        "n": fit.n,
        "events": fit.events,
        "competing_events": int(times.competing.sum()),
        "excluded": considered - fit.n,
    }
    return [
        *here.patients(counts),
        *parameter_rows(here, fit),
        *exposure_rows(key, exposure, fit, METHODS[scale]),
    ]
