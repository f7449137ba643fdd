"""Who is cloned in a comparison of strategies, and what the models of the weights hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.estimates.specification import Specification, design, varying_terms
from analysis_lib.format import counted, format_number
from analysis_lib.parameters.parse import DAYS_PER_MONTH
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.rows import Omitted
from analysis_lib.stats.cloned_survival import Cloned
from analysis_lib.stats.design import factor_columns, read_covariates
from analysis_lib.stats.inputs import FloatArray, IntArray
from analysis_lib.study.endpoints import time_and_event
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.follow_up import ANY, POPULATION, consolidation_follow_up

LEAST_PER_COLUMN = 5


@dataclass(frozen=True, eq=False)
class ClonedPatients:
    """The patients of an endpoint with the columns of the weights' models."""

    cloned: Cloned
    terms: tuple[str, ...]
    considered: int
    knows_causes: bool


def cloned_patients(study: Study, outcome: str) -> ClonedPatients | Omitted:
    """Those in remission with every term recorded, or why strategies cannot be compared."""
    follow_up = consolidation_follow_up(study)
    if isinstance(follow_up, Omitted):
        return follow_up
    begun = int(follow_up.patients["begin_months"].notna().sum())
    terms = _terms(study, follow_up.patients, begun)
    covariates = _covariates(study, follow_up.patients, terms)
    patients = follow_up.patients.loc[covariates.index]
    cloned = _cloned(study, outcome, patients, covariates)
    if not cloned.cause.any():
        whole = counted(withheld_count(study, len(patients)), "patient")
        return Omitted(
            f"{study.dictionary[outcome].label}: none of {whole} in "
            "remission had the event after the response; a comparison of strategies takes one."
        )
    able = cloned.eligible & cloned.in_time
    days = format_number(study.parameters.consolidation_grace_days)
    if able.sum() < LEAST_PER_COLUMN or (cloned.eligible & ~cloned.in_time).sum() == 0:
        begun_in_time = counted(withheld_count(study, int(able.sum())), "patient")
        return Omitted(
            f"{study.dictionary[outcome].label}: {begun_in_time} in "
            f"remission {days} days after the response had been consolidated by then; a comparison "
            f"of strategies takes {LEAST_PER_COLUMN}, and some who had not."
        )
    return ClonedPatients(cloned, terms, len(follow_up.patients), bool(cloned.cause.max() > 1))


def _terms(study: Study, patients: pd.DataFrame, begun: int) -> tuple[str, ...]:
    """As many of the terms, in order, as there are consolidations for their coefficients."""
    named = dict.fromkeys((*study.parameters.consolidation_terms, study.groups.variable))
    offered = [x for x in named if x in patients and patients[x].notna().any()]
    known = [x for x in varying_terms(patients, offered) if x != ANY]
    kept: list[str] = []
    for name in known:
        width = _columns(_covariates(study, patients, (*kept, name))).shape[0]
        if width * LEAST_PER_COLUMN <= begun:
            kept.append(name)
    return tuple(kept)


def _covariates(study: Study, patients: pd.DataFrame, terms: tuple[str, ...]) -> pd.DataFrame:
    """The complete cases of some terms, without the exposure unless it is one of them."""
    grouping = study.groups
    others = tuple(x for x in terms if x != grouping.variable)
    specification = Specification("cloned", "", "", grouping, others, POPULATION)
    covariates, _ = design(patients, specification, study)
    return covariates[list(terms)]


def _columns(covariates: pd.DataFrame) -> FloatArray:
    """Of the levels that occur: (columns, patients)."""
    present = covariates.apply(
        lambda x: x.cat.remove_unused_categories() if hasattr(x, "cat") else x
    )
    found = [x for one in read_covariates(present) for x in factor_columns(one).values()]
    return np.array(found, dtype=float).reshape(-1, len(covariates))


def _cloned(study: Study, outcome: str, patients: pd.DataFrame, covariates: pd.DataFrame) -> Cloned:
    """Months from the response on, of whole days; who ends on that day counts half of it."""
    entry = patients["entry_months"]
    time, event = time_and_event(patients, outcome)
    months, remission = (_since(x, entry, 0.5) for x in (time, patients["pfs_months"]))
    may_begin = np.minimum(remission, months)
    begin = np.minimum(_since(patients["begin_months"], entry, 0.0), may_begin)
    return Cloned(
        months,
        _causes(outcome, patients, event.to_numpy(dtype=bool)),
        may_begin,
        np.where(np.isnan(begin), np.inf, begin),
        study.parameters.consolidation_grace_days / DAYS_PER_MONTH,
        _columns(covariates),
    )


def _since(months: pd.Series, entry: pd.Series, least: float) -> FloatArray:
    """Whole days between two times from infusion, in months: equal days are equal numbers."""
    days = ((months - entry) * DAYS_PER_MONTH).round().clip(lower=least)
    return np.asarray(days / DAYS_PER_MONTH, dtype=float)


def _causes(outcome: str, patients: pd.DataFrame, event: FloatArray) -> IntArray:
    """1 relapse, 2 death without it, of progression-free survival; else 1 the event."""
    relapsed = patients["relapse_date"].notna().to_numpy()
    apart = outcome == "pfs" and relapsed.any()
    cause = np.where(relapsed, 1, 2) if apart else np.ones(len(patients))
    return np.where(event, cause, 0).astype(np.int64)
