"""From a registry extract on disk to a typed, checked table."""

from __future__ import annotations

from analysis_lib.source.check import check_extract
from analysis_lib.source.extract import Extract, load_extract
from analysis_lib.source.findings import Finding
from analysis_lib.source.intake import Intake, files_beside, open_intake
from analysis_lib.source.reading import read_table

__all__ = [
    "Extract",
    "Finding",
    "Intake",
    "check_extract",
    "files_beside",
    "load_extract",
    "open_intake",
    "read_table",
]
