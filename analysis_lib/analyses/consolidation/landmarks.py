"""Who is left at each landmark: events before it, patients at risk, consolidated by then."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis_lib.analyses.consolidation.estimators import LANDMARK, Estimator, estimators, taken
from analysis_lib.analyses.consolidation.follow_up import (
    ANY,
    KIND,
    POPULATION,
    YES,
    FollowUp,
    consolidation_follow_up,
)
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Key, Results, Row, context, study_results
from analysis_lib.cohort import Study
from analysis_lib.cohort.endpoints import DAYS_PER_MONTH

COUNTS = "consolidation_landmark_counts"
# What the keys of the counts have in common, and of those among the consolidated.
RESPONDERS = Key(COUNTS, "pfs", POPULATION)
CONSOLIDATED = RESPONDERS._replace(variable=ANY, level=YES)
SALVAGE = RESPONDERS._replace(variable="salvage_reason")


@dataclass(frozen=True)
class LandmarkCounts:
    """Responders at each landmark; `kinds` are those that are counted apart.

    Without a relapse in the extract nobody knows which treatment came after one.
    """

    follow_up: FollowUp
    landmarks: tuple[Estimator, ...]
    kinds: tuple[str, ...]
    knows_relapse: bool
    results: Results


def responders_at_landmarks(study: Study) -> LandmarkCounts | Omitted:
    """Relapses, deaths and ends of follow-up by each landmark, and the consolidated at risk."""
    follow_up = consolidation_follow_up(study)
    if isinstance(follow_up, Omitted):
        return follow_up
    landmarks = tuple(x for x in estimators(study) if x.kind == LANDMARK)
    rows = _waiting(follow_up.patients)
    for landmark in landmarks:
        rows += _counts(follow_up, landmark)
    return LandmarkCounts(
        follow_up,
        landmarks,
        follow_up.kinds,
        bool(study.patients["relapse_date"].notna().any()),
        study_results(study, rows),
    )


def _counts(follow_up: FollowUp, landmark: Estimator) -> list[Row]:
    patients, time = follow_up.patients, landmark.time_months
    at_risk = taken(patients, landmark)
    gone = patients.loc[patients.index.difference(at_risk.index), "pfs_event"]
    begun = at_risk["begin_months"] <= time
    later = (at_risk["begin_months"] > time) & (at_risk["begin_months"] < at_risk["pfs_months"])
    here = context(RESPONDERS._replace(time_months=time), n=len(patients))
    of_any = context(CONSOLIDATED._replace(time_months=time), n=len(patients))
    kinds = at_risk.loc[begun, KIND]
    return [
        here.at("n", len(patients), unit="patients"),
        here.at("events_to_date", int(gone.sum()), unit="patients"),
        here.at("censored_to_date", int((~gone).sum()), unit="patients"),
        here.at("at_risk", len(at_risk), unit="patients"),
        of_any.at("at_risk", int(begun.sum()), unit="patients"),
        of_any.at("begins_later", int(later.sum()), unit="patients"),
        *(
            context(of_any.key._replace(variable=KIND, level=kind), n=len(patients)).at(
                "at_risk", int((kinds == kind).sum()), unit="patients"
            )
            for kind in follow_up.kinds
        ),
    ]


def _waiting(patients: pd.DataFrame) -> list[Row]:
    """Days from infusion to consolidation in those who began it; who had salvage instead."""
    begun = patients["begin_months"].dropna() * DAYS_PER_MONTH
    here = context(CONSOLIDATED, n=len(begun))
    return [
        here.at("n_at_level", len(begun), unit="patients"),
        here.at("median", float(begun.median()), unit="days"),
        here.at("minimum", float(begun.min()), unit="days"),
        here.at("maximum", float(begun.max()), unit="days"),
        context(SALVAGE, n=len(patients)).at(
            "count", int(patients["salvage_reason"].notna().sum()), unit="patients"
        ),
    ]
