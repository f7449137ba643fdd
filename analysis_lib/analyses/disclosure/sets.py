"""The patients that a count of the report is a count of, by the key of its row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from analysis_lib.analyses.disclosure.protect import Members
from analysis_lib.cohort import Grouping, Study

if TYPE_CHECKING:
    from analysis_lib.analyses.results import Key

_POPULATION = re.compile(r"^(?P<base>\w+)(\[(?P<variable>\w+)=(?P<level>[^\]]+)\])?$")
# The base of a population: a column of the patients and the level it must have; "" is any.
BASES = {
    "crs_evaluable": ("crs", ""),
    "crs_affected": ("crs", "yes"),
    "icans_evaluable": ("icans", ""),
    "icans_affected": ("icans", "yes"),
    "response_evaluable": ("response", ""),
    "responders": ("cr_cri", "yes"),
}


def everyone(study: Study) -> Members:
    return np.ones(len(study.patients), dtype=bool)


def known(study: Study, column: str) -> Members:
    """Patients with a value."""
    found: Members = study.patients[column].notna().to_numpy(dtype=bool)
    return found


def at(study: Study, column: str, level: str) -> Members:
    """Patients at a level."""
    values = study.patients[column]
    found: Members = (values == level).fillna(False).to_numpy(dtype=bool)
    return found


def base(study: Study, name: str) -> Members:
    """The patients of a population that is no group of another."""
    if name == "mrd_tested_responders":
        tested = at(study, "mrd_status", "negative") | at(study, "mrd_status", "positive")
        return at(study, "cr_cri", "yes") & tested
    if name not in BASES:
        return everyone(study)
    column, level = BASES[name]
    return at(study, column, level) if level else known(study, column)


def population(study: Study, text: str) -> Members | None:
    """The patients of a population such as `infused[ino=exposed]`; None if it is not known."""
    match = _POPULATION.match(text)
    if match is None or match["base"] not in (*BASES, "infused", "mrd_tested_responders"):
        return None
    within = base(study, match["base"])
    if match["variable"] is None:
        return within
    if match["variable"] not in study.patients:
        return None
    return within & of_level(study, match["variable"], match["level"])


def of_level(study: Study, variable: str, level: str) -> Members:
    """Patients at a level; `some` and `none` tell doses, `missing` no value."""
    if level == "missing":
        return ~known(study, variable)
    if variable.endswith("_preapheresis") and level in ("some", "none"):
        some: Members = (study.patients[variable].fillna(0) > 0).to_numpy(dtype=bool)
        return some if level == "some" else ~some
    return at(study, variable, level)


def among(study: Study, grouping: Grouping) -> Members:
    """The patients in any group."""
    found: Members = study.patients[grouping.variable].isin(grouping.levels).to_numpy(dtype=bool)
    return found


def happened(study: Study, key: Key) -> tuple[Members, Members] | None:
    """Patients with an outcome as toxicity and response count it, and those known for it."""
    outcome, variable, level = key.outcome, key.variable, key.level
    if outcome == "response_not_evaluable":
        missing = at(study, "response_evaluable", "no")
        return (missing & of_level(study, variable, level) if variable else missing), everyone(
            study
        )
    treated = known(study, "consolidation")
    if outcome == "salvage":
        salvage = known(study, "salvage_reason")
        return (at(study, variable, level) if variable else salvage), treated
    if variable:
        if variable not in study.patients:
            return None
        if level == "none" and variable.endswith("_grade_group"):
            return at(study, outcome, "no"), everyone(study)
        whole = treated if variable == "consolidation" else everyone(study)
        return at(study, variable, level), whole
    if outcome not in study.patients:
        return None
    if outcome == "cr_cri" and key.population.startswith("infused"):
        return at(study, outcome, "yes"), everyone(study)
    return at(study, outcome, "yes"), known(study, outcome)
