"""From a registry extract on disk to a typed, checked table."""

from __future__ import annotations

from analysis_lib.source.check import check_extract
from analysis_lib.source.extract import load_extract
from analysis_lib.source.findings import Finding
from analysis_lib.source.read import read_table

__all__ = ["Finding", "check_extract", "load_extract", "read_table"]
