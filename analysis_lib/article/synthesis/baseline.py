"""Who the patients are before infusion, and how they were exposed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

import numpy as np
import pandas as pd

from analysis_lib.article.synthesis import targets

Label = TypeVar("Label", bound=Hashable)


def deal(
    rng: np.random.Generator, groups: pd.Series, table: Mapping[str, Mapping[Label, int]]
) -> pd.Series:
    """Give every patient a label so that each group shows exactly its row of `table`."""
    return deal_by_score(rng, groups, table, score=pd.Series(0.0, index=groups.index))


def deal_by_score(
    rng: np.random.Generator,
    groups: pd.Series,
    table: Mapping[str, Mapping[Label, int]],
    *,
    score: pd.Series,
    noise: float = 1.0,
) -> pd.Series:
    """Deal the labels in the table's order, to the highest noisy score first.

    Gumbel noise makes this a draw without replacement with odds exp(score / noise).
    """
    dealt = pd.Series(index=groups.index, dtype=object)
    noisy = score + noise * rng.gumbel(size=len(score))
    for group, counts in table.items():
        members = noisy[groups == group].sort_values(ascending=False, kind="stable").index
        labels = [label for label, count in counts.items() for _ in range(count)]
        if len(labels) != len(members):
            raise ValueError(f"{group!r} has {len(members)} patients for {len(labels)} labels")
        dealt.loc[members] = np.array(labels, dtype=object)
    return dealt


def choose(
    rng: np.random.Generator,
    groups: pd.Series,
    counts: Mapping[str, int],
    *,
    score: pd.Series | None = None,
    noise: float = 1.0,
) -> pd.Series:
    """Say yes to exactly `counts` patients of each group, higher noisy scores first."""
    if score is None:
        score = pd.Series(0.0, index=groups.index)
    sizes = groups.value_counts()
    table: dict[str, dict[bool, int]] = {
        group: {True: count, False: int(sizes[group]) - count} for group, count in counts.items()
    }
    chosen = deal_by_score(rng, groups, table, score=score, noise=noise)
    return chosen.isin([True])


def spread(rng: np.random.Generator, low: float, high: float, size: int) -> np.ndarray:
    """Draw one value from each of `size` equal slices of [low, high), in random order."""
    slices = (np.arange(size) + rng.uniform(size=size)) / max(size, 1)
    return rng.permutation(low + (high - low) * slices)


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
