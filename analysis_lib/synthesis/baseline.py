"""Who the patients are before infusion: the categories of Table 1 and of the subgroups."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.synthesis import targets
from analysis_lib.synthesis.allocation import choose, deal, spread

BLAST_RANGES = {"lt_25": (6, 25), "25_to_74": (25, 75), "ge_75": (75, 98)}


def draw_strata(rng: np.random.Generator) -> pd.DataFrame:
    """Lay out 189 patients by prior InO, response to it and its timing, in random order."""
    rows = [
        (stratum, timing)
        for stratum, counts in targets.TIMING_BY_STRATUM.items()
        for timing, count in counts.items()
        for _ in range(count)
    ]
    frame = pd.DataFrame(
        [rows[i] for i in rng.permutation(len(rows))], columns=["stratum", "timing"]
    )
    naive = frame["stratum"] == "naive"
    frame["arm"] = np.where(naive, "naive", "exposed")
    bridged = frame["timing"].isin(["both", "bridging_only"])
    frame["period"] = np.where(naive, "naive", np.where(bridged, "bridging", "preapheresis"))
    return frame


def draw_baseline(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the categorical baseline columns with exact counts by arm and subgroup."""
    frame = frame.copy()
    frame["sex"] = deal(rng, frame["arm"], targets.SEX)
    frame["race_ethnicity"] = deal(rng, frame["arm"], targets.RACE)
    frame["disease_subtype"] = deal(rng, frame["stratum"], targets.SUBTYPE)
    cells = (frame["stratum"] + "/" + frame["period"]).replace("naive/naive", "naive")
    frame["marrow_status"] = deal(rng, cells, targets.MARROW_STATUS)
    frame["marrow_blasts_percent"] = draw_blasts(rng, frame)
    frame["extramedullary_disease"] = choose(rng, frame["period"], targets.EXTRAMEDULLARY)
    frame["cns_involvement"] = choose(rng, frame["arm"], targets.CNS)
    frame["prior_hct"] = choose(rng, frame["stratum"], targets.PRIOR_HCT)
    # A patient with active marrow disease is the likelier one to be bridged.
    active = (frame["marrow_status"] == targets.ACTIVE).astype(float)
    other = choose(rng, frame["period"], targets.OTHER_BRIDGING, score=active)
    frame["bridging_therapy"] = other | (frame["period"] == "bridging")
    return frame


def draw_blasts(rng: np.random.Generator, frame: pd.DataFrame) -> pd.Series:
    """Draw the marrow blast percent: above 5 in active disease only, never exactly 5."""
    rows = deal(rng, frame["arm"] + "/" + frame["marrow_status"], targets.BLASTS)
    percent = pd.Series(np.nan, index=frame.index)
    for row, (low, high) in BLAST_RANGES.items():
        members = rows == row
        percent[members] = np.floor(spread(rng, low, high, int(members.sum())))
    remission = rows == "remission"
    negative = frame["marrow_status"] == targets.MRD_NEGATIVE
    percent[remission] = np.round(rng.beta(1.0, 3.0, size=int(remission.sum())) * 4.5, 1)
    percent[remission & negative] = np.round(percent[remission & negative] / 3, 1)
    return percent


def draw_blinatumomab(rng: np.random.Generator, frame: pd.DataFrame) -> pd.Series:
    """Choose who had blinatumomab, more often those with more lines of therapy."""
    score = 0.4 * (frame["prior_lines"] - frame["prior_lines"].mean())
    return choose(rng, frame["arm"], targets.BLINATUMOMAB, score=score)
