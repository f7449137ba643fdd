"""Design matrix of a Cox model, reduced to the columns the likelihood can identify."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis_lib.stats.covariates import Covariate, Factor, Numeric
from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray, SurvivalData

NO_EVENTS = "no events at this level"
# The share of a column's length the others may leave; its square is R's toler.chol.
_ALIAS_TOLERANCE = 1e-6
_ROUNDING = 1e-12

Key = tuple[str, str]  # variable and level; the level of a numeric covariate is ""


@dataclass(frozen=True, eq=False)
class Design:
    """Columns that enter the fit, and why the others do not.

    `kept` marks the patients of the fit: those at a level without events have left it, because
    in the limit of the likelihood (coefficient -> -inf) they weigh nothing in any risk set.
    `references` gives the level each factor is actually measured from.
    """

    keys: tuple[Key, ...]
    matrix: FloatArray
    kept: BoolArray
    reasons: dict[Key, str]
    references: dict[str, str]


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
    # A reason at the level itself says more than an alias found beside it.
    return Design(keys, matrix, kept, aliased | reasons, references)


def count_parameters(data: SurvivalData, covariates: Sequence[Covariate]) -> int:
    """Rank of the full design: the parameters of the model, infinite ones included (as R)."""
    columns: dict[Key, FloatArray] = {}
    rows = data.time >= data.time[data.event].min()
    for covariate in covariates:
        if isinstance(covariate, Numeric):
            columns[covariate.name, ""] = covariate.values[rows]
        else:
            for code, level in enumerate(covariate.levels[1:], start=1):
                columns[covariate.name, level] = (covariate.codes[rows] == code).astype(float)
    return len(columns) - len(aliased_columns(columns))


def aliased_columns(
    columns: dict[Key, FloatArray], strata: IntArray | None = None
) -> dict[Key, str]:
    """Columns that are constant, or a linear combination of the columns before them.

    The given rows are the patients at risk at the first event: what does not vary among them
    varies in no risk set.
    """
    aliased: dict[Key, str] = {}
    names: list[str] = []
    basis: list[FloatArray] = []
    for key, values in columns.items():
        centred = _centre(values, strata)
        size = float(np.linalg.norm(centred))
        if size <= _ROUNDING * float(np.linalg.norm(values)):
            aliased[key] = "the same value in every patient at risk"
            continue
        unit = centred / size
        weights = np.linalg.lstsq(np.column_stack(basis), unit)[0] if basis else np.empty(0)
        rest = unit - np.column_stack(basis) @ weights if basis else unit
        if np.linalg.norm(rest) <= _ALIAS_TOLERANCE:
            partners = [n for n, w in zip(names, weights, strict=True) if abs(w) > 1e-6]
            aliased[key] = f"perfectly collinear with {', '.join(partners)}"
            continue
        names.append(column_name(key))
        basis.append(unit)
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
