"""Covariates that are missing, and responses that are unknown."""

from __future__ import annotations

from analysis_lib.analyses.missing.imputed import Imputed, imputed_effects
from analysis_lib.analyses.missing.not_evaluable import ResponseBounds, response_bounds
from analysis_lib.analyses.missing.patterns import Pattern
from analysis_lib.analyses.missing.recorded import MissingData, missing_data
from analysis_lib.analyses.missing.unknown_response import UnknownResponse, unknown_response

__all__ = [
    "Imputed",
    "MissingData",
    "Pattern",
    "ResponseBounds",
    "UnknownResponse",
    "imputed_effects",
    "missing_data",
    "response_bounds",
    "unknown_response",
]
