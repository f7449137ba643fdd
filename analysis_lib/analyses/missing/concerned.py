"""Whom a variable concerns, and which of them have no value: the base of every share missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

# What a registry writes where nobody knows; a level of its own in every table, no value here.
UNKNOWN_LEVELS = ("not_reported", "not_tested")
NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Part:
    """A part of the patients: in words, and as a mask."""

    phrase: str
    holds: Callable[[pd.DataFrame], pd.Series]


def _is(name: str, level: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda patients: patients[name] == level


def _has_doses(name: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda patients: patients[name].fillna(0) > 0


# A death before the assessment is an event that came first, and no value that nobody wrote down.
ASSESSABLE = Part(
    "of those alive for it",
    lambda patients: patients["response_not_evaluable_reason"] != "died_before_assessment",
)
RESPONDED = Part("of those in CR or CRi", _is("cr_cri", "yes"))
EXPOSED = Part("of the exposed", _is("ino", "exposed"))
PARTS = {
    "ino_response": EXPOSED,
    "last_ino_preapheresis_date": Part(
        "of those with doses then", _has_doses("ino_doses_preapheresis")
    ),
    "last_ino_bridging_date": Part("of those with doses then", _has_doses("ino_doses_bridging")),
    "crs_onset_date": Part("of those with CRS", _is("crs", "yes")),
    "icans_onset_date": Part("of those with ICANS", _is("icans", "yes")),
    "response_date": ASSESSABLE,
    "response_marrow_blasts_percent": ASSESSABLE,
    "response_circulating_blasts": ASSESSABLE,
    "response_extramedullary_disease": ASSESSABLE,
    "response_anc_per_ul": ASSESSABLE,
    "response_platelets_per_ul": ASSESSABLE,
    "mrd_status": RESPONDED,
    "mrd_method": Part(
        "of those in CR or CRi and tested",
        lambda patients: (
            (patients["cr_cri"] == "yes") & patients["mrd_status"].isin(["negative", "positive"])
        ),
    ),
    "consolidation": RESPONDED,
    "consolidation_any": RESPONDED,
    "mrd_negative": RESPONDED,
    "consolidation_date": Part(
        "of the consolidated",
        lambda patients: (
            patients["consolidation"].notna()
            & ~patients["consolidation"].isin(["none", NOT_APPLICABLE])
        ),
    ),
    "cause_of_death": Part("of the dead", lambda patients: patients["os_event"]),
}


def part_of(name: str) -> str:
    """The part of the patients that a variable concerns, in words; empty where it is everyone."""
    return PARTS[name].phrase if name in PARTS else ""


def concerned(patients: pd.DataFrame, name: str) -> pd.Series:
    """Whom a variable concerns: its part of the patients, without those marked as outside it."""
    part = PARTS[name].holds(patients) if name in PARTS else pd.Series(True, index=patients.index)
    if isinstance(patients[name].dtype, pd.CategoricalDtype):
        part = part & (patients[name] != NOT_APPLICABLE)
    return part.astype(bool)


def lacking(patients: pd.DataFrame, name: str) -> pd.Series:
    """Who is concerned and has no value, or one that says that nobody knows."""
    values = patients[name]
    unknown = values.isna()
    if isinstance(values.dtype, pd.CategoricalDtype):
        unknown = unknown | values.isin(UNKNOWN_LEVELS)
    return unknown & concerned(patients, name)
