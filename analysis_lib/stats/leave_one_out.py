"""A Cox model fitted again and again, each time without one group of patients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis_lib.stats.covariates import read_covariates
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.design import Design, build_design
from analysis_lib.stats.efron import fit_efron
from analysis_lib.stats.inputs import (
    ArrayLike,
    check_confidence_level,
    check_groups,
    check_same_rows,
    check_survival,
)

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
    column: tuple[str, str],
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
    found = []
    for code, label in enumerate(members.labels):
        rows = members.codes != code
        kept = data.subset(rows)
        estimate, error = np.nan, np.nan
        if kept.n_events:
            inside = covariates[rows].reset_index(drop=True)
            estimate, error = _one(kept.time, kept.event, inside, column)
        found.append(LeftOut(str(label), kept.n, kept.n_events, estimate, error, level))
    return tuple(found)


def _one(
    time: np.ndarray, event: np.ndarray, covariates: pd.DataFrame, column: tuple[str, str]
) -> tuple[float, float]:
    data = check_survival(time, event)
    design = build_design(data, read_covariates(covariates))
    if column not in design.keys:
        return np.nan, np.nan
    if data.n_events > len(design.keys) and _declared_references(design, covariates):
        kept = data.subset(design.kept)
        try:
            fit = fit_efron(kept.time, kept.event, design.matrix)
        except np.linalg.LinAlgError:
            return _checked(time, event, covariates, column)
        if (np.abs(fit.coefficients) * np.ptp(design.matrix, axis=0) < _LARGE).all():
            variance = np.linalg.inv(fit.information)
            at = design.keys.index(column)
            return float(fit.coefficients[at]), float(np.sqrt(variance[at, at]))
    return _checked(time, event, covariates, column)


def _declared_references(design: Design, covariates: pd.DataFrame) -> bool:
    """Whether every factor is measured from its own reference, as a coefficient is read."""
    return all(
        level == str(covariates[name].cat.categories[0])
        for name, level in design.references.items()
    )


def _checked(
    time: np.ndarray, event: np.ndarray, covariates: pd.DataFrame, column: tuple[str, str]
) -> tuple[float, float]:
    term = fit_cox(time, event, covariates).coefficient(*column)
    return term.coefficient, term.std_error
