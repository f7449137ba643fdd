"""The plan of the analysis: where it lies, of which day it is, and whether it was followed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import Parameters

KEYS = ("where", "date", "parameters")
# What names files or words, or hides counts, and decides nothing that a plan lays down.
NOT_PLANNED = (
    "cohort",
    "dictionary",
    "mapping",
    "claims",
    "preset",
    "analysis_plan",
    "title",
    "authors",
    "treatment",
    "exposure_label",
    "small_cell",
)
_DIGITS = 16


@dataclass(frozen=True)
class AnalysisPlan:
    """A plan with the parameters of this analysis; `date` is an ISO date."""

    where: str
    date: str


def plan_hash(parameters: Parameters) -> str:
    """Sixteen hexadecimal digits that change with every choice of the analysis."""
    chosen = {name: x for name, x in asdict(parameters).items() if name not in NOT_PLANNED}
    text = json.dumps(chosen, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def plan_of(parameters: Parameters) -> AnalysisPlan | None:
    """The plan that was declared, if one was."""
    given = parameters.analysis_plan
    return AnalysisPlan(given["where"], given["date"]) if given else None


def check_plan(parameters: Parameters) -> None:
    """Refuse a plan without place, day or hash, and one with other parameters than these.

    Raises
    ------
    ParameterError
        Naming what is amiss, and the hash that these parameters have.
    """
    given = parameters.analysis_plan
    if not given:
        return
    unknown = [key for key in given if key not in KEYS]
    lacking = [key for key in KEYS if not given.get(key, "").strip()]
    if unknown or lacking:
        wrong = f"has {unknown[0]!r}" if unknown else f"lacks {lacking[0]!r}"
        raise ParameterError(
            f"analysis_plan: must have where, date and parameters, but {wrong}; the hash of these "
            f"parameters is {plan_hash(parameters)}"
        )
    try:
        dt.date.fromisoformat(given["date"])
    except ValueError:
        raise ParameterError(
            f"analysis_plan: date must be a date like 2023-10-30, but is {given['date']!r}"
        ) from None
    if given["parameters"] != plan_hash(parameters):
        raise ParameterError(
            f"analysis_plan: has the parameters {given['parameters']}, but these have "
            f"{plan_hash(parameters)}; set them as they were planned, or take the plan out, "
            "since it was not followed"
        )
