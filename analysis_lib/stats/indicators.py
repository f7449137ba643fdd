"""Covariates as columns, for estimators that keep a level without events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.stats.covariates import Covariate, Factor, Numeric, read_covariates
from analysis_lib.stats.design import Key, aliased_columns
from analysis_lib.stats.inputs import FloatArray, SurvivalData


@dataclass(frozen=True, eq=False)
class Indicators:
    """One column per coefficient, in the order of the covariates; `left_out` says which are not
    identified, and why. Every patient is kept.
    """

    covariates: tuple[Covariate, ...]
    keys: tuple[Key, ...]
    matrix: FloatArray
    left_out: dict[Key, str]

    def columns_of(self, *variables: str) -> np.ndarray:
        """Marks the columns of some variables."""
        return np.array([variable in variables for variable, _ in self.keys], dtype=bool)


def indicator_columns(data: SurvivalData, covariates: pd.DataFrame) -> Indicators:
    """Numbers as they are, each level of a factor against its first.

    A column is left out where it is constant, or a linear combination of those before it, among
    the patients at risk at the first event. A level without events stays: its penalised
    coefficient is finite.
    """
    read = read_covariates(covariates)
    columns: dict[Key, FloatArray] = {}
    for covariate in read:
        columns |= factor_columns(covariate)
    at_risk = data.time >= data.time[data.event].min()
    aliased = aliased_columns({key: column[at_risk] for key, column in columns.items()})
    keys = tuple(key for key in columns if key not in aliased)
    matrix = np.array([columns[key] for key in keys]).reshape(len(keys), data.n).T
    return Indicators(read, keys, matrix, aliased)


def factor_columns(covariate: Covariate) -> dict[Key, FloatArray]:
    """The columns of one covariate: itself, or an indicator of each level but the first."""
    if isinstance(covariate, Numeric):
        return {(covariate.name, ""): covariate.values}
    return {
        (covariate.name, level): (covariate.codes == code).astype(float)
        for code, level in enumerate(covariate.levels)
        if code > 0
    }


def level_counts(covariate: Covariate, level: str, data: SurvivalData) -> tuple[int, int]:
    """Patients and events at a level of a factor, or all of them for a number."""
    if not isinstance(covariate, Factor):
        return data.n, data.n_events
    code = covariate.levels.index(level)
    everyone = np.ones(data.n, dtype=bool)
    return int(covariate.counts(everyone)[code]), int(covariate.counts(data.event)[code])
