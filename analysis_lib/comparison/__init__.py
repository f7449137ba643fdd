"""The numbers that an article prints beside the results of a cohort."""

from __future__ import annotations

from analysis_lib.comparison.compare import Compared, Comparison, Tally, compare

__all__ = ["Compared", "Comparison", "Tally", "compare"]
