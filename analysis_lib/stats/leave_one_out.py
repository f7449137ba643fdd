"""A Cox model fitted again and again, each time without one group of patients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis_lib.stats.cox import fit_terms
from analysis_lib.stats.design import Key, read_covariates
from analysis_lib.stats.inputs import (
    ArrayLike,
    check_confidence_level,
    check_groups,
    check_same_rows,
    check_survival,
)


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
        half = float(ndtri((1 + self.confidence_level) / 2)) * self.std_error
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
        term = fit_terms(kept, [x.subset(rows) for x in terms]).coefficient(*column)
        found.append(
            LeftOut(str(label), kept.n, kept.n_events, term.coefficient, term.std_error, level)
        )
    return tuple(found)
