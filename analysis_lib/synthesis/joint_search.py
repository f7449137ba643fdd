"""Search over courses and covariates together, where one alone leaves a little of the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis_lib.claims import Claim
from analysis_lib.synthesis.annealing import Found, Phase, Report, Undo, anneal, total
from analysis_lib.synthesis.arrays import Arrays, as_arrays, as_frame
from analysis_lib.synthesis.association_search import AssociationSearch
from analysis_lib.synthesis.consolidation import NONE, may_be_consolidated
from analysis_lib.synthesis.survival_search import SurvivalSearch

# Share of the moves that change courses.
COURSES = 0.5
# Heat at the start: warm enough to leave what the two searches found one after the other.
HEAT = 0.6


class JointSearch:
    """Both searches over one cohort: the courses of the one are columns of the other."""

    def __init__(self, arrays: Arrays, claims: Sequence[Claim]) -> None:
        self._arrays = arrays
        self._survival = SurvivalSearch(arrays, claims)
        self._associations = AssociationSearch(arrays, claims)
        self._known: np.ndarray | None = None

    def distances(self) -> Iterator[np.ndarray]:
        if self._known is None:
            self._known = self._of_survival()
        yield self._known
        yield from self._associations.distances()

    def move(self, rng: np.random.Generator) -> Undo | None:
        if rng.uniform() >= COURSES:
            # Who has which course within a stratum and period changes no curve.
            return self._associations.move(rng)
        undo, known = self._survival.move(rng), self._known
        if undo is None:
            return None
        if not self._consolidation_fits():
            undo()
            return None
        self._known = None

        def back() -> None:
            undo()
            self._known = known

        return back

    def _of_survival(self) -> np.ndarray:
        return np.concatenate(list(self._survival.distances()))

    def _consolidation_fits(self) -> bool:
        arrays = self._arrays
        given = (arrays["consolidation"] != NONE) | (arrays["fate"] == "sos_death")
        return self._associations.failures_are_kept() and all(
            may_be_consolidated(arrays, int(patient)) for patient in np.flatnonzero(given)
        )


def search_jointly(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    *,
    claims: Sequence[Claim],
    moves: int,
    report: Report,
) -> Found:
    """Courses and covariates whose curves and models both print as published, as far as found."""
    arrays = as_arrays(frame)
    problem = JointSearch(arrays, claims)
    left = anneal(problem, rng, [Phase(moves, HEAT, total)], report=report)
    return Found(as_frame(arrays, frame), left)
