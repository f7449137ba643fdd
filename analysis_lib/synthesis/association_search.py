"""Search for who has which covariate, so that the article's models print their hazard ratios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis_lib.claims import Claim
from analysis_lib.synthesis.annealing import (
    Found,
    Measure,
    Phase,
    Report,
    Undo,
    anneal,
    emphasise_far,
    total,
)
from analysis_lib.synthesis.arrays import Arrays, as_arrays, as_frame
from analysis_lib.synthesis.association_goals import (
    AssociationMeasure,
    association_goals,
)
from analysis_lib.synthesis.consolidation import may_be_consolidated, seen_failures

COURSE = ("fate", "end_day", "relapse_day", "responded", "dead")
AGE = ("age_years",)
# What two patients exchange, and the columns that they must share so that every printed count
# stays: swaps within an arm, a stratum, a period of InO, or a stratum and period.
SWAPS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("prior_hct",): ("stratum",),
    ("bridging_therapy",): ("period",),
    ("race_ethnicity",): ("arm",),
    ("disease_subtype",): ("stratum",),
    ("marrow_status", "marrow_blasts_percent"): ("stratum", "period"),
    AGE: ("arm",),
    ("consolidation",): ("arm",),
    COURSE: ("stratum", "period"),
    (*COURSE, "consolidation"): ("stratum", "period"),
}
CHANCES = (3.0, 3.0, 1.5, 3.0, 2.0, 1.0, 6.0, 4.0, 4.0)
# Chance that a swap is between neighbours, which changes the models little, and how near they are.
LOCAL, NEAREST = 0.6, 4
# Share of the moves, heat and measure of each phase: a hazard ratio on the wrong side of 1 has to
# cross first; then everything settles.
PHASES: tuple[tuple[float, float, Measure], ...] = ((0.2, 6.0, emphasise_far), (0.8, 4.0, total))


class AssociationSearch:
    """The cohort's columns under change; every count by group stays as it is."""

    def __init__(self, arrays: Arrays, claims: Sequence[Claim]) -> None:
        self.columns = arrays
        self._goals = association_goals(claims)
        self._measure = AssociationMeasure()
        self._fixed = self._failures()
        frame = pd.DataFrame(arrays)
        self._names = list(SWAPS)
        self._chances = np.array(CHANCES) / sum(CHANCES)
        self._groups = [
            [rows for rows in frame.groupby(list(shared)).indices.values() if len(rows) > 1]
            for shared in SWAPS.values()
        ]

    def distances(self) -> Iterator[np.ndarray]:
        parts = self._measure.parts(self.columns)
        for goals, values in zip(self._goals, parts, strict=True):
            yield goals.distances(values)

    def move(self, rng: np.random.Generator) -> Undo | None:
        kind = int(rng.choice(len(self._names), p=self._chances))
        names, groups = self._names[kind], self._groups[kind]
        first, second = self._pair(rng, names, groups[rng.integers(len(groups))])
        columns = self.columns
        responded = columns["responded"]
        # Outside the responders nothing that the models see would change.
        if first == second or not (responded[first] or responded[second]):
            return None
        self._swap(names, first, second)
        fits = may_be_consolidated(columns, first) and may_be_consolidated(columns, second)
        if fits and self.failures_are_kept():
            return lambda: self._swap(names, first, second)
        self._swap(names, first, second)
        return None

    def failures_are_kept(self) -> bool:
        """Whether as many failed after each kind of consolidation as at first; a search that had
        to cross other numbers gets stuck.
        """
        return self._failures() == self._fixed

    def _failures(self) -> tuple[int, ...]:
        kinds = self.columns["consolidation"][seen_failures(self.columns)]
        return tuple(int((kinds == kind).sum()) for kind in ("tki", "allo_hct"))

    def _pair(
        self, rng: np.random.Generator, names: tuple[str, ...], group: np.ndarray
    ) -> tuple[int, int]:
        """Two of the group: any two, or a patient and one near in age or progression time."""
        first = int(group[rng.integers(len(group))])
        if rng.uniform() >= LOCAL:
            return first, int(group[rng.integers(len(group))])
        by = self.columns["age_years"] if names == AGE else self._measure.time
        nearest = np.argsort(np.abs(by[group] - by[first]), kind="stable")[1 : 1 + NEAREST]
        return first, int(group[nearest[rng.integers(len(nearest))]])

    def _swap(self, names: tuple[str, ...], first: int, second: int) -> None:
        for name in names:
            column = self.columns[name]
            column[[first, second]] = column[[second, first]]


def search_associations(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    *,
    claims: Sequence[Claim],
    moves: int,
    report: Report,
) -> Found:
    """Covariates exchanged until both models print as published, as far as was found."""
    arrays = as_arrays(frame)
    phases = [Phase(round(share * moves), heat, measure) for share, heat, measure in PHASES]
    left = anneal(AssociationSearch(arrays, claims), rng, phases, report=report)
    return Found(as_frame(arrays, frame), left)
