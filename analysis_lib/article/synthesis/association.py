"""Search for who has which covariate, so that the article's models print their hazard ratios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis import targets
from analysis_lib.article.synthesis.annealing import (
    Arrays,
    Found,
    Goal,
    Goals,
    Measure,
    Phase,
    Report,
    Undo,
    anneal,
    as_arrays,
    as_frame,
    emphasise_far,
    printed_goal,
    total,
)
from analysis_lib.article.synthesis.fate import may_be_consolidated, progression, seen_failures
from analysis_lib.article.synthesis.survival_goals import Z
from analysis_lib.results.rows import Key
from analysis_lib.stats.partial_likelihood import efron_step, fit_efron
from analysis_lib.stats.risk_sets import risk_sets

PER_LOG_RATIO, PER_LOG_P = 100.0, 10.0
INTERVAL = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
# Columns of the design, the exposure left out: the article's terms, then candidates it left out.
TERMS = (
    "prior_hct",
    "tki",
    "allo_hct",
    "other",
    "bridging_therapy",
    "age_decades",
    "hispanic",
    "other_race",
    "active",
    "ph_positive",
)
LEFT_OUT = (
    "male",
    "extramedullary_disease",
    "cns_involvement",
    "prior_lines",
    "prior_blinatumomab",
)
# The article: P < .1 enters; age and race enter whatever their P. The search screens by the score
# test and keeps away from .1, so that the likelihood-ratio test agrees.
ENTERED = ("prior_hct", "allo_hct", "bridging_therapy", "active", "ph_positive")
ENTERS_BELOW, LEFT_OUT_ABOVE = 0.08, 0.13
MODEL_A = ("ino", "exposed", "exposed_vs_naive")
# Position in the design of model B, and the key of the printed hazard ratio.
MODEL_B = {
    0: ("ino_exposure_response", "responder", "responder_vs_naive"),
    1: ("ino_exposure_response", "refractory", "refractory_vs_naive"),
    2 + TERMS.index("prior_hct"): ("prior_hct", "yes", "yes_vs_no"),
    2 + TERMS.index("allo_hct"): ("consolidation", "allo_hct", "allo_hct_vs_none"),
    2 + TERMS.index("tki"): ("consolidation", "tki", "tki_vs_none"),
    2 + TERMS.index("bridging_therapy"): ("bridging_therapy", "yes", "yes_vs_no"),
}
TOLERANCE = 1e-3
# A log hazard ratio beyond this has left the data; the next fit starts afresh.
LARGEST = 6.0
Columns = Mapping[str, np.ndarray]


def association_goals(claims: Sequence[Claim]) -> tuple[Goals, ...]:
    """Goals in the order of `AssociationMeasure.parts`."""
    models = {"cox_as_published_a": [MODEL_A], "cox_as_published_b": list(MODEL_B.values())}
    ratios = [
        [
            printed_goal(
                claims,
                Key(analysis, "pfs", "responders", variable, level, contrast, statistic=statistic),
                scale=PER_LOG_RATIO,
                logged=True,
            )
            for variable, level, contrast in terms
            for statistic in INTERVAL
        ]
        for analysis, terms in models.items()
    ]
    entered = [Goal(0.0, ENTERS_BELOW, PER_LOG_P, logged=True) for _ in ENTERED]
    left_out = [Goal(LEFT_OUT_ABOVE, 1.0, PER_LOG_P, logged=True) for _ in LEFT_OUT]
    return (*(Goals(goals) for goals in ratios), Goals(entered + left_out))


class AssociationMeasure:
    """Both models of the article and the screen, fitted in the responders of a cohort.

    Complete cases, Efron ties, Wald intervals: what `cox_as_published_a` and `_b` report. Each fit
    starts from the one before it.
    """

    def __init__(self) -> None:
        self.time = np.empty(0)
        self._starts: dict[str, np.ndarray] = {}

    def parts(self, columns: Columns) -> Iterator[np.ndarray]:
        """Ratios and intervals of model A, those of model B, then the screen's P values."""
        responded = columns["responded"].astype(bool)
        time, event = progression(columns)
        terms, stratum = design(columns), columns["stratum"]
        known = (columns["race_ethnicity"] != targets.MISSING) & (
            columns["marrow_status"] != targets.MISSING
        )
        a = responded & known
        b = a & (stratum != "not_reported")
        exposed = (stratum != "naive")[a, None]
        levels = np.column_stack([stratum == "responder", stratum == "refractory"])[b]
        used = terms[:, : len(TERMS)]
        self.time = time
        yield self._fit("a", time[a], event[a], np.hstack([exposed, used[a]]), [0])
        yield self._fit("b", time[b], event[b], np.hstack([levels, used[b]]), list(MODEL_B))
        yield screen(time[responded], event[responded], terms[responded])

    def _fit(
        self, model: str, time: np.ndarray, event: np.ndarray, matrix: np.ndarray, at: list[int]
    ) -> np.ndarray:
        """Ratio and interval of the coefficients asked for; nan where one runs to infinity."""
        try:
            fit = fit_efron(time, event, matrix, start=self._starts.get(model), tolerance=TOLERANCE)
        except np.linalg.LinAlgError:
            self._starts.pop(model, None)
            return np.full(len(INTERVAL) * len(at), np.nan)
        self._starts[model] = fit.coefficients
        if np.abs(fit.coefficients).max() > LARGEST:
            self._starts.pop(model)
        errors = np.sqrt(np.maximum(np.diag(np.linalg.inv(fit.information)), 0.0))[at]
        log_ratio = fit.coefficients[at]
        return np.exp(
            np.column_stack([log_ratio, log_ratio - Z * errors, log_ratio + Z * errors])
        ).ravel()


def design(columns: Columns) -> np.ndarray:
    """Numbers for `TERMS` and `LEFT_OUT`, one row a patient."""
    race, kind = columns["race_ethnicity"], columns["consolidation"]
    other_race = np.isin(race, ("black", "asian", "other"))
    return np.column_stack(
        [
            columns["prior_hct"],
            kind == "tki",
            kind == "allo_hct",
            kind == "other",
            columns["bridging_therapy"],
            columns["age_years"] / 10,
            race == "hispanic",
            other_race,
            columns["marrow_status"] == targets.ACTIVE,
            columns["disease_subtype"] == "ph_positive",
            columns["sex"] == "male",
            columns["extramedullary_disease"],
            columns["cns_involvement"],
            columns["prior_lines"],
            columns["prior_blinatumomab"],
        ]
    ).astype(float)


def screen(time: np.ndarray, event: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """P of the univariable score test of each term entered or left out."""
    sets = risk_sets(time, event)
    centred = (terms - terms.mean(axis=0))[sets.order]
    score, information, _ = efron_step(sets, centred, np.zeros(centred.shape[1]))
    p_values = chdtrc(1, score**2 / np.diag(information))
    names = TERMS + LEFT_OUT
    return p_values[[names.index(name) for name in ENTERED + LEFT_OUT]]


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
