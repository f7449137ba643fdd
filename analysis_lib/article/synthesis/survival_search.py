"""Search for days of relapse, death and last contact that print the article's survival."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis.annealing import (
    NO_RELAPSE,
    Arrays,
    Found,
    Phase,
    Report,
    Undo,
    anneal,
    as_arrays,
    as_frame,
    total,
)
from analysis_lib.article.synthesis.association import AssociationSearch
from analysis_lib.article.synthesis.fate import NONE, may_be_consolidated
from analysis_lib.article.synthesis.survival_goals import (
    Courses,
    measure_survival,
    membership,
    survival_goals,
)

# Share of the moves and heat: everything settles, then a round, a little warm at first, finishes.
PHASES = ((0.75, 1.5), (0.25, 0.15))
# Days by which one move shifts a day at most, and around which a survivor's last contact is drawn.
REACHES = (4, 25, 120)
JITTER = 8
# Days from relapse, or from infusion, to a death that a move invents.
DAYS_TO_DEATH = (8, 300)
# A death in remission is rare: a move that invents one is tried less often.
DEATH_IN_REMISSION = 0.3
# A small stratum has as many numbers to meet as a large one: its days are moved as often.
STRATA = ("naive", "responder", "refractory", "not_reported")
TURNED = {
    "not_evaluable_alive": "not_evaluable_death",
    "not_evaluable_death": "not_evaluable_alive",
    "refractory_alive": "refractory_death",
    "refractory_death": "refractory_alive",
    "relapse_alive": "relapse_death",
    "relapse_death": "relapse_alive",
    "remission": "remission_death",
    "remission_death": "remission",
}


class SurvivalSearch:
    """Courses under change; responses, relapses and early deaths stay as many as they are."""

    def __init__(self, arrays: Arrays, claims: Sequence[Claim]) -> None:
        self.courses = Courses(arrays)
        self._cells, self._groups = membership(arrays["stratum"], arrays["period"])
        self._strata = [np.flatnonzero(arrays["stratum"] == name) for name in STRATA]
        self._exposed = np.flatnonzero(arrays["arm"] == "exposed")
        self._goals = survival_goals(claims)

    def distances(self) -> Iterator[np.ndarray]:
        yield self._goals.distances(measure_survival(self.courses, self._cells, self._groups))

    def move(self, rng: np.random.Generator) -> Undo | None:
        kind = rng.integers(10)
        if kind < 3:
            patients, change = self._shift(rng)
        elif kind < 5:
            patients, change = self._swap_follow_up(rng)
        elif kind < 8:
            patients, change = self._swap_courses(rng)
        else:
            patients, change = self._turn(rng)
        saved = self.courses.save(patients)
        change()
        if all(self.courses.possible(patient) for patient in patients):
            return lambda: self.courses.restore(patients, saved)
        self.courses.restore(patients, saved)
        return None

    def _shift(self, rng: np.random.Generator) -> tuple[list[int], Undo]:
        """A relapse, a death or a last contact some days earlier or later."""
        stratum = self._strata[rng.integers(len(self._strata))]
        courses, patient = self.courses, int(stratum[rng.integers(len(stratum))])
        reach = REACHES[rng.integers(len(REACHES))]
        step = int(rng.integers(-reach, reach + 1))
        relapsed = courses.relapse[patient] != NO_RELAPSE
        of_relapse = relapsed and (not courses.dead[patient] or rng.uniform() < 0.5)

        def change() -> None:
            if of_relapse:
                courses.relapse[patient] += step
            else:
                courses.end[patient] += step

        return [patient], change

    def _swap_follow_up(self, rng: np.random.Generator) -> tuple[list[int], Undo]:
        """Two survivors exchange their last contacts."""
        alive = np.flatnonzero(~self.courses.dead)
        pair = [int(patient) for patient in alive[rng.integers(len(alive), size=2)]]

        def change() -> None:
            self.courses.end[pair] = self.courses.end[pair[::-1]]

        return pair, change

    def _swap_courses(self, rng: np.random.Generator) -> tuple[list[int], Undo]:
        """Two exposed patients exchange everything: the arm's curves stay, the strata's change."""
        size = len(self._exposed)
        first, second = (int(patient) for patient in self._exposed[rng.integers(size, size=2)])
        return [first, second], lambda: self.courses.swap(first, second)

    def _turn(self, rng: np.random.Generator) -> tuple[list[int], Undo]:
        """Someone who lived beyond 30 days dies, or one who died then lives."""
        courses = self.courses
        turnable = np.flatnonzero(np.isin(courses.fate, list(TURNED)))
        patient = int(turnable[rng.integers(len(turnable))])
        fate = courses.fate[patient]
        alive = courses.end[~courses.dead]
        lived = int(alive[rng.integers(len(alive))] + rng.integers(-JITTER, JITTER + 1))
        died = int(courses.relapse[patient]) + int(rng.integers(*DAYS_TO_DEATH))
        rarely = rng.uniform() < DEATH_IN_REMISSION

        def change() -> None:
            if fate == "remission" and not rarely:
                return
            courses.become(patient, TURNED[fate])
            if not courses.dead[patient]:
                courses.end[patient] = lived
            else:
                courses.end[patient] = died

        return [patient], change


def search_survival(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    *,
    claims: Sequence[Claim],
    moves: int,
    report: Report,
) -> Found:
    """Days and fates whose survival prints as published, as far as was found."""
    arrays = as_arrays(frame)
    phases = [Phase(round(share * moves), heat, total) for share, heat in PHASES]
    left = anneal(SurvivalSearch(arrays, claims), rng, phases, report=report)
    return Found(as_frame(arrays, frame), left)


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
