"""What a reviewer asks for: methods, checklists, abbreviations, variables, provenance."""

from __future__ import annotations

from analysis_lib.appendix.abbreviations import table_abbreviations
from analysis_lib.appendix.checklist import describe_checklist, table_checklist
from analysis_lib.appendix.methods import (
    describe_comparisons,
    describe_design,
    describe_endpoints,
    describe_missing,
    describe_models,
    describe_sensitivity,
    describe_software,
    describe_survival_methods,
)
from analysis_lib.appendix.provenance import describe_provenance, table_inputs, table_parameters
from analysis_lib.appendix.variables import table_variables

__all__ = [
    "describe_checklist",
    "describe_comparisons",
    "describe_design",
    "describe_endpoints",
    "describe_missing",
    "describe_models",
    "describe_provenance",
    "describe_sensitivity",
    "describe_software",
    "describe_survival_methods",
    "table_abbreviations",
    "table_checklist",
    "table_inputs",
    "table_parameters",
    "table_variables",
]
