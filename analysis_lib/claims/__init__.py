"""The numbers that an article prints, each with the key of the result to set beside it."""

from __future__ import annotations

from analysis_lib.claims.claim import Claim
from analysis_lib.claims.read import read_claims

__all__ = ["Claim", "read_claims"]
