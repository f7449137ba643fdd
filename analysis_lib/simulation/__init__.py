"""Simulated cohorts in which the truth is known, and how estimators do in them."""

from __future__ import annotations

from analysis_lib.simulation.performance import Performance, performance
from analysis_lib.simulation.progress import Progress, no_progress
from analysis_lib.simulation.waiting import (
    Scenario,
    WaitingEstimates,
    scenario_of,
    simulate_waiting,
)

__all__ = [
    "Performance",
    "Progress",
    "Scenario",
    "WaitingEstimates",
    "no_progress",
    "performance",
    "scenario_of",
    "simulate_waiting",
]
