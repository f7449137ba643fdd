"""How an extract names its columns and levels, in the words of the dictionary."""

from __future__ import annotations

from analysis_lib.source.mapping.apply import Applied, apply_mapping
from analysis_lib.source.mapping.file import read_mapping, redcap_file
from analysis_lib.source.mapping.mapping import DaysRule, Mapping, Zero
from analysis_lib.source.mapping.missing import without_missing

__all__ = [
    "Applied",
    "DaysRule",
    "Mapping",
    "Zero",
    "apply_mapping",
    "read_mapping",
    "redcap_file",
    "without_missing",
]
