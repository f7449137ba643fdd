"""Consolidation or maintenance after response: who, what and when."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.synthesis import targets

# Days from infusion, and days a relapse or death comes later at the least.
WINDOWS = {"tki": (36, 80), "allo_hct": (55, 125), "other": (40, 90)}
GAP = 15
# Of the patients consolidated, how many relapse nevertheless: HCT and TKI protect.
RELAPSES = {
    "naive": {"tki": 2, "allo_hct": 2, "other": 3},
    "exposed": {"tki": 2, "allo_hct": 0, "other": 2},
}


def draw_consolidation(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add `consolidation` and `consolidation_day`, exact by arm and kind.

    Only responders are consolidated, only Ph+ ones with a TKI; every death from sinusoidal
    obstruction syndrome follows a transplantation.
    """
    frame = frame.copy()
    frame["consolidation"] = "none"
    for arm, counts in targets.CONSOLIDATION.items():
        for kind, count in counts.items():
            chosen = _choose(rng, frame[frame["arm"] == arm], kind, count, RELAPSES[arm][kind])
            frame.loc[chosen, "consolidation"] = kind
    frame["consolidation_day"] = _days(rng, frame)
    return frame


def first_failure(frame: pd.DataFrame) -> pd.Series:
    """Day of relapse, else of death or last contact."""
    return frame["relapse_day"].fillna(frame["end_day"])


def _choose(
    rng: np.random.Generator, group: pd.DataFrame, kind: str, count: int, relapses: int
) -> pd.Index:
    free = group[group["responded"] & (group["consolidation"] == "none")]
    free = free[first_failure(free) >= WINDOWS[kind][0] + GAP]
    sos = free.index[free["fate"] == "sos_death"]
    if kind == "tki":
        free = free[free["disease_subtype"] == "ph_positive"]
    forced = sos if kind == "allo_hct" else sos[:0]
    free = free.drop(index=sos, errors="ignore")
    # A second transplant is rarer than a first.
    score = -1.0 * free["prior_hct"] if kind == "allo_hct" else pd.Series(0.0, index=free.index)
    order = (score + rng.gumbel(size=len(free))).sort_values(ascending=False, kind="stable").index
    late = free["relapsed"] & (free["relapse_day"] >= WINDOWS[kind][1])
    failing = order[late[order].to_numpy(dtype=bool)][:relapses]
    spared = order[(free.loc[order, "fate"] == "remission").to_numpy()]
    others = order.difference(failing.union(spared), sort=False)
    queue = forced.append([failing, spared, others])
    return queue[:count]


def _days(rng: np.random.Generator, frame: pd.DataFrame) -> pd.Series:
    days = pd.Series(np.nan, index=frame.index)
    latest = first_failure(frame) - GAP
    for patient in frame.index[frame["consolidation"] != "none"]:
        low, high = WINDOWS[frame.at[patient, "consolidation"]]
        high = int(min(high, latest[patient]))
        days[patient] = rng.integers(low, max(low, high) + 1)
    return days
