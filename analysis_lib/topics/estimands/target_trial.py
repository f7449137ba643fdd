"""The trial that one would have liked to run, and what the records make of it."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.dictionary import FIXED, INFUSED, Variable
from analysis_lib.results.disclosure.release import combine
from analysis_lib.results.rows import Key, Omitted, Results
from analysis_lib.results.store import once
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.estimands.numbers import Estimands, study_estimands


@dataclass(frozen=True)
class TargetTrial:
    """What the protocol takes from the parameters; `model` is the key of the primary model.

    `rules` of eligibility are in words, in order; `terms` those of the primary model; `event` what
    ends each endpoint; chance `assigned` the groups or not. `lock` is empty without a calendar.
    """

    estimands: Estimands
    rules: tuple[str, ...]
    terms: tuple[Variable, ...]
    events: tuple[str, ...]
    landmarks: tuple[float, ...]
    rmst_months: tuple[float, ...]
    lock: str
    missing_rule: str
    assigned: bool
    model: Key
    results: Results

    @property
    def after_time_zero(self) -> bool:
        """Whether the groups form only after time zero."""
        return self.estimands.exposure_stage == INFUSED


@once
def target_trial(study: Study) -> TargetTrial | Omitted:
    """The components of the protocol, from parameters, dictionary and the primary model.

    Left out of a trial, which has a protocol of its own.
    Hernan & Robins (2016), Am J Epidemiol 183:758; Cashin et al. (2025), JAMA 334:1084.
    """
    if study.is_randomised:
        return Omitted(
            "The groups were assigned at random: what was asked is in the protocol of the trial, "
            "and no other trial has to be thought of."
        )
    exposure = study.dictionary[study.groups.variable]
    if exposure.known == FIXED:
        return Omitted(
            f"{exposure.label} is fixed before therapy, and nobody can be assigned to it: no trial "
            "is emulated, and what follows compares the groups as they are."
        )
    given, estimands = study.parameters, study_estimands(study)
    ladder = exposure_ladder(study, given.endpoints[0])
    primary = ladder.baseline
    own = {"n", "excluded"}
    rows = [
        row
        for row in primary.results
        if row.key.analysis == primary.key.analysis
        and row.key.statistic in own
        and not row.key.variable
    ]
    of_model = Results(
        tuple(rows),
        primary.results.label,
        primary.results.confidence_level,
        primary.results.small_cell,
        primary.results.dictionary,
    )
    return TargetTrial(
        estimands,
        tuple(step.rule for step in study.attrition.steps),
        tuple(study.dictionary[name] for name in primary.specification.terms),
        tuple(study.event_phrase(outcome) for outcome in given.endpoints),
        tuple(given.landmarks),
        tuple(given.rmst_months),
        given.data_lock if study.has_calendar else "",
        given.missing_rule,
        study.is_randomised,
        primary.key,
        combine(study, (estimands.results, of_model)),
    )
