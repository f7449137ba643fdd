"""Consolidation as a strategy: within a grace period of the response, against none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from analysis_lib.estimates.few_events import LEAST_EVENTS
from analysis_lib.estimates.random_part import random_part, with_origin
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context, population
from analysis_lib.results.store import kept_results, once
from analysis_lib.stats.cloned_survival import cloned_curves, followed_events, largest_weights
from analysis_lib.stats.inputs import FloatArray, IntArray
from analysis_lib.stats.many_curves import draw_counts
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.clones import ClonedPatients, cloned_patients
from analysis_lib.topics.consolidation.follow_up import ANY, NO, POPULATION, YES
from analysis_lib.topics.standardised.contrasts import Writer, curve_of_rows
from analysis_lib.topics.standardised.estimators import Drawn, Estimated

ANALYSIS, CURVE = "consolidation_cloned", "consolidation_cloned_curve"
RELAPSE, DEATH = "relapse", "death_without_relapse"
CAUSES = (RELAPSE, DEATH)
METHOD = "cloned, censored and weighted"
STATES = Grouping(
    ANY,
    "Strategy after the response",
    (NO, YES),
    ("Do not consolidate", "Consolidate"),
    ("the strategy not to consolidate", "the strategy to consolidate"),
)


@dataclass(frozen=True)
class Strategies:
    """Both strategies for one endpoint; `terms` are those of the models of the weights.

    `dropped` are those that they cannot hold.
    """

    outcome: str
    outcome_label: str
    grace_days: float
    terms: tuple[str, ...]
    dropped: tuple[str, ...]
    landmarks: tuple[float, ...]
    ends: tuple[float, ...]
    causes: tuple[str, ...]
    results: Results

    @property
    def whole(self) -> Key:
        """The key of what concerns both strategies."""
        return Key(ANALYSIS, self.outcome, POPULATION)

    def of_strategy(self, level: str, time: float) -> Key:
        return self.whole._replace(time_months=float(time)).within(STATES, level)

    def curve(self, level: str) -> tuple[FloatArray, FloatArray]:
        """The curve of a strategy, as `curve_of_rows`."""
        return curve_of_rows(self.results, CURVE, population(POPULATION, STATES, level))

    def contrast(self, time: float) -> Key:
        """The key of consolidation against none at a time."""
        return self.whole._replace(time_months=float(time)).compared(STATES, YES)

    def events(self, cause: str, level: str) -> Key:
        """The key of the events while a strategy was followed, of one cause or of any."""
        analysis = f"{ANALYSIS}_{cause}" if cause else ANALYSIS
        return self.whole._replace(analysis=analysis, statistic="events").within(STATES, level)

    def is_compared(self, cause: str = "") -> bool:
        """Whether either strategy has the events for it, of one cause or of any."""
        return not any(
            self.results.value(self.events(cause, x)) < LEAST_EVENTS for x in STATES.levels
        )


@once
def consolidation_strategies(study: Study, outcome: str) -> Strategies | Omitted:
    """Survival from the response on under both strategies, with intervals of a bootstrap.

    Months are counted from the day of the response assessment, on which both strategies begin.
    """
    part = random_part(study)
    chosen = cloned_patients(part, outcome)
    if isinstance(chosen, Omitted):
        return chosen
    results = kept_results(
        part, f"consolidation_cloned_{outcome}", lambda: _results(part, outcome, chosen)
    )
    assert isinstance(results, Results)
    results = with_origin(study, results, Key(ANALYSIS, outcome, POPULATION))
    given = study.parameters
    return Strategies(
        outcome,
        study.dictionary[outcome].label,
        given.consolidation_grace_days,
        chosen.terms,
        tuple(x for x in given.consolidation_terms if x not in chosen.terms),
        tuple(given.landmarks),
        tuple(given.rmst_months),
        CAUSES if chosen.knows_causes else (),
        results,
    )


def _results(study: Study, outcome: str, chosen: ClonedPatients) -> Results:
    of, given = chosen.cloned, study.parameters
    n = len(of.time)
    counts = draw_counts(np.random.default_rng(given.seed), given.bootstrap_resamples, n)
    whole = cloned_curves(of, np.ones((1, n), dtype=np.int64))
    drawn, resampled = Drawn(counts, n, False), cloned_curves(of, counts)
    known = np.array([of.grid.last(np.ones(n, dtype=bool))] * len(STATES.levels))
    survival = Estimated("cloned", n, of.grid, whole.survival[0], resampled.survival, known, METHOD)
    key, events = Key(ANALYSIS, outcome, POPULATION), followed_events(of)
    writer = Writer(
        STATES,
        survival,
        drawn,
        given.confidence_level,
        given.small_cell,
        of_model=False,
        not_compared=_too_few(events.sum(axis=1)),
    )
    rows = [
        *_whole_rows(key, chosen),
        *_event_rows(key, events.sum(axis=1)),
        *writer.at_landmarks(key, given.landmarks),
        *writer.up_to(key, given.rmst_months),
        *writer.at_steps(key._replace(analysis=CURVE)),
    ]
    if chosen.knows_causes:
        for place, cause in enumerate(CAUSES):
            at = key._replace(analysis=f"{ANALYSIS}_{cause}")
            of_cause = replace(writer, not_compared=_too_few(events[:, place]))
            rows += _event_rows(at, events[:, place])
            rows += of_cause.incidences(
                at,
                given.landmarks,
                whole.incidence[0, :, :, place],
                resampled.incidence[..., place],
            )
    return study_results(study, rows)


def _too_few(events: IntArray) -> str:
    """Why strategies are not compared: a bootstrap of hardly any events draws the same ones."""
    if events.min() >= LEAST_EVENTS:
        return ""
    return f"fewer than {LEAST_EVENTS} events while one of the strategies was followed"


def _event_rows(key: Key, events: IntArray) -> Iterator[Row]:
    """Events while each strategy was followed."""
    for level, count in zip(STATES.levels, events, strict=True):
        yield from context(key.within(STATES, level)).patients({"events": int(count)})


def _whole_rows(key: Key, chosen: ClonedPatients) -> Iterator[Row]:
    of = chosen.cloned
    here = context(key, n=len(of.time))
    yield from here.patients(
        {
            "n": len(of.time),
            "events": int((of.cause > 0).sum()),
            "excluded": chosen.considered - len(of.time),
            "n_at_level": int(np.isfinite(of.begin).sum()),
            "in_time": int(of.in_time.sum()),
            "censored_at_grace": int((of.eligible & ~of.in_time).sum()),
        }
    )
    for level, weight in zip(STATES.levels, largest_weights(of), strict=True):
        yield context(key.within(STATES, level)).at("largest_weight", float(weight))


def strategy_results(study: Study, outcome: str) -> Results | Omitted:
    """The numbers of both strategies; the steps of the curves are in the figure alone."""
    found = consolidation_strategies(study, outcome)
    if isinstance(found, Omitted):
        return found
    return study_results(study, [row for row in found.results if row.key.analysis != CURVE])


def all_strategies(study: Study) -> Iterator[Results | Omitted]:
    """Both strategies for every endpoint."""
    return (strategy_results(study, outcome) for outcome in study.parameters.endpoints)
