"""Events of which only the first is seen: relapse or death, toxicity or death."""

from __future__ import annotations

from analysis_lib.analyses.competing.cause_models import CauseModel
from analysis_lib.analyses.competing.incidence import Incidence, IncidenceCurve
from analysis_lib.analyses.competing.onset import ToxicityOnset, toxicity_onset_by_exposure
from analysis_lib.analyses.competing.relapse_and_death import (
    Cause,
    RelapseAndDeath,
    relapse_and_death_by_exposure,
)

__all__ = [
    "Cause",
    "CauseModel",
    "Incidence",
    "IncidenceCurve",
    "RelapseAndDeath",
    "ToxicityOnset",
    "relapse_and_death_by_exposure",
    "toxicity_onset_by_exposure",
]
