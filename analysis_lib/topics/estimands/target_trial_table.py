"""The target trial: each component as specified, as emulated, and the gap between the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis_lib.dictionary import AT_ZERO, lower_first
from analysis_lib.format import format_count, format_number
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, population, unless_omitted
from analysis_lib.show.cells import sentence
from analysis_lib.show.effects import MISSING_RULES
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.study.eligibility import day
from analysis_lib.topics.estimands.numbers import ANALYSIS, TargetTrial

_Cells = tuple[str, str, str]


@unless_omitted
def table_target_trial(trial: TargetTrial) -> ReportTable:
    """Eligibility to analysis, with the gap that no analysis of these records closes."""
    columns = (
        Column("Component", 1.3),
        Column("Specified", 2.6, align="left"),
        Column("Emulated", 3.0, align="left"),
        Column("Gap", 2.8, align="left"),
    )
    own_words = trial.results.dictionary.own_words
    lines = tuple(Line(name, cells) for name, cells in _components(trial, own_words))
    return finish(Layout("target-trial", columns, lines), trial.results)


def _components(
    trial: TargetTrial, own_words: Callable[[str], str]
) -> Iterator[tuple[str, _Cells]]:
    yield "Eligibility", _eligibility(trial, own_words)
    yield "Strategies", _strategies(trial)
    yield "Assignment", _assignment(trial)
    yield "Time zero", _time_zero(trial)
    yield "Follow-up", _follow_up(trial)
    yield "Outcomes", _outcomes(trial)
    yield "Causal contrast", _contrast(trial)
    yield "Assumptions", _assumptions(trial)
    yield "Analysis", _analysis(trial)


def _eligibility(trial: TargetTrial, own_words: Callable[[str], str]) -> _Cells:
    rules = "; ".join(lower_first(x) for x in trial.rules)
    infused = _count(trial, "infused")
    entered = _count(trial, "")
    return (
        "Who meets the rules on the day of assignment, before either strategy begins",
        f"{sentence(rules)[:-1]}: {infused} of {entered} in the extract",
        own_words(
            "Rules are applied to those who reached infusion; who was assigned and never did is in "
            "no extract"
        ),
    )


def _strategies(trial: TargetTrial) -> _Cells:
    exposure = trial.estimands.exposure
    sizes = "; ".join(
        f"{label}, n\u00a0=\u00a0{_count(trial, population('infused', exposure, level))}"
        for level, label in zip(exposure.levels, exposure.labels, strict=True)
    )
    stage = trial.results.dictionary.own_words(trial.estimands.exposure_stage)
    when = stage or "at a time that is not stated"
    return (
        " or ".join(exposure.labels),
        f"What each patient had been given: {sizes}. Known {when}",
        "Versions within a group may differ: in dose, in timing, in what came with it",
    )


def _assignment(trial: TargetTrial) -> _Cells:
    if trial.assigned:
        return "At random", "At random, as recorded", "None"
    terms = "; ".join(lower_first(x.label) for x in trial.terms)
    return (
        "At random, known to patient and physician",
        f"As if at random among patients alike in: {terms}"
        if terms
        else "As if at random; no covariate is recorded",
        "Whatever else led to the choice and to the outcome; no row removes it",
    )


def _time_zero(trial: TargetTrial) -> _Cells:
    zero = trial.estimands.time_zero
    stage = trial.estimands.exposure_stage
    missed = (
        "who had the event in between is missed, as in a trial that counts only those who finish "
        "the first part"
    )
    if trial.after_time_zero:
        gap = "The groups form after time zero: whoever is in one lived to be in it"
    elif stage == AT_ZERO:
        gap = f"The groups form on the day of {zero}: what was meant before it is not recorded"
    elif stage:
        gap = f"The strategy came before {zero}: {missed}"
    else:
        gap = f"When the groups formed is not stated; if before {zero}, {missed}"
    return "The day of assignment", f"The day of {zero}", gap


def _follow_up(trial: TargetTrial) -> _Cells:
    until = f"or the data lock on {day(trial.lock)}" if trial.lock else "or the last time recorded"
    key = Key(ANALYSIS, variable="minimum_followup", statistic="excluded")
    days = trial.estimands.minimum_followup_days
    gap = "Loss is taken to be unrelated to what would have happened"
    if days and trial.results.has(key):
        lost = format_count(trial.results.value(key))
        gap = (
            f"A rule looks ahead: {lost} living patients with less than {days} days of follow-up "
            f"are left out. {gap}"
        )
    return (
        "From assignment to the event, loss or the end of the trial",
        f"From {trial.estimands.time_zero} to the event, the last contact {until}",
        gap,
    )


def _outcomes(trial: TargetTrial) -> _Cells:
    endpoints = listed(lower_first(x.label) for x in trial.estimands.endpoints)
    events = "; ".join(
        f"{x.label}: {event}"
        for x, event in zip(trial.estimands.endpoints, trial.events, strict=True)
    )
    return (
        f"{sentence(endpoints)[:-1]}, assessed on a schedule without knowledge of the group",
        sentence(events)[:-1],
        "Dates are those on which an event was recorded; visits kept no schedule",
    )


def _contrast(trial: TargetTrial) -> _Cells:
    landmarks = listed(format_number(x) for x in trial.landmarks)
    means = listed(format_number(x) for x in trial.rmst_months)
    return (
        "Of those assigned, whatever follows (intention to treat): survival at "
        f"{landmarks} months and mean time up to {means} months, as differences; hazard ratio",
        "The same of those who had been given it; other therapy after it is a part of what follows",
        "Being given and being assigned are one here, so that no effect of adherence is told apart",
    )


def _assumptions(trial: TargetTrial) -> _Cells:
    return (
        "None but that loss is unrelated to the outcome",
        "Exchangeable given the covariates; each group possible for every kind of patient; "
        "versions of a strategy of one effect",
        "The first cannot be tested, the second is examined, the third fails where versions "
        "differ in effect",
    )


def _analysis(trial: TargetTrial) -> _Cells:
    n, excluded = trial.results.values(trial.model, "n", "excluded")
    rule = MISSING_RULES[trial.missing_rule]
    return (
        "Kaplan-Meier curves of the groups, their difference at the landmarks, log-rank test",
        "Survival standardised by the primary Cox model, by weights, and by both; intervals of a "
        "bootstrap",
        f"Of {format_count(n)} patients; {format_count(excluded)} without a covariate are not in "
        f"it ({rule})",
    )


def _count(trial: TargetTrial, where: str) -> str:
    return format_count(trial.results.value(Key(ANALYSIS, population=where, statistic="n")))
