"""The courses of patients, and the printed survival numbers as goals for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis import fate, targets
from analysis_lib.article.synthesis.annealing import NO_RELAPSE, Arrays, Goal, Goals, printed_goal
from analysis_lib.article.synthesis.outcome import LONGEST, MONTH
from analysis_lib.results.rows import Key

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


Z = float(ndtri(0.975))


@dataclass(frozen=True)
class DayCounts:
    """Events and patients at risk by group (rows), on the days on which anyone leaves (columns)."""

    days: np.ndarray
    events: np.ndarray
    at_risk: np.ndarray


def count_days(
    cells: np.ndarray, days: np.ndarray, events: np.ndarray, membership: np.ndarray
) -> DayCounts:
    """Count by group; `membership` (groups x cells) says which cells make up each group."""
    known, column = np.unique(days, return_inverse=True)
    shape = (membership.shape[1], len(known))
    where = cells * len(known) + column
    size = shape[0] * shape[1]
    leaving = membership @ np.bincount(where, minlength=size).reshape(shape)
    happened = membership @ np.bincount(where[events], minlength=size).reshape(shape)
    return DayCounts(known, happened, leaving[:, ::-1].cumsum(axis=1)[:, ::-1])


def survival_with_interval(
    counts: DayCounts, groups: list[int], days: list[int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Kaplan-Meier estimate and 95% log-log interval: each groups x days.

    nan where nobody of the group is followed beyond the day.
    """
    at = np.searchsorted(counts.days, days, side="right") - 1
    events, at_risk = counts.events[groups], np.maximum(counts.at_risk[groups], 1)
    beyond = np.pad(counts.at_risk[groups], ((0, 0), (0, 1)))[:, at + 1]
    estimate = np.where(beyond > 0, np.cumprod(1 - events / at_risk, axis=1)[:, at], np.nan)
    steps = events / np.maximum(at_risk * (at_risk - events), 1)
    with np.errstate(
        divide="ignore", invalid="ignore"
    ):  # no event yet, or nobody left: no interval
        error = np.sqrt(np.cumsum(steps, axis=1)[:, at]) / np.abs(np.log(estimate))
    return estimate, estimate ** np.exp(Z * error), estimate ** np.exp(-Z * error)


def log_rank_p(counts: DayCounts, first: list[int], second: list[int]) -> np.ndarray:
    """Two-sided P of the unweighted log-rank test of each pair of groups."""
    events = counts.events[first] + counts.events[second]
    both = np.maximum(counts.at_risk[first] + counts.at_risk[second], 1)
    share = counts.at_risk[second] / both
    expected = events * share
    spread = expected * (1 - share) * (both - events) / np.maximum(both - 1, 1)
    excess = counts.events[second].sum(axis=1) - expected.sum(axis=1)
    return 2 * ndtr(-np.abs(excess) / np.sqrt(spread.sum(axis=1)))


def median_days(counts: DayCounts, groups: list[int]) -> np.ndarray:
    """First day on which each Kaplan-Meier estimate is at most one half."""
    curve = np.cumprod(1 - counts.events[groups] / np.maximum(counts.at_risk[groups], 1), axis=1)
    return counts.days[np.argmax(curve <= 0.5, axis=1)]


ENDPOINTS = ("pfs", "os")
MONTHS = (6, 12)
LANDMARKS = [int(months * MONTH) for months in MONTHS]
# Groups in the order of the membership matrix; the first two are printed with intervals.
GROUPS = ("naive", "exposed", "responder", "refractory", "preapheresis", "bridging", "all")
WITH_INTERVAL, WITH_ESTIMATE = [0, 1], [0, 1, 2, 3]
FOLLOWED = [6, 0, 1]
FAILING = [0, 2, 3]
TESTS = (
    ("survival_by_exposure", "exposed_vs_naive"),
    ("survival_by_response", "refractory_vs_responder"),
    ("survival_by_timing", "bridging_vs_preapheresis_only"),
)
# The two groups of each test.
FIRST, SECOND = [0, 2, 4], [1, 3, 5]
POPULATIONS = {
    "naive": ("survival_by_exposure", "infused[ino=naive]"),
    "exposed": ("survival_by_exposure", "infused[ino=exposed]"),
    "responder": ("survival_by_response", "infused[ino_exposure_response=responder]"),
    "refractory": ("survival_by_response", "infused[ino_exposure_response=refractory]"),
}
# Follow-up is alike in both arms: months by which their medians may differ.
ALIKE = 0.8
# Relapses and deaths among the responders to the infusion: not printed, but the printed standard
# errors of the second multivariable model, which sees the responders, leave little room.
RESPONDERS_FAILING = {"naive": (27, 31), "responder": (26, 32), "refractory": (9, 12)}
# One unit of distance: a percentage point of an arm; more of a stratum, where one patient is up to
# four points and the search would freeze; a tenth of log P; a tenth of a month; half an event.
PER_POINT, PER_POINT_OF_STRATUM = 100.0, 40.0
PER_LOG_P, PER_MONTH, PER_EVENT = 10.0, 10.0, 2.0


