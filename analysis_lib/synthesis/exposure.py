"""Inotuzumab ozogamicin before infusion: doses, and days from the last dose."""

from __future__ import annotations

import numpy as np
import pandas as pd

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
