"""Covariates of a regression model: numeric columns and factors with a reference level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray, check_numbers


@dataclass(frozen=True)
class Numeric:
    """A covariate that enters the model as it is."""

    name: str
    values: FloatArray


@dataclass(frozen=True)
class Factor:
    """A covariate of two or more levels; `codes` index `levels`, the first is the reference."""

    name: str
    levels: tuple[str, ...]
    codes: IntArray

    def counts(self, among: BoolArray) -> IntArray:
        """Patients per level among those marked."""
        return np.bincount(self.codes[among], minlength=len(self.levels))


Covariate = Numeric | Factor


def read_covariates(covariates: pd.DataFrame) -> tuple[Covariate, ...]:
    """Type each column: Categorical as a factor, numeric or boolean as a number.

    Raises StatisticsError for any other dtype and for missing values, which a model must not
    drop in silence.
    """
    repeated = covariates.columns[covariates.columns.duplicated()]
    if len(repeated):
        raise StatisticsError(f"covariate {repeated[0]!r} is given twice: keep one of the columns")
    return tuple(_read_column(str(name), column) for name, column in covariates.items())


def _read_column(name: str, column: pd.Series) -> Covariate:
    missing = int(column.isna().sum())
    if missing:
        raise StatisticsError(
            f"covariate {name!r} must be complete, but is missing in {missing} of "
            f"{len(column)} patients: make missing a level of its own or exclude them"
        )
    if isinstance(column.dtype, pd.CategoricalDtype):
        levels = tuple(str(level) for level in column.cat.categories)
        return Factor(name, levels, column.cat.codes.to_numpy().astype(np.int64))
    if column.empty:
        return Numeric(name, np.empty(0))
    if pd.api.types.is_numeric_dtype(column.dtype):
        return Numeric(name, check_numbers(column, name=f"covariate {name!r}"))
    raise StatisticsError(
        f"covariate {name!r} must be numeric or Categorical, but has dtype {column.dtype}: "
        "convert text to a Categorical whose first category is the reference"
    )
