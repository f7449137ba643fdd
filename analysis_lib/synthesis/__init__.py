"""An openly synthetic cohort that prints what the article prints."""

from __future__ import annotations

from analysis_lib.synthesis.cohort import EMBEDDED_SEED, Effort, synthesize
from analysis_lib.synthesis.extract_file import write_cohort

__all__ = ["EMBEDDED_SEED", "Effort", "synthesize", "write_cohort"]
