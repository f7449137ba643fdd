"""What an article prints, and whether the results of a cohort print the same."""

from __future__ import annotations

from analysis_lib.claims.claim import Claim
from analysis_lib.claims.compare import Compared, Comparison, Tally, compare
from analysis_lib.claims.read import read_claims

__all__ = ["Claim", "Compared", "Comparison", "Tally", "compare", "read_claims"]
