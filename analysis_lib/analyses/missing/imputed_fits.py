"""The exposure of one model in its complete cases, and pooled over completed copies."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis_lib.analyses.effect_rows import ratio_rows, size_rows
from analysis_lib.analyses.effects import analysis_key
from analysis_lib.analyses.models import METHOD as COX
from analysis_lib.analyses.models import Specification, model_patients
from analysis_lib.analyses.results import Key, Row, context
from analysis_lib.cohort import Study
from analysis_lib.simulation.fast_screen import LARGEST, ExposureEstimate, estimate_exposure
from analysis_lib.stats import CoxCoefficient
from analysis_lib.stats.covariates import read_covariates
from analysis_lib.stats.cox_results import Effect, not_estimable, wald
from analysis_lib.stats.imputation import METHOD as CHAINED
from analysis_lib.stats.indicators import factor_columns
from analysis_lib.stats.inputs import BoolArray, FloatArray
from analysis_lib.stats.rubin import METHOD as RUBIN
from analysis_lib.stats.rubin import Pooled, pool_estimates

COMPLETE, IMPUTED = "complete", "imputed"
_NONE = "no finite estimate"


@dataclass(frozen=True, eq=False)
class _Outcome:
    """The patients of one model with their endpoint."""

    patients: pd.DataFrame
    time: FloatArray
    event: BoolArray


def _outcome(study: Study, specification: Specification) -> _Outcome:
    patients = study.groups.among(model_patients(study, specification.population))
    time, event = (patients[f"{specification.outcome}_{x}"] for x in ("months", "event"))
    return _Outcome(patients, time.to_numpy(dtype=float), event.to_numpy(dtype=bool))


def complete_rows(study: Study, specification: Specification, table: pd.DataFrame) -> list[Row]:
    """The model in the patients without a gap in its own covariates."""
    of = _outcome(study, specification)
    covariates = table.loc[of.patients.index, list(dict.fromkeys(specification.variables))]
    kept = covariates.notna().all(axis=1).to_numpy()
    groups = study.groups
    found = ExposureEstimate(*np.full((2, len(groups.levels) - 1), np.nan))
    if of.event[kept].any():
        matrix = np.hstack(list(_columns(covariates[kept]).values()))
        found = estimate_exposure(of.time[kept], of.event[kept], matrix, len(groups.levels) - 1)
    key = analysis_key(replace(specification, name=f"{COMPLETE}_{specification.name}"))
    n, events = int(kept.sum()), int(of.event[kept].sum())
    rows = size_rows(key, n, events)
    level_of = study.parameters.confidence_level
    for effect, value, error in zip(
        _effects(study, of.patients[kept]), found.coefficients, found.std_errors, strict=True
    ):
        finite = np.isfinite(value)
        term = wald(effect, value, error**2, level_of) if finite else not_estimable(effect, _NONE)
        rows += ratio_rows(key, n, term, COX)
    return rows


def imputed_rows(
    study: Study, specification: Specification, copies: list[pd.DataFrame]
) -> list[Row]:
    """The model of all its patients, fitted in every copy and pooled."""
    of, groups = _outcome(study, specification), study.groups
    names = list(dict.fromkeys(specification.variables))
    first, *others = copies
    # Columns without a gap are the same in every copy, so they are coded once.
    columns = _columns(first.loc[of.patients.index, names])
    changing = [x for x in names if any(not first[x].equals(copy[x]) for copy in others)]
    found = []
    for copy in copies:
        columns |= _columns(copy.loc[of.patients.index, changing])
        matrix = np.hstack(list(columns.values()))
        found.append(estimate_exposure(of.time, of.event, matrix, len(groups.levels) - 1))
    key = analysis_key(replace(specification, name=f"{IMPUTED}_{specification.name}"))
    n, events = len(of.patients), int(of.event.sum())
    free, level_of = max(events - matrix.shape[1], 1), study.parameters.confidence_level
    rows = size_rows(key, n, events)
    for column, effect in enumerate(_effects(study, of.patients)):
        pooled = _pool(
            [(x.coefficients[column], x.std_errors[column]) for x in found], free, level_of
        )
        method = f"{CHAINED}; {RUBIN}, {len(copies)} imputations"
        rows += ratio_rows(key, n, _term(effect, pooled, level_of), method)
        rows += _information_rows(key, n, effect, pooled)
    return rows


def _columns(covariates: pd.DataFrame) -> dict[str, FloatArray]:
    """The columns of each covariate."""
    return {
        one.name: np.column_stack([*factor_columns(one).values()])
        for one in read_covariates(covariates)
    }


def _effects(study: Study, patients: pd.DataFrame) -> list[Effect]:
    """Each group against the reference, with its patients; their events are those of the model."""
    groups = study.groups
    sizes = [int((patients[groups.variable] == level).sum()) for level in groups.levels[1:]]
    return [
        Effect(groups.variable, level, groups.reference, size, 0)
        for level, size in zip(groups.levels[1:], sizes, strict=True)
    ]


def _pool(found: list[tuple[float, float]], complete_df: int, level: float) -> Pooled | None:
    coefficients, errors = np.array(found).T
    if not np.isfinite(coefficients).all():
        return None
    pooled = pool_estimates(
        coefficients,
        errors**2,
        complete_degrees_of_freedom=complete_df,
        confidence_level=level,
    )
    return pooled if pooled.ci_high - pooled.ci_low < 2 * LARGEST else None


def _term(effect: Effect, pooled: Pooled | None, level: float) -> CoxCoefficient:
    """A coefficient with the t interval of the pooled estimate."""
    if pooled is None:
        return not_estimable(effect, _NONE)
    term = wald(effect, pooled.estimate, pooled.std_error**2, level)
    low, high = np.exp([pooled.ci_low, pooled.ci_high])
    return replace(term, ci_low=float(low), ci_high=float(high), p_value=pooled.p_value)


def _information_rows(key: Key, n: int, effect: Effect, pooled: Pooled | None) -> list[Row]:
    contrast = f"{effect.level}_vs_{effect.reference}"
    at = key._replace(variable=effect.variable, level=effect.level, contrast=contrast)
    here = context(at, n=n)
    missing = None if pooled is None else pooled.missing_information
    error = None if pooled is None else pooled.monte_carlo_error
    return [
        here.at("missing_information", missing, unit="proportion"),
        here.at("coefficient_mc_error", error),
    ]
