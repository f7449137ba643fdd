"""Three ways to say when a patient counts as consolidated, each as pieces of follow-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.cohort import Study
from analysis_lib.cohort.endpoints import DAYS_PER_MONTH
from analysis_lib.stats import Intervals, landmark_follow_up, split_follow_up

FIXED, VARYING, LANDMARK = "fixed", "time_varying", "landmark"


@dataclass(frozen=True)
class Estimator:
    """`kind` is fixed, time_varying or landmark; a landmark has its day after infusion."""

    kind: str
    days: float | None = None

    @classmethod
    def of_months(cls, kind: str, time_months: float | None) -> Estimator:
        """The estimator that a row of the results names."""
        return cls(kind, None if time_months is None else round(time_months * DAYS_PER_MONTH, 6))

    @property
    def analysis(self) -> str:
        return f"consolidation_{self.kind}"

    @property
    def time_months(self) -> float | None:
        return None if self.days is None else self.days / DAYS_PER_MONTH


def estimators(study: Study) -> tuple[Estimator, ...]:
    """Fixed, time-varying, and one a landmark."""
    days = study.parameters.consolidation_landmarks
    return (Estimator(FIXED), Estimator(VARYING), *(Estimator(LANDMARK, x) for x in days))


def taken(patients: pd.DataFrame, estimator: Estimator) -> pd.DataFrame:
    """The patients of an estimator: at a landmark those who are followed beyond it in remission.

    Who has relapsed by then can no longer be consolidated in remission, whatever the endpoint.
    """
    if estimator.time_months is None:
        return patients
    return patients[patients["pfs_months"] > estimator.time_months]


def pieces_of(patients: pd.DataFrame, outcome: str, estimator: Estimator) -> Intervals:
    """Follow-up of an estimator's patients, and when they count as consolidated.

    Fixed: from infusion on, who ever will be. Time-varying: from the day it begins, everyone from
    the response assessment. Landmark: from the landmark on, who has been by then.
    """
    time, event = patients[f"{outcome}_months"], patients[f"{outcome}_event"]
    begin = patients["begin_months"]
    if estimator.kind == VARYING:
        return split_follow_up(time, event, begin, entry=patients["entry_months"])
    if estimator.time_months is not None:
        return landmark_follow_up(time, event, begin, at=estimator.time_months)
    ever = np.where(begin.notna(), 0.0, np.nan)
    return landmark_follow_up(time, event, ever, at=0.0)
