"""From days to dates: infusion over the accrual window, everything else counted from it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.synthesis import targets
from analysis_lib.synthesis.follow_up import draw_infusion_offset

CENTRES = 31
# Date column and the days from infusion it lies at.
AFTER_INFUSION = {
    "crs_onset_date": "crs_onset_day",
    "icans_onset_date": "icans_onset_day",
    "response_date": "response_day",
    "consolidation_date": "consolidation_day",
    "relapse_date": "relapse_day",
    "last_contact_date": "end_day",
}


def draw_dates(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add every date of the extract."""
    frame = frame.copy()
    offsets = [
        draw_infusion_offset(rng, int(end), not dead)
        for end, dead in zip(frame["end_day"], frame["dead"], strict=True)
    ]
    first = pd.Timestamp(targets.FIRST_INFUSION)
    frame["infusion_date"] = first + pd.to_timedelta(offsets, unit="D")
    infusion = frame["infusion_date"]
    for name, days in AFTER_INFUSION.items():
        frame[name] = _shift(infusion, frame[days])
    frame["death_date"] = frame["last_contact_date"].where(frame["dead"])
    frame["apheresis_date"] = _shift(infusion, -frame["apheresis_lead"])
    frame["lymphodepletion_date"] = _shift(infusion, -frame["lymphodepletion_lead"])
    frame["last_ino_preapheresis_date"] = _shift(
        frame["apheresis_date"], -frame["days_ino_to_apheresis"]
    )
    frame["last_ino_bridging_date"] = _shift(infusion, -frame["days_ino_to_infusion"])
    return frame


def draw_centres(rng: np.random.Generator, patients: int) -> np.ndarray:
    """Deal patients to 31 centres, from one of two dozen down to several of one or two."""
    weights = 1 / (np.arange(CENTRES) + 4.0)
    ideal = (patients - CENTRES) * weights / weights.sum()
    sizes = 1 + np.floor(ideal).astype(int)
    fraction = ideal - np.floor(ideal)
    sizes[np.argsort(-fraction, kind="stable")[: patients - sizes.sum()]] += 1
    labels = rng.permutation([f"C{number:02d}" for number in range(1, CENTRES + 1)])
    return rng.permutation(np.repeat(labels, sizes))


def _shift(start: pd.Series, days: pd.Series) -> pd.Series:
    """Whole days later, missing where they are: pandas rounds what lies in memory for a nan."""
    known = days.dropna().astype("int64")
    return (start[known.index] + pd.to_timedelta(known, unit="D")).reindex(days.index)
