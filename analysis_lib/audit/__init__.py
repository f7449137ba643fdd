"""Do the numbers that an article prints agree with each other? No patient data is used."""

from __future__ import annotations

from analysis_lib.audit.finding import Audit, Finding
from analysis_lib.audit.run import RULES, audit_claims

__all__ = ["RULES", "Audit", "Finding", "audit_claims"]
