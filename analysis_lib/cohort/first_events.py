"""What happened first: the events that compete with each other, from dates."""

from __future__ import annotations

import pandas as pd

from analysis_lib.cohort.eligibility import died_by_lock, last_known_alive

RELAPSE, NONRESPONSE, DEATH = "relapse", "nonresponse", "death"


def first_failure(
    patients: pd.DataFrame, *, data_lock: str, nonresponse_is_event: bool
) -> pd.Series:
    """Which event ended progression-free survival: relapse, assessed non-response, or death.

    Missing where it has not ended by the data lock. Of several on one day the leukaemia comes
    first: a relapse, then a non-response. Without `nonresponse_is_event` a patient who never
    responded can only die, and counts as dead without relapse.
    """
    lock = pd.Timestamp(data_lock)
    dates = {RELAPSE: patients["relapse_date"]}
    if nonresponse_is_event:
        failed = patients["response"] == "no_response"
        dates[NONRESPONSE] = patients["response_date"].where(failed)
    dates[DEATH] = patients["death_date"]
    by_lock = {name: date.where(date <= lock) for name, date in dates.items()}
    first = pd.DataFrame(by_lock).min(axis=1)
    cause = pd.Series(pd.NA, index=patients.index, dtype="object")
    for name in reversed(by_lock):
        cause[by_lock[name].notna() & (by_lock[name] == first)] = name
    return cause


def toxicity_onset(
    patients: pd.DataFrame, name: str, *, data_lock: str, horizon_days: int
) -> pd.DataFrame:
    """Days from infusion to the onset of CRS or ICANS, with death before it as competing event.

    `name` is `crs` or `icans`. Among the patients evaluable for it whose onset, if there was one,
    is dated. Who has had neither by the horizon is censored there, the last day included.

    Returns columns `days`, `onset` and `died` (True = it ended the time).
    """
    onset_days = patients[f"{name}_onset_days"].astype("Float64").astype(float)
    affected = patients[name] == "yes"
    known = patients[name].notna() & (onset_days.notna() | ~affected)
    chosen, onset_days = patients[known], onset_days[known].where(affected[known])
    died = died_by_lock(chosen, data_lock)
    end = chosen["death_date"].where(died, last_known_alive(chosen, data_lock))
    end_days = (end - chosen["infusion_date"]).dt.days.astype(float)
    # An onset after the lock would lie beyond the time that counts.
    onset = onset_days.notna() & (onset_days <= end_days) & (onset_days <= horizon_days)
    days = onset_days.where(onset, end_days).clip(upper=horizon_days)
    return pd.DataFrame(
        {"days": days, "onset": onset, "died": died & ~onset & (end_days <= horizon_days)}
    )
