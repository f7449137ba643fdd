"""Responders with the day on which their consolidation began, if it did."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analysis_lib.analyses.models import model_patients
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.cohort import Study
from analysis_lib.cohort.endpoints import months
from analysis_lib.cohort.time_zero import months_from_infusion

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
    """Responders with a known consolidation, or none; why it cannot be studied."""
    responders = model_patients(study, POPULATION)
    if responders.empty:
        return Omitted(
            "No patient is known to have responded to the infusion; consolidation after response "
            "is left out."
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
