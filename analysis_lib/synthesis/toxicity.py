"""CRS, ICANS and the drugs against them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.synthesis import targets
from analysis_lib.synthesis.allocation import choose, deal_by_score
from analysis_lib.synthesis.rank_search import RankGoal, search

NOT_EVALUABLE = -1
CRS_ONSET = (1, 10)
ICANS_ONSET = (3, 14)
NEVER = -100.0


def draw_toxicity(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add grades, onset days and drugs; grades are worse with active disease and early death."""
    frame = frame.copy()
    severe = 1.0 * (frame["marrow_status"] == targets.ACTIVE) + 1.5 * (
        frame["fate"] == "early_death"
    )
    frame["crs_grade"] = _grades(rng, frame, targets.CRS, severe)
    known = frame["crs_grade"].clip(lower=0)
    # The exposed patient not evaluable for CRS is the one not evaluable for ICANS.
    blind = frame["crs_grade"].eq(NOT_EVALUABLE) & frame["arm"].eq("exposed")
    frame["icans_grade"] = _grades(rng, frame, targets.ICANS, 1.2 * known + NEVER * blind)
    _add_drugs(rng, frame)
    frame["crs_onset_day"] = _onset(rng, frame, "crs_grade", CRS_ONSET, p_value=0.47)
    frame["icans_onset_day"] = _onset(rng, frame, "icans_grade", ICANS_ONSET, p_value=0.52)
    return frame


def _grades(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    counts: dict[str, dict[int, int]],
    score: pd.Series,
) -> pd.Series:
    sizes = frame["arm"].value_counts()
    table: dict[str, dict[int, int]] = {
        arm: {**grades, NOT_EVALUABLE: int(sizes[arm]) - sum(grades.values())}
        for arm, grades in counts.items()
    }
    return deal_by_score(rng, frame["arm"], table, score=score).astype(int)


def _add_drugs(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    crs, icans = frame["crs_grade"].clip(lower=0), frame["icans_grade"].clip(lower=0)
    grave_crs, grave_icans = 20.0 * (crs >= 3), 20.0 * (icans >= 3)
    arm, none = frame["arm"], NEVER * ((crs == 0) & (icans == 0))
    crs_first = 2.0 * crs + grave_crs + 0.3 * NEVER * (crs == 0) + none
    icans_first = 1.5 * icans + 0.5 * crs + grave_icans + grave_crs + none
    frame["tocilizumab"] = choose(rng, arm, targets.TOCILIZUMAB, score=crs_first)
    frame["steroids"] = choose(rng, arm, targets.STEROIDS, score=icans_first)
    refractory_toxicity = 0.8 * (crs + icans) + none
    frame["anakinra"] = choose(rng, arm, targets.ANAKINRA, score=refractory_toxicity)


def _onset(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    grade: str,
    window: tuple[int, int],
    *,
    p_value: float,
) -> pd.Series:
    """Draw days to onset where there was toxicity, with the printed rank-test P."""
    first, last = window
    affected = (frame[grade] >= 1).to_numpy()
    low = np.where(affected, float(first), 0.0)
    # Toxicity starts before death; the earliest deaths leave only the first days.
    end = np.maximum(frame["end_day"].to_numpy(dtype=float) - 1, first)
    high = np.where(affected, np.minimum(last, end), 0.0)
    drawn = first + np.floor((last - first + 1) * rng.beta(1.6, 3.2, size=len(frame)))
    days = np.clip(drawn, low, high)
    exposed = (frame["arm"] == "exposed").to_numpy()
    goal = RankGoal(affected & ~exposed, affected & exposed, p_value=p_value, slack=0.004)
    found = search(rng, days, low=low, high=high, goals=[goal])
    return pd.Series(np.where(affected, found, np.nan), index=frame.index)
