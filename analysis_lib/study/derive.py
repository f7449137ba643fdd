"""Derived variables: groupings, outcomes, salvage and intervals, never stored."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis_lib.dictionary import Dictionary
from analysis_lib.intake.rules.combinations import (
    ANC_PER_UL,
    MARROW_BLASTS_PERCENT,
    MEASURED,
    NO_RESPONSE,
    PLATELETS_PER_UL,
    says_salvage,
)
from analysis_lib.intake.rules.combinations import RECORDED as RECORDED_RESPONSE
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.study.eligibility import died_by_lock
from analysis_lib.study.endpoints import (
    followup,
    months_to_entry,
    overall_survival,
    progression_free_survival,
)


def classify_response(patients: pd.DataFrame) -> pd.Series:
    """CR, CRi or no response per patient; missing where the response was not evaluable.

    CR needs marrow blasts < 5%, no circulating blasts, no extramedullary disease, neutrophils
    > 1000/µL and platelets > 100 000/µL; CRi is the same with either count at or below its bound
    (equality counts as CRi). Disease found by any one measurement is no response whatever else is
    missing; a remission needs all of them.
    """
    blasts = patients["response_marrow_blasts_percent"]
    circulating = patients["response_circulating_blasts"]
    extramedullary = patients["response_extramedullary_disease"]
    disease = (blasts >= MARROW_BLASTS_PERCENT) | (circulating == "yes") | (extramedullary == "yes")
    complete = patients[list(MEASURED)].notna().all(axis=1)
    recovered = (patients["response_anc_per_ul"] > ANC_PER_UL) & (
        patients["response_platelets_per_ul"] > PLATELETS_PER_UL
    )
    response = pd.Series(pd.NA, index=patients.index, dtype="object")
    response[complete & ~disease & recovered] = "cr"
    response[complete & ~disease & ~recovered] = "cri"
    response[disease] = NO_RESPONSE
    return pd.Series(
        pd.Categorical(response, categories=["cr", "cri", NO_RESPONSE]), index=patients.index
    )


def response_of(patients: pd.DataFrame) -> pd.Series:
    """The response that the registry recorded itself, else what its measurements give."""
    measured, recorded = classify_response(patients), patients[RECORDED_RESPONSE]
    return recorded.where(recorded.notna(), measured).astype(measured.dtype)


AFTER_RELAPSE, BEFORE_RESPONSE = "after_relapse", "before_response"
WITHOUT_RESPONSE, RECORDED = "without_response", "recorded"
# Why a treatment is salvage, as a part of a sentence.
REASONS = {
    AFTER_RELAPSE: "on or after the day of relapse",
    BEFORE_RESPONSE: "before the response",
    WITHOUT_RESPONSE: "without a response",
    RECORDED: "recorded as salvage",
}
NONE = "none"


def set_salvage_apart(patients: pd.DataFrame) -> pd.DataFrame:
    """The patients with salvage taken out of their consolidation, as if it were not recorded.

    Two columns more: `salvage_reason` and `salvage_date`, missing where nothing was salvage.
    """
    reason = salvage_reason(patients)
    salvage, kinds, dates = (
        reason.notna(),
        patients["consolidation"],
        patients["consolidation_date"],
    )
    return patients.assign(
        consolidation=kinds.mask(salvage, NONE) if salvage.any() else kinds,
        consolidation_date=dates.mask(salvage),
        salvage_reason=reason,
        salvage_date=dates.where(salvage),
    )


def salvage_reason(patients: pd.DataFrame) -> pd.Series:
    """Why a patient's treatment is salvage; missing where it is none, or nobody can say.

    Consolidation is given in remission: from the day of the response on, before the day of a
    relapse. Without a date it is taken as recorded, unless there was no response at all; so is the
    treatment of a patient whose response was not evaluable, if no relapse came before it.
    """
    kinds, given_on = patients["consolidation"], patients["consolidation_date"]
    response = patients["response"]
    treated = kinds.notna() & ~kinds.isin([NONE, "not_applicable"])
    held = {
        RECORDED: kinds.astype("object").map(says_salvage, na_action="ignore").eq(True),
        BEFORE_RESPONSE: response.isin(["cr", "cri"]) & (given_on < patients["response_date"]),
        AFTER_RELAPSE: given_on >= patients["relapse_date"],
        WITHOUT_RESPONSE: response == NO_RESPONSE,
    }
    reason = pd.Series(pd.NA, index=patients.index, dtype="object")
    for name, holds in held.items():
        reason[treated & holds] = name
    return pd.Series(pd.Categorical(reason, categories=list(REASONS)), index=patients.index)


EARLY_DEATH_DAYS = 30


def derive_variables(
    patients: pd.DataFrame, dictionary: Dictionary, parameters: Parameters, *, data_lock: str
) -> pd.DataFrame:
    """The extract with every derived variable of the dictionary and every endpoint."""
    derived = set_salvage_apart(patients.assign(response=response_of(patients)))
    columns = {
        **_age(derived),
        **_disease(derived),
        **_inotuzumab(derived),
        **_toxicity(derived),
        **_outcomes(derived, data_lock),
    }
    derived = derived.assign(
        **{name: _as_declared(x, name, dictionary) for name, x in columns.items()}
    )
    survival = overall_survival(derived, data_lock=data_lock, time_zero=parameters.time_zero)
    progression = progression_free_survival(
        derived,
        data_lock=data_lock,
        nonresponse_is_event=parameters.nonresponse_is_pfs_event,
        time_zero=parameters.time_zero,
    )
    endpoints = pd.concat([derived, progression, survival, followup(survival)], axis=1)
    return endpoints.assign(**months_to_entry(derived, parameters.time_zero))


def _as_declared(values: pd.Series, name: str, dictionary: Dictionary) -> pd.Series:
    variable = dictionary[name]
    if not variable.is_categorical:
        return values
    return pd.Series(
        pd.Categorical(values.astype("object"), categories=variable.levels), index=values.index
    )


def _cut(values: pd.Series, bounds: Mapping[str, tuple[float, float]]) -> pd.Series:
    """Name the half-open interval [low, high) that holds each value; missing where none does."""
    group = pd.Series(pd.NA, index=values.index, dtype="object")
    for level, (low, high) in bounds.items():
        group[(values >= low) & (values < high)] = level
    return group


def _yes_no(condition: pd.Series, known: pd.Series | None = None) -> pd.Series:
    text = condition.map({True: "yes", False: "no"}).astype("object")
    return text if known is None else text.where(known)


def _age(patients: pd.DataFrame) -> dict[str, pd.Series]:
    age = patients["age_years"]
    published = pd.Series(pd.NA, index=age.index, dtype="object")
    published[(age >= 18) & (age <= 39)] = "18_to_39"
    published[(age >= 40) & (age <= 59)] = "40_to_59"
    published[age >= 60] = "ge_60"
    infinity = float("inf")
    return {
        "age_group": _cut(age, {"lt_40": (0, 40), "40_to_59": (40, 60), "ge_60": (60, infinity)}),
        "age_group_as_published": published,
        "age_decades": age / 10,
    }


def _disease(patients: pd.DataFrame) -> dict[str, pd.Series]:
    race, status = patients["race_ethnicity"], patients["marrow_status"]
    subtype = patients["disease_subtype"]
    together = {level: level for level in race.cat.categories} | {
        "black": "other",
        "asian": "other",
    }
    collapsed = race.astype("object").map(together)
    bounds = {"lt_25": (0, 25), "25_to_74": (25, 75), "ge_75": (75, float("inf"))}
    return {
        "race_ethnicity_collapsed": collapsed,
        "marrow_blasts_group": _cut(patients["marrow_blasts_percent"], bounds),
        "active_marrow": _yes_no(status == "active", status.notna()),
        "ph_positive": _yes_no(subtype == "ph_positive", subtype.notna()),
    }


def _inotuzumab(patients: pd.DataFrame) -> dict[str, pd.Series]:
    """Exposure by any dose; the 'naive' of all groupings are those with no dose in any period."""
    before, bridging = patients["ino_doses_preapheresis"], patients["ino_doses_bridging"]
    doses = before.fillna(0) + bridging.fillna(0)
    recorded = before.notna() | bridging.notna()
    exposed = (doses > 0) & recorded
    timing = pd.Series(pd.NA, index=patients.index, dtype="object")
    timing[exposed] = "preapheresis_only"
    timing[exposed & (bridging.fillna(0) > 0)] = "bridging"
    reported = patients["ino_response"].astype("object").fillna("not_reported")
    ino = exposed.map({True: "exposed", False: "naive"}).astype("object").where(recorded)
    return {
        "ino": ino,
        "ino_timing": timing,
        "ino_response": reported.where(exposed),
        "ino_exposure_response": reported.where(exposed, "naive").where(recorded),
        "ino_doses": doses.where(exposed),
        "days_ino_to_apheresis": _days(patients, "last_ino_preapheresis_date", "apheresis_date"),
        "days_ino_to_infusion": _days(patients, "last_ino_bridging_date", "infusion_date"),
    }


def _days(patients: pd.DataFrame, start: str, end: str) -> pd.Series:
    return (patients[end] - patients[start]).dt.days.astype("Int64")


def _toxicity(patients: pd.DataFrame) -> dict[str, pd.Series]:
    columns = {}
    for name in ("crs", "icans"):
        grade = patients[f"{name}_grade"].astype("Float64").astype(float)
        groups = {"grade_1_2": (1, 3), "grade_3_4": (3, 5), "grade_5": (5, 6)}
        columns[name] = _yes_no(grade >= 1, grade.notna())
        columns[f"{name}_grade_group"] = _cut(grade, groups)
        columns[f"{name}_onset_days"] = _days(patients, "infusion_date", f"{name}_onset_date")
    return columns


def _outcomes(patients: pd.DataFrame, data_lock: str) -> dict[str, pd.Series]:
    response, lock = patients["response"], pd.Timestamp(data_lock)
    evaluable = response.notna()
    responder = response.isin(["cr", "cri"])
    died = died_by_lock(patients, data_lock)
    days_to_death = (patients["death_date"] - patients["infusion_date"]).dt.days
    negative = responder & (patients["mrd_status"] == "negative")
    consolidation = patients["consolidation"]
    return {
        "response_evaluable": _yes_no(evaluable),
        "cr_cri": _yes_no(responder, evaluable),
        "mrd_negative": _yes_no(negative, evaluable),
        "consolidation_any": _yes_no(consolidation != "none", consolidation.notna()),
        "relapse": _yes_no(patients["relapse_date"] <= lock),
        "death_30d": _yes_no(died & (days_to_death <= EARLY_DEATH_DAYS)),
        "sos_death": _yes_no(died & (patients["cause_of_death"] == "sos")),
    }
