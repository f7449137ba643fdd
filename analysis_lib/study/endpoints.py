"""Time-to-event endpoints from dates: months from time zero, and True where the event happened."""

from __future__ import annotations

import pandas as pd

from analysis_lib.parameters.parse import DAYS_PER_MONTH
from analysis_lib.study.eligibility import died_by_lock, last_known_alive

ENTRY = "months_to_entry"


def months(days: pd.Series) -> pd.Series:
    """Days as months of 30.4375 days, so that 12 months are 365.25 days."""
    return days / DAYS_PER_MONTH


def _days(patients: pd.DataFrame, start: str, end: pd.Series) -> pd.Series:
    return (end - patients[start]).dt.days


def time_and_event(patients: pd.DataFrame, outcome: str) -> tuple[pd.Series, pd.Series]:
    """Months from time zero to the end of `pfs` or `os`, and whether its event ended them."""
    return patients[f"{outcome}_months"], patients[f"{outcome}_event"]


# Who dies or is lost on the day of entry has been there for half a day of it.
_HALF_A_DAY = 0.5 / DAYS_PER_MONTH


def entry_of(patients: pd.DataFrame, outcome: str) -> pd.Series | None:
    """Months from time zero after which a patient is at risk; None where all are from the start.

    An extract holds who was infused: before it nobody in it could die or relapse.
    """
    if ENTRY not in patients:
        return None
    return patients[ENTRY].clip(upper=patients[f"{outcome}_months"] - _HALF_A_DAY)


def months_to_entry(patients: pd.DataFrame, time_zero: str) -> dict[str, pd.Series]:
    """The column of the entry, where a time zero lies before the infusion of anybody."""
    waited = (patients["infusion_date"] - patients[time_zero]).dt.days
    return {ENTRY: months(waited.astype(float))} if (waited > 0).any() else {}


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


DEATH_OF_DISEASE, OTHER_DEATH = "death_of_disease", "death_of_other_cause"


def fatal_failure(
    patients: pd.DataFrame, *, data_lock: str, nonresponse_is_event: bool, disease: str
) -> pd.Series:
    """The same with a death told by its cause: from the disease, a level of `cause_of_death`, or
    from another, which a death without a recorded cause counts as.
    """
    first = first_failure(patients, data_lock=data_lock, nonresponse_is_event=nonresponse_is_event)
    died = first == DEATH
    of_disease = (patients["cause_of_death"] == disease).fillna(False)
    return first.mask(died & of_disease, DEATH_OF_DISEASE).mask(died & ~of_disease, OTHER_DEATH)


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
