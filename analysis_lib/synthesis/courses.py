"""The course of each patient after infusion, as arrays that a search can change and restore."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis_lib.synthesis import fate, targets
from analysis_lib.synthesis.arrays import NO_RELAPSE, Arrays
from analysis_lib.synthesis.follow_up import LONGEST

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
