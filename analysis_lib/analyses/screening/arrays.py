"""The patients of the models and their screen as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis_lib.analyses.models import Specification, design, model_patients
from analysis_lib.analyses.regression import OUTCOME, candidate_names
from analysis_lib.cohort import Study
from analysis_lib.simulation.fast_screen import FastScreen, Term
from analysis_lib.stats.covariates import read_covariates
from analysis_lib.stats.indicators import factor_columns
from analysis_lib.stats.inputs import BoolArray, FloatArray


def screened_names(study: Study) -> list[str]:
    """The candidates that anyone has a value of, without the exposure, which is in any model."""
    return [
        name
        for name in candidate_names(study)
        if study.patients[name].notna().any() and name != study.groups.variable
    ]


def times_and_events(patients: pd.DataFrame) -> tuple[FloatArray, BoolArray]:
    """The endpoint that is screened."""
    time, event = patients[f"{OUTCOME}_months"], patients[f"{OUTCOME}_event"]
    return time.to_numpy(dtype=float), event.to_numpy(dtype=bool)


def screen_of(study: Study, names: Sequence[str], patients: pd.DataFrame) -> FastScreen:
    """A screen of these candidates in these patients, each in a group of the exposure."""
    groups, forced = study.groups, study.parameters.forced_terms
    terms = tuple(_term(study, patients, name, name in forced) for name in names)
    levels = patients[groups.variable].astype(object).to_numpy()
    exposure = (levels[:, None] == np.array(groups.levels[1:], dtype=object)).astype(float)
    return FastScreen(exposure, terms, study.parameters.entry_p)


def screened_patients(study: Study) -> pd.DataFrame:
    """The patients of the models who are in a group of the exposure."""
    return study.groups.among(model_patients(study, study.parameters.model_population))


def _term(study: Study, patients: pd.DataFrame, name: str, forced: bool) -> Term:
    alone = Specification("", "", "", study.groups, (name,), "")
    covariates = design(patients, alone, study)[0][[name]]
    known = np.asarray(patients.index.isin(covariates.index), dtype=bool)
    columns = list(factor_columns(read_covariates(covariates)[0]).values())
    values = np.full((len(patients), len(columns)), np.nan)
    values[known] = np.array(columns).reshape(len(columns), int(known.sum())).T
    return Term(name, values, known, forced)
