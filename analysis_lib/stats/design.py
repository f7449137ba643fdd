"""Design matrix of a Cox model, reduced to the columns the likelihood can identify."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray, SurvivalData, check_numbers


@dataclass(frozen=True)
class Numeric:
    """A covariate that enters the model as it is."""

    name: str
    values: FloatArray

    def subset(self, keep: BoolArray) -> Numeric:
        """The patients marked in `keep`."""
        return Numeric(self.name, self.values[keep])


@dataclass(frozen=True)
class Factor:
    """A covariate of two or more levels; `codes` index `levels`, the first is the reference."""

    name: str
    levels: tuple[str, ...]
    codes: IntArray

    def counts(self, among: BoolArray) -> IntArray:
        """Patients per level among those marked."""
        found = np.bincount(self.codes, weights=among, minlength=len(self.levels))
        return found.astype(np.int64)

    def subset(self, keep: BoolArray) -> Factor:
        """The patients marked in `keep`."""
        return Factor(self.name, self.levels, self.codes[keep])


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
    values = column.array
    is_factor = isinstance(values, pd.Categorical)
    missing = int((values.codes < 0).sum() if is_factor else column.isna().sum())
    if missing:
        raise StatisticsError(
            f"covariate {name!r} must be complete, but is missing in {missing} of "
            f"{len(column)} patients: make missing a level of its own or exclude them"
        )
    if is_factor:
        levels = tuple(str(level) for level in values.categories)
        return Factor(name, levels, values.codes.astype(np.int64))
    if column.empty:
        return Numeric(name, np.empty(0))
    if pd.api.types.is_numeric_dtype(column.dtype):
        return Numeric(name, check_numbers(column, name=f"covariate {name!r}"))
    raise StatisticsError(
        f"covariate {name!r} must be numeric or Categorical, but has dtype {column.dtype}: "
        "convert text to a Categorical whose first category is the reference"
    )


NO_EVENTS = "no events at this level"
# The share of a column's length the others may leave; its square is R's toler.chol.
_ALIAS_TOLERANCE = 1e-6
_ROUNDING = 1e-12
# A correlation matrix of a larger determinant is of full rank whatever the rounding.
SURELY_FULL = 1e-8

Key = tuple[str, str]  # variable and level; the level of a numeric covariate is ""


@dataclass(frozen=True, eq=False)
class Design:
    """Columns that enter the fit, and why the others do not.

    `kept` marks the patients of the fit: those at a level without events have left it, because
    in the limit of the likelihood (coefficient -> -inf) they weigh nothing in any risk set.
    `references` gives the level each factor is actually measured from; `parameters` is the rank of
    the full design, infinite coefficients included (as R counts them).
    """

    keys: tuple[Key, ...]
    matrix: FloatArray
    kept: BoolArray
    reasons: dict[Key, str]
    references: dict[str, str]
    parameters: int


def column_name(key: Key) -> str:
    """Name of a design column: the variable, or variable=level."""
    variable, level = key
    return f"{variable}={level}" if level else variable


def build_design(data: SurvivalData, covariates: Sequence[Covariate]) -> Design:
    """Dummy-code the factors and set aside every column without a finite estimate."""
    reasons: dict[Key, str] = {}
    references: dict[str, str] = {}
    columns: dict[Key, FloatArray] = {}
    kept = np.ones(data.n, dtype=bool)
    for covariate in covariates:
        if isinstance(covariate, Numeric):
            columns[covariate.name, ""] = covariate.values
            continue
        events = covariate.counts(data.event)
        kept &= events[covariate.codes] > 0
        working = int(np.argmax(events > 0))
        references[covariate.name] = covariate.levels[working]
        reasons |= _level_reasons(covariate, events)
        for code in np.flatnonzero(events > 0):
            if code != working:
                key = covariate.name, covariate.levels[code]
                columns[key] = (covariate.codes == code).astype(float)
    rows = kept & (data.time >= data.time[data.event].min())
    aliased = aliased_columns({key: column[rows] for key, column in columns.items()})
    keys = tuple(key for key in columns if key not in aliased)
    matrix = np.array([columns[key][kept] for key in keys]).reshape(len(keys), int(kept.sum())).T
    # Which level is the reference does not change what the columns span.
    parameters = len(keys) if kept.all() else _rank(data, covariates)
    # A reason at the level itself says more than an alias found beside it.
    return Design(keys, matrix, kept, aliased | reasons, references, parameters)


def _rank(data: SurvivalData, covariates: Sequence[Covariate]) -> int:
    """Columns of the design of all patients that are not aliased."""
    rows = data.time >= data.time[data.event].min()
    columns = {
        key: column[rows]
        for covariate in covariates
        for key, column in factor_columns(covariate).items()
    }
    return len(columns) - len(aliased_columns(columns))


def too_few(data: SurvivalData, parameters: int) -> str:
    """Why a model of so many parameters is not fitted; empty where it is."""
    if data.n_events >= parameters:
        return ""
    return f"fewer events ({data.n_events}) than parameters ({parameters})"


def aliased_columns(
    columns: dict[Key, FloatArray], strata: IntArray | None = None
) -> dict[Key, str]:
    """Columns that are constant, or a linear combination of the columns before them.

    The given rows are the patients at risk at the first event: what does not vary among them
    varies in no risk set.
    """
    if not columns:
        return {}
    units = np.array([_centre(values, strata) for values in columns.values()])
    sizes = np.linalg.norm(units, axis=1)
    varies = sizes > _ROUNDING * np.array([np.linalg.norm(x) for x in columns.values()])
    constant = "the same value in every patient at risk"
    aliased = {key: constant for key, x in zip(columns, varies, strict=True) if not x}
    if aliased:
        units, sizes = units[varies], sizes[varies]
    units /= sizes[:, None]
    if np.linalg.det(units @ units.T) <= SURELY_FULL:
        aliased |= _collinear([key for key in columns if key not in aliased], units)
    return {key: aliased[key] for key in columns if key in aliased}


def _collinear(keys: Sequence[Key], units: FloatArray) -> dict[Key, str]:
    """Which columns of length 1 are a linear combination of those before, and of which."""
    aliased: dict[Key, str] = {}
    # Orthonormal, and spanning the columns before; only a dependent column is named by these.
    basis, independent = np.empty(units.shape), list[int]()
    for place, (key, unit) in enumerate(zip(keys, units, strict=True)):
        before = basis[: len(independent)]
        rest = unit - (before @ unit) @ before
        rest -= (before @ rest) @ before
        left = float(np.linalg.norm(rest))
        if left <= _ALIAS_TOLERANCE:
            weights = np.linalg.lstsq(units[independent].T, unit)[0]
            partners = zip(independent, weights, strict=True)
            names = [column_name(keys[i]) for i, weight in partners if abs(weight) > 1e-6]
            aliased[key] = f"perfectly collinear with {', '.join(names)}"
            continue
        basis[len(independent)] = rest / left
        independent.append(place)
    return aliased


def _level_reasons(factor: Factor, events: IntArray) -> dict[Key, str]:
    patients = factor.counts(np.ones(len(factor.codes), dtype=bool))
    reasons = {}
    for code, level in enumerate(factor.levels[1:], start=1):
        if patients[code] == 0:
            reasons[factor.name, level] = "no patients at this level"
        elif patients[0] == 0:
            reasons[factor.name, level] = "no patients at the reference level"
        elif events[code] == 0:
            reasons[factor.name, level] = NO_EVENTS
        elif events[0] == 0:
            reasons[factor.name, level] = "no events at the reference level"
    return reasons


def _centre(values: FloatArray, strata: IntArray | None) -> FloatArray:
    if strata is None:
        return values - values.mean()
    sums = np.bincount(strata, weights=values)
    return values - (sums / np.maximum(np.bincount(strata), 1))[strata]


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


def natural_spline(x: FloatArray, knots: FloatArray) -> FloatArray:
    """Cubic between the knots, straight beyond the outer ones; one column per knot.

    The first column is constant, the second linear. R: ``cbind(1, splines::ns(x, knots = inner,
    Boundary.knots = outer))`` has columns of the same space. Hastie, Tibshirani & Friedman (2009),
    section 5.2.1, on [0, 1].
    """
    low, width = knots[0], knots[-1] - knots[0]
    scaled, at = (x - low) / width, (knots - low) / width
    cubes = np.maximum(scaled[:, None] - at[None, :], 0) ** 3
    slopes = (cubes[:, :-1] - cubes[:, -1:]) / (at[-1] - at[:-1])
    return np.column_stack([np.ones(len(x)), scaled, slopes[:, :-1] - slopes[:, -1:]])