def survival_goals(claims: Sequence[Claim]) -> Goals:
    """Goals in the order of `measure_survival`."""
    goals = [
        printed_goal(claims, key, scale=scale, logged=key.statistic == "p_value")
        for outcome in ENDPOINTS
        for key, scale in _keys(outcome)
    ]
    follow_up = Key("followup", "followup", "infused", "reverse_kaplan_meier", statistic="median")
    goals.append(printed_goal(claims, follow_up, scale=PER_MONTH))
    goals.append(Goal(-ALIKE, ALIKE, scale=PER_MONTH))
    goals += [Goal(*bounds, scale=PER_EVENT) for bounds in RESPONDERS_FAILING.values()]
    return Goals(goals)


def _keys(outcome: str) -> list[tuple[Key, float]]:
    """Keys of an endpoint's numbers, and the scale of their distances."""
    keys: list[tuple[Key, float]] = []
    for months in MONTHS:
        for statistic, groups in (
            ("survival", WITH_ESTIMATE),
            ("survival_ci_low", WITH_INTERVAL),
            ("survival_ci_high", WITH_INTERVAL),
        ):
            for group in groups:
                analysis, population = POPULATIONS[GROUPS[group]]
                key = Key(
                    analysis, outcome, population, time_months=float(months), statistic=statistic
                )
                keys.append((key, PER_POINT if group in WITH_INTERVAL else PER_POINT_OF_STRATUM))
    for analysis, contrast in TESTS:
        key = Key(analysis, outcome, "infused", contrast=contrast, statistic="p_value")
        keys.append((key, PER_LOG_P))
    return keys


def membership(strata: np.ndarray, periods: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cell (stratum and period) of each patient, and the cells that make up each group."""
    names = sorted(set(zip(strata, periods, strict=True)))
    cells = np.array([names.index(pair) for pair in zip(strata, periods, strict=True)])
    rows = [
        [
            group == "all" or group in pair or (group == "exposed" and pair[0] != "naive")
            for pair in names
        ]
        for group in GROUPS
    ]
    return cells, np.array(rows, dtype=float)


def measure_survival(courses: Courses, cells: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Every number that has a goal, in the goals' order."""
    days, events = courses.progression()
    pfs = count_days(cells, days, events, groups)
    os = count_days(cells, courses.end, courses.dead, groups)
    follow_up = DayCounts(os.days, _leaving(os) - os.events, os.at_risk)
    everyone, naive, exposed = median_days(follow_up, FOLLOWED) / MONTH
    failing = np.bincount(cells[events & courses.responded], minlength=groups.shape[1])
    return np.concatenate(
        [_measure(pfs), _measure(os), [everyone, naive - exposed], groups[FAILING] @ failing]
    )


def _leaving(counts: DayCounts) -> np.ndarray:
    """Everyone whose follow-up ends on the day, by event or not."""
    return -np.diff(counts.at_risk, axis=1, append=0)


def _measure(counts: DayCounts) -> np.ndarray:
    estimate, low, high = survival_with_interval(counts, WITH_ESTIMATE, LANDMARKS)
    ends = [low[: len(WITH_INTERVAL)], high[: len(WITH_INTERVAL)]]
    by_month = [part[:, month] for month in range(len(MONTHS)) for part in (estimate, *ends)]
    return np.concatenate([*by_month, log_rank_p(counts, FIRST, SECOND)])
