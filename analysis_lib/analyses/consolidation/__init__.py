"""Consolidation after response, without the time that it takes to begin."""

from __future__ import annotations

from analysis_lib.analyses.consolidation.contrasts import Contrast
from analysis_lib.analyses.consolidation.effects import (
    ConsolidationEffects,
    consolidation_effects,
)
from analysis_lib.analyses.consolidation.estimators import Estimator
from analysis_lib.analyses.consolidation.landmarks import (
    LandmarkCounts,
    responders_at_landmarks,
)
from analysis_lib.analyses.consolidation.simulated import consolidation_simulation_results

__all__ = [
    "ConsolidationEffects",
    "Contrast",
    "Estimator",
    "LandmarkCounts",
    "consolidation_effects",
    "consolidation_simulation_results",
    "responders_at_landmarks",
]
