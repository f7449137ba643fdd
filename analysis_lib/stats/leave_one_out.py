"""A Cox model fitted again and again, each time without one group of patients."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.design import Covariate, Factor, Key, build_design, read_covariates
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    SurvivalData,
    check_confidence_level,
    check_groups,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.partial_likelihood import fit_efron

# A log hazard ratio over the range of its column beyond which the maximum may lie at infinity.
_LARGE = 8.0


@dataclass(frozen=True)
class LeftOut:
    """The coefficient of one column when the patients of `label` are left out; nan if there is
    none. `n` and `events` are those of the patients who remain.
    """

    label: str
    n: int
    events: int
    coefficient: float
    std_error: float
    confidence_level: float

    @property
    def hazard_ratio(self) -> float:
        return float(np.exp(self.coefficient))

    @property
    def interval(self) -> tuple[float, float]:
        half = float(norm.ppf((1 + self.confidence_level) / 2)) * self.std_error
        return float(np.exp(self.coefficient - half)), float(np.exp(self.coefficient + half))


def leave_one_out(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    groups: ArrayLike,
    *,
    column: Key,
    confidence_level: float = 0.95,
) -> tuple[LeftOut, ...]:
    """Log hazard ratio of one variable and level without each group in turn.

    A fit whose maximum may be infinite is left to `fit_cox`, which says so.

    R: ``coxph(Surv(time, event) ~ ., data[groups != g, ])`` for each g.

    Raises
    ------
    StatisticsError
        For malformed input, or a group that is missing.
    """
    data = check_survival(time, event)
    check_same_rows(time, covariates, names=("time", "covariates"))
    check_same_rows(time, groups, names=("time", "groups"))
    level, members = check_confidence_level(confidence_level), check_groups(groups)
    terms = read_covariates(covariates)
    found = []
    for code, label in enumerate(members.labels):
        rows = members.codes != code
        kept = data.subset(rows)
        inside = [_subset(term, rows) for term in terms]
        fast = _fast(kept, inside, column) if kept.n_events else (np.nan, np.nan)
        estimate, error = fast or _checked(kept, covariates[rows], column)
        found.append(LeftOut(str(label), kept.n, kept.n_events, estimate, error, level))
    return tuple(found)


def _fast(data: SurvivalData, terms: list[Covariate], column: Key) -> tuple[float, float] | None:
    """The coefficient and its error, or None where the plain fit cannot be trusted."""
    design = build_design(data, terms)
    declared = all(
        design.references[term.name] == term.levels[0] for term in terms if isinstance(term, Factor)
    )
    if column not in design.keys or data.n_events <= len(design.keys) or not declared:
        return None
    kept = data.subset(design.kept)
    try:
        fit = fit_efron(kept.time, kept.event, design.matrix)
    except np.linalg.LinAlgError:
        return None
    if (np.abs(fit.coefficients) * np.ptp(design.matrix, axis=0) > _LARGE).any():
        return None
    at = design.keys.index(column)
    variance = np.linalg.inv(fit.information)[at, at]
    return float(fit.coefficients[at]), float(np.sqrt(variance))


def _subset(term: Covariate, rows: BoolArray) -> Covariate:
    if isinstance(term, Factor):
        return replace(term, codes=term.codes[rows])
    return replace(term, values=term.values[rows])


def _checked(data: SurvivalData, covariates: pd.DataFrame, column: Key) -> tuple[float, float]:
    term = fit_cox(data.time, data.event, covariates.reset_index(drop=True)).coefficient(*column)
    return term.coefficient, term.std_error
