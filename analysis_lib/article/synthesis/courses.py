"""The course of each patient after infusion, and consolidation after response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis_lib.article.synthesis import fate, targets
from analysis_lib.article.synthesis.annealing import NO_RELAPSE, Arrays
from analysis_lib.article.synthesis.outcome import LONGEST
from analysis_lib.errors import ParameterError

# Days on which each kind of death may fall; early deaths are those within 30 days.
DEATH_DAYS = {
    "early_death": (4, 30),
    "not_evaluable_death": (31, 80),
    "refractory_death": (40, 420),
    "relapse_death": (50, 660),
    "remission_death": (50, 420),
    "sos_death": (110, 330),
}
RELAPSE_DAYS = (42, 560)
RELAPSE_TO_END = 8

Saved = tuple[np.ndarray, ...]


class Courses:
    """End of follow-up, relapse (0 = none) and fate of every patient: columns of the arrays."""

    def __init__(self, arrays: Arrays) -> None:
        self.end, self.relapse = arrays["end_day"], arrays["relapse_day"]
        self.fate, self.dead = arrays["fate"], arrays["dead"]
        self.responded = arrays["responded"]

    def save(self, patients: Sequence[int]) -> Saved:
        return tuple(column[patients].copy() for column in self._columns())

    def restore(self, patients: Sequence[int], saved: Saved) -> None:
        for column, values in zip(self._columns(), saved, strict=True):
            column[patients] = values

    def swap(self, first: int, second: int) -> None:
        self.restore([first, second], self.save([second, first]))

    def become(self, patient: int, name: str) -> None:
        """Give a patient another fate with the same response; the days are the caller's."""
        self.fate[patient] = name
        self.dead[patient] = name in fate.DEATH

    def possible(self, patient: int) -> bool:
        """Whether the days fit the fate, the relapse and the eligibility of survivors."""
        end, relapse = self.end[patient], self.relapse[patient]
        shortest, longest = (
            DEATH_DAYS[self.fate[patient]]
            if self.dead[patient]
            else (targets.MINIMUM_FOLLOW_UP, LONGEST)
        )
        if not shortest <= end <= longest:
            return False
        if self.fate[patient] not in fate.RELAPSE:
            return bool(relapse == NO_RELAPSE)
        first, last = RELAPSE_DAYS
        return bool(first <= relapse <= min(last, end - RELAPSE_TO_END))

    def progression(self) -> tuple[np.ndarray, np.ndarray]:
        """Day of relapse, death or last contact, and whether it was relapse or death."""
        relapsed = self.relapse != NO_RELAPSE
        return np.where(relapsed, self.relapse, self.end), relapsed | self.dead

    def _columns(self) -> tuple[np.ndarray, ...]:
        return self.end, self.relapse, self.fate, self.dead, self.responded


# Days from infusion, and days a relapse or death comes later at the least.
WINDOWS = {"tki": (36, 80), "allo_hct": (55, 125), "other": (40, 90)}
GAP = 15
NONE = "none"
# Relapses and deaths among the consolidated whom the article's second model can see: not printed,
# but the printed standard errors of their hazard ratios leave hardly another choice.
FAILURES = {
    "naive": {"tki": 2, "allo_hct": 2, "other": 2},
    "exposed": {"tki": 2, "allo_hct": 6, "other": 1},
}


def draw_consolidation(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add `consolidation`, exact by arm, kind and failure, among those who lived to receive it.

    Every death from sinusoidal obstruction syndrome follows a transplantation.
    """
    frame = frame.copy()
    frame["consolidation"] = np.where(frame["fate"] == "sos_death", "allo_hct", NONE)
    failed = seen_failures({name: frame[name].to_numpy() for name in frame})
    lived = frame["relapse_day"].isna() & ~frame["dead"]
    for arm, counts in targets.CONSOLIDATION.items():
        of_arm = frame["arm"] == arm
        for kind, count in counts.items():
            _give(rng, frame, kind, among=of_arm & failed, until=FAILURES[arm][kind])
            given = frame["consolidation"] == kind
            others = int((of_arm & given & ~lived).sum())
            _give(rng, frame, kind, among=of_arm & lived, until=count - others)
    return frame


def _give(
    rng: np.random.Generator, frame: pd.DataFrame, kind: str, *, among: pd.Series, until: int
) -> None:
    """Give a consolidation to patients who could have had it, until as many have it."""
    given = int((frame.loc[among, "consolidation"] == kind).sum())
    free = frame[among & (frame["consolidation"] == NONE)]
    columns = {name: free[name].to_numpy() for name in free}
    columns["consolidation"] = np.full(len(free), kind, dtype=object)
    able = [free.index[row] for row in range(len(free)) if may_be_consolidated(columns, row)]
    if len(able) < until - given:
        raise ParameterError(
            f"seed: leaves {len(able)} patients who could have had {kind} as consolidation, where "
            f"{until - given} are needed; choose another seed"
        )
    frame.loc[rng.permutation(able)[: until - given], "consolidation"] = kind


def progression(columns: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Day of relapse, death or last contact, and whether it was relapse or death."""
    relapse = columns["relapse_day"]
    relapsed = relapse > 0
    time = np.where(relapsed, relapse, columns["end_day"]).astype(float)
    return time, relapsed | columns["dead"].astype(bool)


def seen_failures(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Who relapsed or died, among the complete cases with a known response to InO or none."""
    _, failed = progression(columns)
    return (
        failed
        & (columns["stratum"] != "not_reported")
        & (columns["race_ethnicity"] != targets.MISSING)
        & (columns["marrow_status"] != targets.MISSING)
    )


def may_be_consolidated(columns: Mapping[str, np.ndarray], patient: int) -> bool:
    """Whether the patient's consolidation, or none, fits response, subtype, course and fate."""
    kind = columns["consolidation"][patient]
    if columns["fate"][patient] == "sos_death":
        return bool(kind == "allo_hct")
    if kind == NONE:
        return True
    if kind == "tki" and columns["disease_subtype"][patient] != "ph_positive":
        return False
    relapse = columns["relapse_day"][patient]
    failure = relapse if relapse > 0 else columns["end_day"][patient]
    return bool(columns["responded"][patient] and failure >= WINDOWS[kind][0] + GAP)


def draw_consolidation_days(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add `consolidation_day`, before any relapse or death."""
    days = pd.Series(np.nan, index=frame.index)
    latest = frame["relapse_day"].fillna(frame["end_day"]) - GAP
    for patient in frame.index[frame["consolidation"] != NONE]:
        low, high = WINDOWS[frame.at[patient, "consolidation"]]
        high = int(min(high, latest[patient]))
        days[patient] = rng.integers(low, max(low, high) + 1)
    return frame.assign(consolidation_day=days)
