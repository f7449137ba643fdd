"""An openly synthetic cohort whose counts are those of the article."""

from __future__ import annotations

from analysis_lib.synthesis.cohort import synthesize
from analysis_lib.synthesis.extract_file import write_cohort

__all__ = ["synthesize", "write_cohort"]
