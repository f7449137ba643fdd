"""Relapse and death without relapse after infusion, by exposure."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis_lib.analyses.competing.cause_models import CauseModel, cause_models
from analysis_lib.analyses.competing.incidence import (
    EventTimes,
    Incidence,
    Question,
    incidence_by_exposure,
)
from analysis_lib.analyses.disclosure import withheld_count
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Key, Results, Row, combine, context, study_results
from analysis_lib.analyses.risk_times import rounded_times
from analysis_lib.cohort import Grouping, Study
from analysis_lib.cohort.first_events import DEATH, NONRESPONSE, RELAPSE, first_failure
from analysis_lib.dictionary import lower_first

ANALYSIS = "competing_risks"
# The outcome of each cause, and its label.
RELAPSED = ("relapse", "Relapse")
DEATH_WITHOUT_RELAPSE = ("death_without_relapse", "Death without relapse")
# The same where an assessed non-response is an event.
FAILURE_OR_RELAPSE = ("relapse_or_nonresponse", "Relapse or non-response")
DEATH_WITHOUT_EITHER = ("death_without_failure", "Death without relapse or non-response")
LEUKEMIA = "leukemia"


@dataclass(frozen=True)
class Cause:
    """One of the two events: its curves, and its models."""

    incidence: Incidence
    models: tuple[CauseModel, ...]


@dataclass(frozen=True)
class RelapseAndDeath:
    """Both events by exposure.

    `nonresponses` counts assessed non-responses that are events, None where they count as none.
    Of the `deaths` without relapse, `leukemia_deaths` are attributed to the disease, whose name as
    a cause is `disease` (None where no cause of death is recorded), and `deaths_after_nonresponse`
    followed an assessed non-response.
    """

    relapse: Cause
    death: Cause
    grouping: Grouping
    nonresponses: int | None
    deaths: int
    leukemia_deaths: int | None
    disease: str
    deaths_after_nonresponse: int
    n: int
    results: Results

    @property
    def causes(self) -> tuple[Cause, ...]:
        return (self.relapse, self.death)

    @property
    def incidences(self) -> tuple[Incidence, ...]:
        return tuple(cause.incidence for cause in self.causes)


def relapse_and_death_by_exposure(study: Study) -> RelapseAndDeath | Omitted:
    """Cumulative incidence of each, Gray's test, and the hazard ratios on both scales."""
    counts = study.parameters.nonresponse_is_pfs_event
    first = first_failure(
        study.patients, data_lock=study.parameters.data_lock, nonresponse_is_event=counts
    )
    failed, dead = first.isin([RELAPSE, NONRESPONSE]), first == DEATH
    if not failed.any():
        return Omitted(
            "No relapse is recorded by the data lock; relapse and death without relapse are not "
            "told apart."
        )
    time = study.patients["pfs_months"]
    names = (
        (FAILURE_OR_RELAPSE, DEATH_WITHOUT_EITHER) if counts else (RELAPSED, DEATH_WITHOUT_RELAPSE)
    )
    relapse = _cause(study, names[0], EventTimes(time, failed, dead))
    death = _cause(study, names[1], EventTimes(time, dead, failed))
    causes = study.patients["cause_of_death"]
    leukemia = dead & (causes == LEUKEMIA)
    response = study.patients["response"]
    unresponsive = dead & (response == "no_response")
    rows: list[Row] = []
    if causes.notna().any():
        rows += _count_rows(names[1][0], dead, leukemia, "cause_of_death", LEUKEMIA)
    if response.notna().any():
        rows += _count_rows(names[1][0], dead, unresponsive, "response", "no_response")
    parts = [study_results(study, rows)]
    for cause in (relapse, death):
        parts += [cause.incidence.results, *(model.results for model in cause.models)]
    return RelapseAndDeath(
        relapse,
        death,
        study.groups,
        withheld_count(study, int((first == NONRESPONSE).sum())) if counts else None,
        withheld_count(study, int(dead.sum())),
        withheld_count(study, int(leukemia.sum())) if causes.notna().any() else None,
        lower_first(study.dictionary["cause_of_death"].level_label(LEUKEMIA)),
        withheld_count(study, int(unresponsive.sum())),
        len(first),
        combine(study, parts),
    )


def _cause(study: Study, name: tuple[str, str], times: EventTimes) -> Cause:
    outcome, label = name
    question = Question(
        ANALYSIS,
        outcome,
        label,
        "infused",
        "months",
        tuple(float(x) for x in study.parameters.landmarks),
        rounded_times(float(times.time.max())),
        study.time_zero_phrase,
    )
    models = cause_models(study, outcome, times)
    return Cause(incidence_by_exposure(study, question, times), models)


def _count_rows(
    outcome: str, dead: pd.Series, of_disease: pd.Series, variable: str, level: str
) -> list[Row]:
    """How many deaths without relapse are the disease's all the same."""
    key = Key(ANALYSIS, outcome, "infused", variable, level)
    here = context(key, n=len(dead))
    return [here.at("count", int(of_disease.sum()), unit="patients", denominator=int(dead.sum()))]
