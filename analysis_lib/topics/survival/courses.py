"""The course of every patient, for a swimmer plot: a picture of records, not a result."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import pandas as pd

from analysis_lib.results.rows import Omitted
from analysis_lib.study.endpoints import months
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study

LANES = 110  # on one page, one below the other
ACROSS = 3  # groups that a page has side by side
MOST_GROUPS = 12
NOT_EVALUABLE = "not_evaluable"
HCT = "allo_hct"


@dataclass(frozen=True)
class Lane:
    """One patient, in months from time zero; `None` where it did not happen or is not dated."""

    response: str
    end_months: float
    died: bool
    relapse_months: float | None
    consolidation_months: float | None
    transplanted: bool
    salvage_months: float | None = None


@dataclass(frozen=True)
class Courses:
    """The lanes of each group, longest first; `patients` counts everyone, drawn or not."""

    grouping: Grouping
    lanes: dict[str, tuple[Lane, ...]]
    patients: dict[str, int]
    responses: tuple[tuple[str, str], ...]
    time_zero: str
    relapse: str
    label: str


def patient_courses(study: Study) -> Courses | Omitted:
    """Response, treatment after it, relapse and death of each patient, by exposure.

    Of a group with more patients than the page has lanes for it evenly spaced ones are drawn, in
    the order of their follow-up. Not drawn at all where small counts are suppressed: a lane is
    one patient.
    """
    if study.parameters.small_cell:
        return Omitted(
            "Courses of single patients are not drawn, because small counts are suppressed."
        )
    groups = study.groups
    if len(groups.levels) > MOST_GROUPS:
        return Omitted(
            f"Courses of single patients are drawn for up to {MOST_GROUPS} groups; here are "
            f"{len(groups.levels)}."
        )
    most = LANES // ceil(len(groups.levels) / ACROSS)
    members = {x: _ordered(groups.members(study.patients, x)) for x in groups.levels}
    zero = study.parameters.time_zero
    lanes = {
        level: tuple(_lane(row, zero) for row in _spaced(patients, most).to_dict("records"))
        for level, patients in members.items()
    }
    response = study.dictionary["response"]
    assessed = study.patients["response"].notna().any()
    named = dict(zip(response.levels, response.level_labels, strict=True))
    return Courses(
        groups,
        lanes,
        {level: len(patients) for level, patients in members.items()},
        (*named.items(), (NOT_EVALUABLE, "Not evaluable" if assessed else "Response not recorded")),
        study.time_zero_phrase,
        study.dictionary["relapse"].label,
        study.label,
    )


def _ordered(patients: pd.DataFrame) -> pd.DataFrame:
    return patients.sort_values("os_months", ascending=False, kind="stable")


def _spaced(patients: pd.DataFrame, most: int) -> pd.DataFrame:
    """Evenly spaced rows, the first and the last among them."""
    if len(patients) <= most:
        return patients
    chosen = [round(i * (len(patients) - 1) / (most - 1)) for i in range(most)]
    return patients.iloc[chosen]


def _lane(patient: dict[str, object], time_zero: str) -> Lane:
    response, start = patient["response"], patient[time_zero]
    end = float(patient["os_months"])  # type: ignore[arg-type]
    return Lane(
        NOT_EVALUABLE if pd.isna(response) else str(response),
        end,
        bool(patient["os_event"]),
        _within(patient["relapse_date"], start, end),
        _within(patient["consolidation_date"], start, end),
        patient["consolidation"] == HCT,
        _within(patient["salvage_date"], start, end),
    )


def _within(date: object, start: object, end: float) -> float | None:
    """Months from time zero, if it was by the end of the follow-up that counts."""
    if pd.isna(date) or pd.isna(start):
        return None
    after = float(months(pd.Series([(date - start).days])).iloc[0])  # type: ignore[operator]
    return after if after <= end else None
