"""Salvage: treatment after infusion that was not given in remission, and is no consolidation."""

from __future__ import annotations

import pandas as pd

from analysis_lib.source.response_criteria import says_salvage

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
        WITHOUT_RESPONSE: response == "no_response",
    }
    reason = pd.Series(pd.NA, index=patients.index, dtype="object")
    for name, holds in held.items():
        reason[treated & holds] = name
    return pd.Series(pd.Categorical(reason, categories=list(REASONS)), index=patients.index)
