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


def draw_fates(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add `fate`, exact by stratum; disease burden and prior therapy tilt who gets which."""
    frame = frame.copy()
    groups = {"unassessed": UNASSESSED, "refractory": REFRACTORY, "relapse": RELAPSE}
    groups["remission"] = REMISSION
    sizes = {
        stratum: {name: sum(fates.get(f, 0) for f in members) for name, members in groups.items()}
        for stratum, fates in targets.FATES.items()
    }
    failed = {s: {"fail": c["unassessed"] + c["refractory"]} for s, c in sizes.items()}
    answered = {s: {"respond": c["relapse"] + c["remission"]} for s, c in sizes.items()}
    first = {s: failed[s] | answered[s] for s in sizes}
    outcome = deal_by_score(rng, frame["stratum"], first, score=burden(frame))
    fate = pd.Series(index=frame.index, dtype=object)
    for response, members, score in (
        ("fail", UNASSESSED + REFRACTORY, None),
        ("respond", RELAPSE + REMISSION, relapse_risk(frame)),
    ):
        rows = frame.index[outcome == response]
        table = _restrict(members)
        strata = frame.loc[rows, "stratum"]
        if score is None:
            fate[rows] = deal(rng, strata, table)
        else:
            fate[rows] = _deal_relapses(rng, strata, table, score[rows])
    frame["fate"] = fate
    frame["dead"] = fate.isin(DEATH)
    frame["relapsed"] = fate.isin(RELAPSE)
    frame["responded"] = fate.isin(RELAPSE + REMISSION)
    return frame


def burden(frame: pd.DataFrame) -> pd.Series:
    """Score of disease burden and frailty: no response and early death follow it."""
    active = (frame["marrow_status"] == targets.ACTIVE).astype(float)
    older = (frame["age_years"] >= 60).astype(float)
    bridging = _bridging_weight(frame)
    return 0.8 * active + 0.5 * frame["extramedullary_disease"] + 0.5 * older + 0.4 * bridging


def relapse_risk(frame: pd.DataFrame) -> pd.Series:
    """Score of relapse after response: lower after a transplant or in Ph+, higher if bridged."""
    ph_positive = (frame["disease_subtype"] == "ph_positive").astype(float)
    active = (frame["marrow_status"] == targets.ACTIVE).astype(float)
    return (
        -1.6 * frame["prior_hct"] - 0.4 * ph_positive + 0.3 * active + 1.1 * _bridging_weight(frame)
    )


def _bridging_weight(frame: pd.DataFrame) -> pd.Series:
    # The article finds bridging harmful but the timing of InO indifferent: bridging by InO
    # therefore carries half the weight.
    by_ino = frame["period"] == "bridging"
    return frame["bridging_therapy"].astype(float).mask(by_ino, 0.4)


def _restrict(members: tuple[str, ...]) -> dict[str, dict[str, int]]:
    return {
        stratum: {fate: fates[fate] for fate in members if fate in fates}
        for stratum, fates in targets.FATES.items()
    }


def _deal_relapses(
    rng: np.random.Generator, strata: pd.Series, table: targets.Table, score: pd.Series
) -> pd.Series:
    """Deal relapse or not by risk, then death or not at random within each."""
    sizes = {
        stratum: {
            "relapse": sum(fates.get(f, 0) for f in RELAPSE),
            "remission": sum(fates.get(f, 0) for f in REMISSION),
        }
        for stratum, fates in table.items()
    }
    kind = deal_by_score(rng, strata, sizes, score=score)
    fate = pd.Series(index=strata.index, dtype=object)
    for name, members in (("relapse", RELAPSE), ("remission", REMISSION)):
        rows = strata.index[kind == name]
        fate[rows] = deal(rng, strata[rows], _restrict(members))
    return fate
