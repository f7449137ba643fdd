"""Models with missing covariates: multiple imputation beside complete cases."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis_lib.estimates.effects import METHOD as COX
from analysis_lib.estimates.effects import Effect, ratio_rows
from analysis_lib.estimates.random_part import random_part, with_origin
from analysis_lib.estimates.specification import Specification, model_patients
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.simulation.screened import LARGEST, ExposureEstimate, estimate_exposure
from analysis_lib.stats.cox_results import CoxCoefficient, not_estimable, wald
from analysis_lib.stats.cox_results import Effect as Contrast
from analysis_lib.stats.imputation import CHAINED_EQUATIONS as CHAINED
from analysis_lib.stats.inputs import BoolArray, FloatArray
from analysis_lib.stats.many_cox import many_risk_sets
from analysis_lib.stats.pooling import RUBINS_RULES as RUBIN
from analysis_lib.stats.pooling import Pooled, p_value_error, pool_estimates
from analysis_lib.study.endpoints import time_and_event
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.missing.copies import (
    Completed,
    columns_of,
    complete_cases_only,
    completed_copies,
    imputed_models,
)

COMPLETE, IMPUTED = "complete", "imputed"
_NONE = "no finite estimate"


@dataclass(frozen=True, eq=False)
class Followed:
    """The patients of one model with their endpoint."""

    patients: pd.DataFrame
    time: FloatArray
    event: BoolArray


def followed(study: Study, specification: Specification) -> Followed:
    patients = study.groups.among(model_patients(study, specification.population))
    time, event = time_and_event(patients, specification.outcome)
    return Followed(patients, time.to_numpy(dtype=float), event.to_numpy(dtype=bool))


def complete_rows(study: Study, specification: Specification, table: pd.DataFrame) -> list[Row]:
    """The model in the patients without a gap in its own covariates."""
    of = followed(study, specification)
    covariates = table.loc[of.patients.index, list(dict.fromkeys(specification.variables))]
    kept = covariates.notna().all(axis=1).to_numpy()
    groups = study.groups
    matrix = np.vstack(list(columns_of(covariates[kept]).values()))
    found = exposure_in(groups, of.time[kept], of.event[kept], matrix[None])
    here = context(_named(specification, COMPLETE).key, n=int(kept.sum()))
    rows = here.patients({"n": int(kept.sum()), "events": int(of.event[kept].sum())})
    level_of = study.confidence_level
    contrasts = group_contrasts(study, of.patients[kept])
    for of_group, value, error in zip(
        contrasts, found.coefficients[0], found.std_errors[0], strict=True
    ):
        finite = np.isfinite(value)
        term = (
            wald(of_group, value, error**2, level_of) if finite else not_estimable(of_group, _NONE)
        )
        rows += ratio_rows(_at(here, of_group), term, COX)
    return rows


def imputed_rows(study: Study, specification: Specification, copies: Completed) -> list[Row]:
    """The model of all its patients, fitted in every copy and pooled."""
    of, groups = followed(study, specification), study.groups
    names = list(dict.fromkeys(specification.variables))
    columns = copies.of(names, of.patients.index)
    found = exposure_in(groups, of.time, of.event, columns)
    n, events = len(of.patients), int(of.event.sum())
    here = context(_named(specification, IMPUTED).key, n=n)
    free, level_of = max(events - columns.shape[1], 1), study.confidence_level
    rows = here.patients({"n": n, "events": events})
    for column, of_group in enumerate(group_contrasts(study, of.patients)):
        estimates, errors = found.coefficients[:, column], found.std_errors[:, column]
        pooled = pooled_or_none(estimates, errors, free, level_of)
        method = f"{CHAINED}; {RUBIN}, {len(columns)} imputations"
        at = _at(here, of_group)
        rows += ratio_rows(at, pooled_term(of_group, pooled, level_of), method)
        if pooled is None:
            missing, error, of_p = None, None, None
        else:
            missing, error = pooled.missing_information, pooled.monte_carlo_error
            of_p = p_value_error(estimates, errors**2, complete_degrees_of_freedom=free)
        rows.append(at.at("missing_information", missing, unit="proportion"))
        rows += [at.at("coefficient_mc_error", error), at.at("p_value_mc_error", of_p)]
    return rows


def exposure_in(
    groups: Grouping, time: FloatArray, event: BoolArray, columns: FloatArray
) -> ExposureEstimate:
    """The exposure's coefficients in every copy, the first columns being those of its groups."""
    copies = (len(columns), len(time))
    sets = many_risk_sets(np.broadcast_to(time, copies), np.broadcast_to(event, copies))
    return estimate_exposure(sets, columns[:, :, sets.order[0]], len(groups.levels) - 1)


