"""When responders were consolidated, and three ways to count a patient as consolidated."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis_lib.estimates.specification import model_patients
from analysis_lib.format import of_parameter
from analysis_lib.parameters.parse import DAYS_PER_MONTH
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.follow_up import Intervals, landmark_follow_up, split_follow_up
from analysis_lib.study.eligibility import months_from_infusion
from analysis_lib.study.endpoints import months, time_and_event
from analysis_lib.study.study import Study

POPULATION = "responders"
KIND, ANY = "consolidation", "consolidation_any"
NONE, NO, YES = "none", "no", "yes"
# The kinds that the article reports; others stay in the models as a level of their own.
REPORTED = ("allo_hct", "tki")
# Who could not get a kind says nothing of it.
POSSIBLE_IN = {"tki": ("ph_positive", "yes")}


@dataclass(frozen=True)
class FollowUp:
    """The responders whose consolidation can be placed in time.

    Months are counted from infusion, whatever the study's time zero: consolidation follows the
    response to it. `patients` have two columns more: `begin_months`, missing in those never
    consolidated, and `entry_months`, the response assessment. `unplaced` lack the kind or the day
    of their consolidation; `without_entry` lack the day of the assessment and enter at infusion.
    """

    patients: pd.DataFrame = field(repr=False)
    unplaced: int
    without_entry: int
    kinds: tuple[str, ...]

    @property
    def held(self) -> tuple[str, ...]:
        """Every kind of consolidation that anyone began, none left out."""
        kinds = self.patients[KIND]
        return tuple(x for x in kinds.cat.categories if x != NONE and (kinds == x).any())


def consolidation_follow_up(study: Study) -> FollowUp | Omitted:
    """Responders with a known consolidation, or none; why it cannot be studied.

    Their months are counted from infusion, at which they entered, whatever the time zero.
    """
    responders = model_patients(study, POPULATION)
    if responders.empty:
        who = "infused " if study.dictionary.infused else ""
        return Omitted(
            f"No {who}patient is known to have responded; consolidation after response is left out."
        )
    if responders[KIND].isna().all():
        return Omitted("The extract records no consolidation; what follows it is left out.")
    given = responders[KIND].notna() & (responders[KIND] != NONE)
    if not given.any():
        return Omitted("No responder was consolidated; there is nothing to compare.")
    dated = given & responders["consolidation_date"].notna()
    if not dated.any():
        return Omitted(
            "The extract records no day on which consolidation began; estimates that need it are "
            "left out."
        )
    placed = responders[dated | (responders[KIND] == NONE)]
    if dated[placed.index].all():
        return Omitted("Every responder was consolidated; there is nothing to compare with.")
    entry = _months(placed, "response_date")
    zero = study.parameters.time_zero
    patients = placed.assign(
        pfs_months=months_from_infusion(placed, "pfs", zero),
        os_months=months_from_infusion(placed, "os", zero),
        begin_months=_months(placed, "consolidation_date").where(dated[placed.index]),
        entry_months=entry.fillna(0.0).clip(lower=0.0),
    )
    kinds = tuple(x for x in REPORTED if (patients[KIND] == x).any())
    return FollowUp(patients, len(responders) - len(placed), int(entry.isna().sum()), kinds)


def _months(patients: pd.DataFrame, date: str) -> pd.Series:
    return months((patients[date] - patients["infusion_date"]).dt.days.astype(float))


FIXED, VARYING, LANDMARK = "fixed", "time_varying", "landmark"
CLONED = "cloned"


@dataclass(frozen=True)
class Estimator:
    """`kind` is fixed, time_varying, landmark or cloned; a landmark has its day after infusion."""

    kind: str
    days: float | None = None

    @classmethod
    def of_months(cls, kind: str, time_months: float | None) -> Estimator:
        """The estimator that a row of the results names."""
        if time_months is None:
            return cls(kind, None)
        days = round(time_months * DAYS_PER_MONTH, 6)
        return cls(kind, of_parameter("consolidation_landmarks", days))

    @property
    def analysis(self) -> str:
        return f"consolidation_{self.kind}"

    @property
    def time_months(self) -> float | None:
        return None if self.days is None else self.days / DAYS_PER_MONTH


def estimators(study: Study) -> tuple[Estimator, ...]:
    """Fixed, time-varying, and one a landmark."""
    days = study.parameters.consolidation_landmarks
    return (Estimator(FIXED), Estimator(VARYING), *(Estimator(LANDMARK, x) for x in days))


def taken(patients: pd.DataFrame, estimator: Estimator) -> pd.DataFrame:
    """The patients of an estimator: at a landmark those who are followed beyond it in remission.

    Who has relapsed by then can no longer be consolidated in remission, whatever the endpoint.
    """
    if estimator.time_months is None:
        return patients
    return patients[patients["pfs_months"] > estimator.time_months]


def pieces_of(patients: pd.DataFrame, outcome: str, estimator: Estimator) -> Intervals:
    """Follow-up of an estimator's patients, and when they count as consolidated.

    Fixed: from infusion on, who ever will be. Time-varying: from the day it begins, everyone from
    the response assessment. Landmark: from the landmark on, who has been by then.
    """
    time, event = time_and_event(patients, outcome)
    begin = patients["begin_months"]
    if estimator.kind == VARYING:
        return split_follow_up(time, event, begin, entry=patients["entry_months"])
    if estimator.time_months is not None:
        return landmark_follow_up(time, event, begin, at=estimator.time_months)
    ever = np.where(begin.notna(), 0.0, np.nan)
    return landmark_follow_up(time, event, ever, at=0.0)


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


@once
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
    n, kinds = len(patients), at_risk.loc[begun, KIND]
    of_all = {
        "n": n,
        "events_to_date": int(gone.sum()),
        "censored_to_date": int((~gone).sum()),
        "at_risk": len(at_risk),
    }
    of_any = {"at_risk": int(begun.sum()), "begins_later": int(later.sum())}
    counted = {RESPONDERS: of_all, CONSOLIDATED: of_any}
    for kind in follow_up.kinds:
        key = CONSOLIDATED._replace(variable=KIND, level=kind)
        counted[key] = {"at_risk": int((kinds == kind).sum())}
    return [
        row
        for key, counts in counted.items()
        for row in context(key._replace(time_months=time), n=n).patients(counts)
    ]


def _waiting(patients: pd.DataFrame) -> list[Row]:
    """Days from infusion to consolidation in those who began it; who had salvage instead."""
    begun = patients["begin_months"].dropna() * DAYS_PER_MONTH
    here = context(CONSOLIDATED, n=len(begun))
    days = {"median": begun.median(), "minimum": begun.min(), "maximum": begun.max()}
    salvaged = int(patients["salvage_reason"].notna().sum())
    return [
        *here.patients({"n_at_level": len(begun)}),
        *(here.at(name, float(value), unit="days") for name, value in days.items()),
        *context(SALVAGE, n=len(patients)).patients({"count": salvaged}),
    ]
