"""What becomes of each patient: response to the infusion, relapse, death, without times."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.synthesis import targets
from analysis_lib.synthesis.allocation import deal, deal_by_score

UNASSESSED = ("early_death", "not_evaluable_death", "not_evaluable_alive")
REFRACTORY = ("refractory_death", "refractory_alive")
RELAPSE = ("relapse_death", "relapse_alive")
REMISSION = ("remission_death", "sos_death", "remission")
DEATH = (
    "early_death",
    "not_evaluable_death",
    "refractory_death",
    "relapse_death",
    "remission_death",
    "sos_death",
)
COURSES = {
    "failure": UNASSESSED + REFRACTORY,
    "response": RELAPSE + REMISSION,
    "relapse": RELAPSE,
    "remission": REMISSION,
}


def draw_fates(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add `fate`, exact by stratum; disease burden and prior therapy tilt who gets which."""
    frame = frame.copy()
    strata = frame["stratum"]
    course = _deal_courses(rng, strata, ("failure", "response"), burden(frame))
    responders = frame[course == "response"]
    course[responders.index] = _deal_courses(
        rng, responders["stratum"], ("relapse", "remission"), relapse_risk(responders)
    )
    frame["fate"] = ""
    for name in ("failure", "relapse", "remission"):
        rows = course == name
        frame.loc[rows, "fate"] = deal(rng, strata[rows], _counts(COURSES[name]))
    return mark(frame)


def mark(frame: pd.DataFrame) -> pd.DataFrame:
    """Add what a fate says of death, relapse and response."""
    fate = frame["fate"]
    return frame.assign(
        dead=fate.isin(DEATH),
        relapsed=fate.isin(RELAPSE),
        responded=fate.isin(RELAPSE + REMISSION),
    )


def burden(frame: pd.DataFrame) -> pd.Series:
    """Score of disease burden and frailty: no response and early death follow it."""
    active = (frame["marrow_status"] == targets.ACTIVE).astype(float)
    older = (frame["age_years"] >= 60).astype(float)
    bridging = _bridging_weight(frame)
    return 0.8 * active + 0.5 * frame["extramedullary_disease"] + 0.5 * older + 0.7 * bridging


def relapse_risk(frame: pd.DataFrame) -> pd.Series:
    """Score of relapse after response: lower after a transplant or in Ph+, higher if bridged."""
    ph_positive = (frame["disease_subtype"] == "ph_positive").astype(float)
    active = (frame["marrow_status"] == targets.ACTIVE).astype(float)
    return (
        -1.6 * frame["prior_hct"] - 0.4 * ph_positive + 0.3 * active + 1.8 * _bridging_weight(frame)
    )


def _bridging_weight(frame: pd.DataFrame) -> pd.Series:
    # The article finds bridging harmful but the timing of InO indifferent: bridging by InO
    # therefore carries less weight.
    by_ino = frame["period"] == "bridging"
    return frame["bridging_therapy"].astype(float).mask(by_ino, 0.4)


def _counts(fates: tuple[str, ...]) -> targets.Table:
    return {
        stratum: {fate: counts[fate] for fate in fates if fate in counts}
        for stratum, counts in targets.FATES.items()
    }


def _deal_courses(
    rng: np.random.Generator, strata: pd.Series, courses: tuple[str, str], score: pd.Series
) -> pd.Series:
    """Deal two courses by stratum, the first to the higher scores."""
    counts = {course: _counts(COURSES[course]) for course in courses}
    table = {
        stratum: {course: sum(counts[course][stratum].values()) for course in courses}
        for stratum in targets.FATES
    }
    return deal_by_score(rng, strata, table, score=score)
