"""Who the patients are before infusion, and how they were exposed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.article.synthesis import targets
from analysis_lib.article.synthesis.quantities import Goal, MedianGoal, RankGoal, search
from analysis_lib.article.synthesis.targets import choose, deal, deal_by_score, spread

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


# Doses: medians and ranges are printed (3, 1-22 before apheresis in 74 + 16; 2, 1-3 in bridging
# in 28; 3 overall), the counts between them are not.
DOSES_PREAPHERESIS = {
    1: 10, 2: 16, 3: 34, 4: 7, 5: 5, 6: 7, 7: 2, 8: 2, 9: 3, 10: 1, 12: 1, 15: 1, 22: 1,
}  # fmt: skip
DOSES_BRIDGING = {1: 8, 2: 13, 3: 7}


def draw_exposure(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add doses and gaps in days for both periods; 0 doses and no gap where there was none."""
    frame = frame.copy()
    before = frame["timing"].isin(["preapheresis_only", "both"])
    during = frame["period"] == "bridging"
    frame["ino_doses_preapheresis"] = _place(rng, before, _expand(DOSES_PREAPHERESIS)).fillna(0)
    frame["ino_doses_bridging"] = _place(rng, during, _expand(DOSES_BRIDGING)).fillna(0)
    frame["days_ino_to_apheresis"] = _place(rng, before, _gaps_to_apheresis(rng))
    frame["days_ino_to_infusion"] = _place(rng, during, _gaps_to_infusion(rng))
    return frame


