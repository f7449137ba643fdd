"""The date from which survival is counted, and how it is called."""

from __future__ import annotations

import pandas as pd

from analysis_lib.parameters import Parameters
from analysis_lib.parameters.contradictions import (
    DAYS_PER_MONTH,
    FROM_INFUSION,
    FROM_TIME_ZERO,
    refuse_times_beyond,
)

PHRASES = {
    "infusion_date": "infusion",
    "lymphodepletion_date": "lymphodepletion",
    "apheresis_date": "apheresis",
}


def check_times(patients: pd.DataFrame, parameters: Parameters) -> None:
    """Refuse a time of the analysis that was chosen and that no patient was followed to.

    Raises
    ------
    ParameterError
        Naming the time and the longest follow-up.
    """
    followed = float(patients["os_months"].max()) * DAYS_PER_MONTH
    end = f"the longest follow-up from {PHRASES[parameters.time_zero]}"
    refuse_times_beyond(parameters, followed, end, names=FROM_TIME_ZERO)
    since_infusion = months_from_infusion(patients, "os", parameters.time_zero)
    refuse_times_beyond(
        parameters,
        float(since_infusion.max()) * DAYS_PER_MONTH,
        "the longest follow-up from infusion",
        names=FROM_INFUSION,
    )


def months_from_infusion(patients: pd.DataFrame, outcome: str, time_zero: str) -> pd.Series:
    """An endpoint's months counted from infusion, where the study counts them from `time_zero`.

    By whole days: a difference of months would move events across a landmark by rounding.
    """
    waited = (patients["infusion_date"] - patients[time_zero]).dt.days
    return ((patients[f"{outcome}_months"] * DAYS_PER_MONTH).round() - waited) / DAYS_PER_MONTH
