"""What is asked: whom, from when, of which event, and what happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis_lib.dictionary import INFUSED, STAGES, Variable
from analysis_lib.estimates.describe import count_rows, quantity_rows
from analysis_lib.parameters.plan import AnalysisPlan
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.study.choices import TREATMENT, FixedModel, PrimaryEstimand
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.known import AFTER, BEFORE, UNSURE, order_in_time
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.weighting.numbers import determines

ANALYSIS = "estimand"
CONFOUNDER = "confounder"
UNORDERED = "confounder if it came first"
EITHER = "confounder or mediator"
MEDIATOR = "mediator"
COMPONENT = "part of the exposure"
PROGNOSTIC = "alike in the groups but for chance"
UNSTATED = "confounder if it came first; when it is known is not stated"
# What can happen between infusion and the endpoint, in the order in which it is shown.
INTERCURRENT = ("consolidation", "response_not_evaluable_reason", "cr_cri")
WAITING = "apheresis_to_infusion"


@dataclass(frozen=True)
class CovariateRole:
    """A covariate with what its time of measurement lets it be, and the models that hold it."""

    variable: Variable
    stage: str
    known_by: str
    role: str
    stands_for: str
    in_primary: bool
    as_published: bool


@dataclass(frozen=True)
class Estimands:
    """The question of the primary analysis; `fixed` is the model with fixed terms."""

    exposure: Grouping
    exposure_stage: str
    endpoints: tuple[Variable, ...]
    covariates: tuple[CovariateRole, ...]
    intercurrent: tuple[Variable, ...]
    fixed: FixedModel
    fixed_endpoint: Variable
    published_population: str
    minimum_followup_days: int
    has_waiting: bool
    results: Results
    time_zero: str
    randomised: bool
    plan: AnalysisPlan | None
    primary: PrimaryEstimand | None


@once
def study_estimands(study: Study) -> Estimands:
    """Question, intercurrent events and roles, from the parameters, the dictionary and the data.

    ICH E9(R1) (2019); Hernan & Robins (2016).
    """
    given, patients = study.parameters, study.patients
    intercurrent = tuple(
        study.dictionary[name] for name in INTERCURRENT if patients[name].notna().any()
    )
    waiting = patients["apheresis_date"].notna() & patients["infusion_date"].notna()
    return Estimands(
        study.groups,
        study.dictionary[study.groups.variable].known,
        tuple(study.dictionary[name] for name in given.endpoints),
        _roles(study),
        intercurrent,
        study.fixed_model,
        study.dictionary[study.model_outcome],
        given.model_population,
        given.minimum_followup_days,
        bool(waiting.any()),
        study_results(study, _rows(study, intercurrent)),
        study.time_zero_phrase,
        study.is_randomised,
        study.plan,
        study.primary,
    )


def _roles(study: Study) -> tuple[CovariateRole, ...]:
    """Every covariate that a model of the report offers, by the time at which it is known."""
    given, exposure = study.parameters, study.groups.variable
    offered = [*given.baseline_terms, *given.as_published_terms, *given.candidates]
    known = [study.dictionary[x] for x in dict.fromkeys(offered) if x != exposure]
    roles = [
        CovariateRole(
            variable,
            variable.known,
            variable.known_by,
            role_of(study, variable),
            variable.stands_for,
            variable.name in given.baseline_terms,
            variable.name in given.as_published_terms,
        )
        for variable in known
    ]
    order = {stage: i for i, stage in enumerate(("", *STAGES))}
    return tuple(sorted(roles, key=lambda x: order[x.stage]))


_ROLES = {BEFORE: CONFOUNDER, AFTER: EITHER, UNSURE: UNORDERED}


def role_of(study: Study, covariate: Variable) -> str:
    """What a covariate can be to the exposure, by which of the two is known first."""
    exposure = study.dictionary[study.groups.variable]
    if determines(study.patients, exposure.name, covariate.name):
        return COMPONENT
    if covariate.known == INFUSED:
        return MEDIATOR
    if not covariate.known:
        return UNSTATED
    if study.is_randomised:
        return PROGNOSTIC
    return _ROLES[order_in_time(covariate, exposure, study.patients)]


def _rows(study: Study, intercurrent: tuple[Variable, ...]) -> Iterator[Row]:
    patients, confidence = study.patients, study.parameters.confidence_level
    n, groups = len(patients), study.groups
    yield context(Key(ANALYSIS)).at("n", study.infused, unit="patients")
    yield context(Key(ANALYSIS, population="infused"), n=n).at("n", n, unit="patients")
    responders = int((patients["cr_cri"] == "yes").sum())
    yield context(Key(ANALYSIS, population="responders"), n=n).at("n", responders, unit="patients")
    for level in groups.levels:
        here = context(Key(ANALYSIS, population="infused").within(groups, level), n=n)
        yield here.at("n", len(groups.members(patients, level)), unit="patients")
    for variable in intercurrent:
        for level in variable.levels:
            here = context(Key(ANALYSIS, "", "infused", variable.name, level))
            count = int((patients[variable.name] == level).sum())
            yield from count_rows(here, count, n, confidence)
    left_out = {step.name: step.excluded for step in study.attrition.steps}
    if "minimum_followup" in left_out:
        key = Key(ANALYSIS, variable="minimum_followup")
        yield context(key).at("excluded", left_out["minimum_followup"], unit="patients")
    days = (patients["infusion_date"] - patients["apheresis_date"]).dt.days
    for level in groups.levels:
        members = days[patients[groups.variable] == level]
        key = Key(ANALYSIS, "", "infused", WAITING).within(groups, level)
        yield from quantity_rows(context(key, n=len(members)), members, "days")


def parts(study: Study) -> Iterator[OfStudy]:
    """What is asked."""
    yield study_estimands(study)


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
    if study.exposure_kind != TREATMENT:
        return Omitted(
            f"{exposure.label} is a characteristic, and nobody can be assigned to it: no trial is "
            "emulated, and what follows compares the groups as they are."
            if study.exposure_kind
            else f"It is not stated (parameter exposure_kind) whether {exposure.phrase} is a "
            "treatment, which a trial could assign, or a characteristic: no trial is emulated."
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
        study_results(study, (*estimands.results, *rows)),
    )
