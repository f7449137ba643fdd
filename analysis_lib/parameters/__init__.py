"""The parameters of a report: what they are, and the gate that types and checks them."""

from __future__ import annotations

from analysis_lib.parameters.definitions import Definition, Parameters, defaults, definitions
from analysis_lib.parameters.fixed_model import FixedModel, fixed_model
from analysis_lib.parameters.parse import parse_parameters

__all__ = [
    "Definition",
    "FixedModel",
    "Parameters",
    "defaults",
    "definitions",
    "fixed_model",
    "parse_parameters",
]
