"""How many responders had been consolidated by a day, where relapse or death can come first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis_lib.marks import SUPPRESSED
from analysis_lib.parameters.parse import DAYS_PER_MONTH
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.cumulative_incidence import CumulativeIncidence, cumulative_incidence
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.follow_up import (
    ANY,
    NO,
    POPULATION,
    YES,
    FollowUp,
    consolidation_follow_up,
)

ANALYSIS = "consolidation_received"
METHOD = "Aalen-Johansen estimate, log-log interval"


@dataclass(frozen=True)
class Received:
    """Incidences at some days after the response."""

    days: tuple[float, ...]
    results: Results

    def key(self, days: float, level: str) -> Key:
        """Of consolidation, `yes`, or of relapse or death before it, `no`."""
        return Key(ANALYSIS, "pfs", POPULATION, ANY, level, time_months=days / DAYS_PER_MONTH)


@once
def consolidation_received(study: Study) -> Received | Omitted:
    """Cumulative incidence of consolidation, and of relapse or death without it, by day."""
    follow_up = consolidation_follow_up(study)
    if isinstance(follow_up, Omitted):
        return follow_up
    given = study.parameters
    asked = {*given.consolidation_landmarks, given.consolidation_grace_days}
    made = Received(tuple(sorted(asked)), study_results(study, ()))
    begun, failed = _incidences(follow_up, study.confidence_level)
    rows = [
        row
        for days in made.days
        for level, found in ((YES, begun), (NO, failed))
        for row in _rows(made.key(days, level), found, withheld=given.small_cell > 0)
    ]
    return Received(made.days, study_results(study, rows))


def _incidences(
    follow_up: FollowUp, confidence_level: float
) -> tuple[CumulativeIncidence, CumulativeIncidence]:
    patients = follow_up.patients
    entry = patients["entry_months"]
    begin = (patients["begin_months"] - entry).clip(lower=0.0)
    end = (patients["pfs_months"] - entry).clip(lower=0.0)
    begun = begin.notna().to_numpy()
    failed = ~begun & patients["pfs_event"].to_numpy(dtype=bool)
    days = np.where(begun, begin, end) * DAYS_PER_MONTH
    time = np.round(days.astype(float)) / DAYS_PER_MONTH
    return (
        cumulative_incidence(time, begun, failed, confidence_level=confidence_level),
        cumulative_incidence(time, failed, begun, confidence_level=confidence_level),
    )


def _rows(key: Key, found: CumulativeIncidence, *, withheld: bool) -> Iterator[Row]:
    """By a day without censoring it is a count over the responders, and withheld like one."""
    at = found.at(float(key.time_months or 0.0))
    ends = (at.incidence, at.ci_low, at.ci_high)
    shown = (SUPPRESSED,) * 3 if withheld else ends
    here = context(key, n=found.n)
    yield from here.interval("incidence", *shown, unit="proportion", method=METHOD)


def receipt_results(study: Study) -> Results | Omitted:
    """The rows alone."""
    found = consolidation_received(study)
    return found if isinstance(found, Omitted) else found.results
