"""Time-to-event endpoints from dates: months from time zero, and True where the event happened."""

from __future__ import annotations

import pandas as pd

from analysis_lib.cohort.eligibility import died_by_lock, last_known_alive
from analysis_lib.parameters.contradictions import DAYS_PER_MONTH


def months(days: pd.Series) -> pd.Series:
    """Days as months of 30.4375 days, so that 12 months are 365.25 days."""
    return days / DAYS_PER_MONTH


def _days(patients: pd.DataFrame, start: str, end: pd.Series) -> pd.Series:
    return (end - patients[start]).dt.days


def overall_survival(
    patients: pd.DataFrame, *, data_lock: str, time_zero: str = "infusion_date"
) -> pd.DataFrame:
    """Months from time zero to death, or to last contact (at most the data lock) if alive.

    Returns columns `os_months` (float) and `os_event` (True = died).
    """
    died = died_by_lock(patients, data_lock)
    end = patients["death_date"].where(died, last_known_alive(patients, data_lock))
    return pd.DataFrame({"os_months": months(_days(patients, time_zero, end)), "os_event": died})


def progression_free_survival(
    patients: pd.DataFrame,
    *,
    data_lock: str,
    nonresponse_is_event: bool,
    time_zero: str = "infusion_date",
) -> pd.DataFrame:
    """Months from time zero to the earliest of relapse and death, else to last contact.

    Assessed non-response is an event at its assessment only where `nonresponse_is_event` says so;
    the article's words are relapse or death. Patients whose response was not evaluable are no
    events until relapse or death. Transplantation does not censor.

    Returns columns `pfs_months` (float) and `pfs_event` (True = relapse or death).
    """
    lock = pd.Timestamp(data_lock)
    event_dates = patients[["relapse_date", "death_date"]].copy()
    if nonresponse_is_event:
        event_dates["nonresponse"] = patients["response_date"].where(
            patients["response"] == "no_response"
        )
    first = event_dates.where(event_dates <= lock).min(axis=1)
    end = first.fillna(last_known_alive(patients, data_lock))
    return pd.DataFrame(
        {"pfs_months": months(_days(patients, time_zero, end)), "pfs_event": first.notna()}
    )


def followup(survival: pd.DataFrame) -> pd.DataFrame:
    """Follow-up for the reverse Kaplan-Meier: being censored for death is the event.

    Returns columns `followup_months` and `followup_event` (True = alive at last contact).
    """
    return pd.DataFrame(
        {"followup_months": survival["os_months"], "followup_event": ~survival["os_event"]}
    )
