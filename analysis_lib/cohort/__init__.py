"""From a typed extract to a study: eligibility, exposure, endpoints, covariates."""

from __future__ import annotations

from analysis_lib.cohort.eligibility import Attrition, Step, day
from analysis_lib.cohort.exposure import Exposure
from analysis_lib.cohort.grouping import Grouping, group_by
from analysis_lib.cohort.study import (
    SYNTHETIC_LABEL,
    Study,
    make_study,
    open_study,
    project_root,
)

__all__ = [
    "SYNTHETIC_LABEL",
    "Attrition",
    "Exposure",
    "Grouping",
    "Step",
    "Study",
    "day",
    "group_by",
    "make_study",
    "open_study",
    "project_root",
]
