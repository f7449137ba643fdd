"""From committed notebooks to a published report."""

from __future__ import annotations

from analysis_lib.report.build import build_report, compose_only
from analysis_lib.report.request import BuildRequest, BuildResult, ReportInfo, StageTime

__all__ = [
    "BuildRequest",
    "BuildResult",
    "ReportInfo",
    "StageTime",
    "build_report",
    "compose_only",
]
