"""The screen, honestly: repeated in resamples, and tried where the truth is known."""

from __future__ import annotations

from analysis_lib.analyses.screening.bootstrap import screen_bootstrap_results
from analysis_lib.analyses.screening.coverage import screen_simulation_results
from analysis_lib.analyses.screening.stored import (
    ScreenCoverage,
    ScreenStability,
    screen_coverage,
    screen_stability,
)

__all__ = [
    "ScreenCoverage",
    "ScreenStability",
    "screen_bootstrap_results",
    "screen_coverage",
    "screen_simulation_results",
    "screen_stability",
]