def _named(specification: Specification, way: str) -> Specification:
    """The model under one way to deal with what is missing."""
    return replace(specification, name=f"{way}_{specification.name}")


def _at(here: Row, of: Contrast) -> Row:
    return context(here.key.of_level(of.variable, of.level, of.reference), n=here.n)


def group_contrasts(study: Study, patients: pd.DataFrame) -> list[Contrast]:
    """Each group against the reference, with its patients; their events are those of the model."""
    groups = study.groups
    sizes = [int((patients[groups.variable] == level).sum()) for level in groups.levels[1:]]
    return [
        Contrast(groups.variable, level, groups.reference, size, 0)
        for level, size in zip(groups.levels[1:], sizes, strict=True)
    ]


def pooled_or_none(
    coefficients: FloatArray, errors: FloatArray, complete_df: int, level: float
) -> Pooled | None:
    if not np.isfinite(coefficients).all():
        return None
    pooled = pool_estimates(
        coefficients,
        errors**2,
        complete_degrees_of_freedom=complete_df,
        confidence_level=level,
    )
    return pooled if pooled.ci_high - pooled.ci_low < 2 * LARGEST else None


def pooled_term(of: Contrast, pooled: Pooled | None, level: float) -> CoxCoefficient:
    """A coefficient with the t interval of the pooled estimate."""
    if pooled is None:
        return not_estimable(of, _NONE)
    term = wald(of, pooled.estimate, pooled.std_error**2, level)
    low, high = np.exp([pooled.ci_low, pooled.ci_high])
    return replace(term, ci_low=float(low), ci_high=float(high), p_value=pooled.p_value)


LEAST_EVENTS = 10


@dataclass(frozen=True)
class Pair:
    """One model in its complete cases and in everyone, with gaps imputed.

    `of_baseline` tells the primary model from the article's.
    """

    outcome: str
    label: str
    of_baseline: bool
    complete: Effect
    imputed: Effect


@dataclass(frozen=True)
class Imputed:
    """Pairs of models; `incomplete` are (variable, patients without a value)."""

    pairs: tuple[Pair, ...]
    incomplete: tuple[tuple[str, int], ...]
    imputations: int
    patients: int
    results: Results


@once
def imputed_effects(study: Study) -> Imputed | Omitted:
    """The primary model of each endpoint and the article's, imputed and in complete cases.

    All infused are imputed once for all models, given every covariate of any of them, the
    exposure, and each endpoint as event and cumulative hazard (White & Royston 2009).
    """
    everyone, study = study, random_part(study)
    copies = completed_copies(study)
    if isinstance(copies, Omitted):
        return copies
    study, table = complete_cases_only(study), copies.table
    specifications = imputed_models(study)
    incomplete = [
        (str(name), withheld_count(study, int(count)))
        for name, count in table.isna().sum().items()
        if count
    ]
    rows: list[Row] = []
    for _, specification in specifications:
        rows += complete_rows(study, specification, table)
        rows += imputed_rows(study, specification, copies)
    origin = _named(specifications[0][1], IMPUTED).key
    results = with_origin(everyone, study_results(study, rows), origin)
    pairs = tuple(_pair(study, label, one, results) for label, one in specifications)
    return Imputed(pairs, tuple(incomplete), study.parameters.imputations, len(table), results)


def _pair(study: Study, label: str, of: Specification, results: Results) -> Pair:
    of_both = [
        Effect(heading, _named(of, way).key, study.groups, results)
        for way, heading in ((COMPLETE, "Complete cases"), (IMPUTED, "Multiple imputation"))
    ]
    return Pair(of.outcome, label, of.name == "baseline", *of_both)