def draw_leads(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add days from lymphodepletion and from apheresis to infusion.

    Bridging lies between apheresis and lymphodepletion, doses a week apart. The printed minimum of
    one day from dose to infusion contradicts that definition: there lymphodepletion stays empty.
    The printed maximum of 108 days needs an apheresis longer ago than the usual 60 days.
    """
    frame = frame.copy()
    frame["lymphodepletion_lead"] = rng.choice([4, 5, 6], p=[0.35, 0.5, 0.15], size=len(frame))
    gap = frame["days_ino_to_infusion"]
    frame["lymphodepletion_lead"] = frame["lymphodepletion_lead"].astype(float).mask(gap <= 6)
    usual = np.clip(np.round(rng.normal(31, 8, size=len(frame))), 15, 60)
    course = gap + 7 * (frame["ino_doses_bridging"] - 1) + rng.integers(2, 6, size=len(frame))
    frame["apheresis_lead"] = np.fmax(usual, course)
    return frame


def _expand(counts: dict[int, int]) -> np.ndarray:
    return np.repeat(list(counts), list(counts.values()))


def _place(rng: np.random.Generator, members: pd.Series, values: np.ndarray) -> pd.Series:
    placed = pd.Series(np.nan, index=members.index)
    placed[members] = rng.permutation(values)
    return placed


def _gaps_to_apheresis(rng: np.random.Generator) -> np.ndarray:
    """90 gaps in days with median 62 and range 9 to 1190, skewed to the right."""
    shorter = np.round(9 + 52 * (np.arange(1, 44) + rng.uniform(-0.5, 0.5, 43)) / 44)
    tail = (np.arange(1, 44) + rng.uniform(-0.5, 0.5, 43)) / 44
    longer = np.round(63 + 40 * (np.exp(3.05 * tail) - 1))
    return np.concatenate([[9, 62, 62, 1190], shorter, longer])


def _gaps_to_infusion(rng: np.random.Generator) -> np.ndarray:
    """28 gaps in days with median 20 and range 1 to 108; all but the extremes 7 to 38."""
    shorter = np.round(7 + 12 * (np.arange(12) + rng.uniform(size=12)) / 12)
    longer = np.round(21 + 17 * (np.arange(12) + rng.uniform(size=12)) / 12)
    return np.concatenate([[1, 20, 20, 108], shorter, longer])


# Table 1: 33 / 28 / 25 and 44 / 30 / 28. One naive patient is in no printed group: an age between
# two integer bounds explains it.
# The middle groups are cut at the medians, 48 and 45: their bands leave the median where it is
# printed, well within the rounding.
BANDS = {
    "naive": [
        (18.6, 39.0, 33),
        (39.3, 39.8, 1),
        (40.0, 47.4, 9),
        (47.7, 48.3, 1),
        (48.6, 59.0, 18),
        (60.0, 78.4, 25),
    ],
    "exposed": [
        (21.6, 39.0, 44),
        (40.0, 44.4, 6),
        (44.7, 45.3, 2),
        (45.6, 59.0, 22),
        (60.0, 80.4, 28),
    ],
}
EXTREMES = {"naive": (18.2, 79.1), "exposed": (21.3, 80.8)}


def draw_ages(rng: np.random.Generator, arms: pd.Series) -> pd.Series:
    """Draw decimal ages whose medians, ranges and rank-test P (.79) print as in Table 1."""
    ages, low, high = (np.zeros(len(arms)) for _ in range(3))
    for arm, bands in BANDS.items():
        members = rng.permutation(np.flatnonzero(arms == arm))
        start = 0
        for bottom, top, count in bands:
            band = members[start : start + count]
            ages[band] = np.round(spread(rng, bottom, top, count), 1)
            low[band], high[band] = bottom, top
            start += count
        youngest, oldest = members[0], members[-1]
        for patient, age in zip((youngest, oldest), EXTREMES[arm], strict=True):
            ages[patient] = low[patient] = high[patient] = age
    naive, exposed = (arms == "naive").to_numpy(), (arms == "exposed").to_numpy()
    goal = RankGoal(naive, exposed, p_value=0.79, slack=0.004)
    ages = search(rng, ages, low=low, high=high, goals=[goal], unit=0.1, reach=20)
    return pd.Series(ages, index=arms.index)


# A start for the search: number of patients by number of lines. Only medians and ranges are
# printed (2-9 naive, 2-12 exposed).
START = {
    "naive": {2: 34, 3: 20, 4: 12, 5: 9, 6: 6, 7: 3, 8: 2, 9: 1},
    "responder": {12: 1, 10: 1, 9: 1, 8: 2, 7: 4, 6: 6, 5: 9, 4: 14, 3: 13, 2: 11},
    "refractory": {6: 1, 5: 3, 4: 4, 3: 7, 2: 12},
    "not_reported": {7: 1, 6: 1, 5: 2, 4: 3, 3: 2, 2: 4},
}
RANGE = {"naive": (2, 9), "exposed": (2, 12)}


def draw_prior_lines(rng: np.random.Generator, frame: pd.DataFrame) -> pd.Series:
    """Draw prior lines with the printed medians, ranges and P values .02, .002 and .01.

    A median of 2, the minimum, forces at least 15 of the 28 bridged patients to have 2.
    """
    bridged = frame["period"] == "bridging"
    lines = deal_by_score(rng, frame["stratum"], START, score=-1.5 * bridged).astype(float)
    low = np.full(len(frame), 2.0)
    high = frame["arm"].map({arm: top for arm, (_, top) in RANGE.items()}).to_numpy(dtype=float)
    for arm, (_, top) in RANGE.items():
        patient = int(np.flatnonzero((lines == top) & (frame["arm"] == arm))[0])
        low[patient] = high[patient] = top
    high[low < high] -= 1
    high[_fixed_at_minimum(lines.to_numpy(), bridged.to_numpy())] = 2.0
    values = search(rng, lines.to_numpy(), low=low, high=high, goals=_goals(frame))
    return pd.Series(values.astype(int), index=frame.index)


def _fixed_at_minimum(lines: np.ndarray, bridged: np.ndarray) -> np.ndarray:
    return np.flatnonzero((lines == 2) & bridged)[:15]


def _goals(frame: pd.DataFrame) -> list[Goal]:
    arm, stratum, period = (frame[name].to_numpy() for name in ("arm", "stratum", "period"))
    medians = [
        (arm == "naive", 3),
        (arm == "exposed", 4),
        (stratum == "responder", 4),
        (stratum == "refractory", 3),
        (period == "bridging", 2),
        (period == "preapheresis", 4),
    ]
    return [
        *(MedianGoal(members, value) for members, value in medians),
        RankGoal(arm == "naive", arm == "exposed", p_value=0.02, slack=0.004),
        RankGoal(stratum == "responder", stratum == "refractory", p_value=0.002, slack=0.0004),
        RankGoal(period == "bridging", period == "preapheresis", p_value=0.01, slack=0.004),
    ]
