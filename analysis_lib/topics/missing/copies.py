"""Completed copies of the patients: what is imputed, from what, and the columns of each copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis_lib.estimates.specification import Specification, typed_covariates
from analysis_lib.format import counted
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.rows import Omitted
from analysis_lib.results.store import once
from analysis_lib.stats.design import factor_columns, read_covariates
from analysis_lib.stats.imputation import Copies, LevelDraws, Values, impute
from analysis_lib.stats.inputs import FloatArray
from analysis_lib.stats.kaplan_meier import cumulative_hazard
from analysis_lib.study.endpoints import time_and_event
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import baseline_specification, published_specification

LEAST_EVENTS = 10


@dataclass(frozen=True, eq=False)
class Completed:
    """A table with gaps; each covariate in every copy: (copies, columns, patients)."""

    table: pd.DataFrame
    copies: Copies
    columns: dict[str, FloatArray]

    @property
    def patients(self) -> pd.Index:
        return self.table.index

    def shifted(self, name: str, shift: FloatArray) -> Completed:
        """The same with the imputed values of one covariate moved, one shift a gap."""
        values = self.copies.shifted(name, self.table[name], shift)
        moved = {name: _columns(self.table[name], values)}
        return replace(self, columns={**self.columns, **moved})

    def first(self, count: int) -> Completed:
        """The first copies alone."""
        draws = {
            name: LevelDraws(x.chances[:count], x.uniform[:count])
            for name, x in self.copies.draws.items()
        }
        values = {name: x[:count] for name, x in self.copies.values.items()}
        columns = {name: x[:count] for name, x in self.columns.items()}
        return Completed(self.table, Copies(values, draws), columns)

    def of(self, names: Sequence[str], patients: pd.Index) -> FloatArray:
        """Of some covariates, in some of the patients."""
        rows = self.patients.get_indexer(patients)
        return np.concatenate([self.columns[name] for name in names], axis=1)[:, :, rows]


def completed(table: pd.DataFrame, *, imputations: int, seed: int) -> Completed:
    """Every copy of the table, with its gaps imputed."""
    copies = impute(table, imputations=imputations, seed=seed)
    columns = {name: _columns(table[name], values) for name, values in copies.values.items()}
    return Completed(table, copies, columns)


def _columns(column: pd.Series, values: Values) -> FloatArray:
    """A number as it is, an indicator of each level but the first: (copies, columns, patients)."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return values[:, None, :].astype(float)
    codes = np.arange(1, len(column.cat.categories))
    return (values[:, None, :] == codes[:, None]).astype(float)


@once
def completed_copies(study: Study) -> Completed | Omitted:
    """The patients with every gap of the models' covariates imputed, in as many copies as asked.

    Given every covariate of any model, the exposure, and each endpoint as event and cumulative
    hazard (White & Royston 2009).
    """
    table = table_with_gaps(study)
    if isinstance(table, Omitted):
        return table
    given = study.parameters
    return completed(table, imputations=given.imputations, seed=given.seed)


def table_with_gaps(study: Study) -> pd.DataFrame | Omitted:
    """What is imputed and what it is imputed from, or why nothing is."""
    if reason := study.only_from_start("multiple imputation"):
        return Omitted(reason)
    study = complete_cases_only(study)
    specifications = imputed_models(study)
    patients = study.groups.among(study.patients)
    table = imputation_table(
        study, patients, [name for _, one in specifications for name in one.terms]
    )
    if not table.isna().any(axis=None):
        return Omitted("No covariate of these models is missing in anyone; nothing is imputed.")
    events = int(patients[f"{specifications[0][1].outcome}_event"].sum())
    if events < LEAST_EVENTS:
        return Omitted(
            f"Nothing is imputed with {counted(withheld_count(study, events), 'event')}; a model "
            f"of imputed covariates takes {LEAST_EVENTS}."
        )
    return table


def complete_cases_only(study: Study) -> Study:
    """The study in which a missing covariate is missing, and no level of its own."""
    return replace(study, parameters=replace(study.parameters, missing_rule="complete_cases"))


def imputed_models(study: Study) -> list[tuple[str, Specification]]:
    """The models with the labels of their pairs."""
    made = []
    for outcome in study.parameters.endpoints:
        name = study.dictionary[outcome].label
        of_baseline = baseline_specification(study, outcome, name="baseline")
        made.append((f"{name}, baseline-adjusted", of_baseline))
        if outcome == study.model_outcome:
            published = published_specification(study, name="as_published", label="")
            made.append((f"{name}, model A", published))
    return made


def imputation_table(study: Study, patients: pd.DataFrame, terms: Sequence[str]) -> pd.DataFrame:
    """What is imputed and what it is imputed from: exposure, covariates, endpoints."""
    every = Specification("", "", "", study.groups, tuple(dict.fromkeys(terms)), "")
    columns = dict(typed_covariates(patients, every, study))
    for outcome in study.parameters.endpoints:
        time, event = time_and_event(patients, outcome)
        columns[f"{outcome}_event"] = event.astype(float)
        columns[f"{outcome}_hazard"] = pd.Series(cumulative_hazard(time, event), patients.index)
    return pd.DataFrame(columns)


def columns_of(covariates: pd.DataFrame) -> dict[str, FloatArray]:
    """The columns of each covariate: (columns, patients)."""
    return {
        one.name: np.array([*factor_columns(one).values()]).reshape(-1, len(covariates))
        for one in read_covariates(covariates)
    }
