"""Relapse, death without relapse, and onset of toxicity as competing events by exposure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis_lib.dictionary import lower_first
from analysis_lib.format import at_row, constant
from analysis_lib.results.disclosure.curves import rounded_times
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import combine, study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.study.endpoints import DEATH, NONRESPONSE, RELAPSE, first_failure, toxicity_onset
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.competing.incidence import (
    ADJUSTED,
    CRUDE,
    CauseModel,
    EventTimes,
    Incidence,
    Question,
    cause_models,
    incidence_by_exposure,
)
from analysis_lib.topics.toxicity.numbers import GRADED, toxicity_by_exposure

COMPETING_RISKS = "competing_risks"
# The outcome of each cause, and its label.
RELAPSED = ("relapse", "Relapse")
DEATH_WITHOUT_RELAPSE = ("death_without_relapse", "Death without relapse")
# The same where an assessed non-response is an event.
FAILURE_OR_RELAPSE = ("relapse_or_nonresponse", "Relapse or non-response")
DEATH_WITHOUT_EITHER = ("death_without_failure", "Death without relapse or non-response")
FIRST_EVENT, NEITHER = "first_event", "no_event"
LEUKEMIA = "leukemia"


@dataclass(frozen=True)
class Cause:
    """One of the events: its curves, and its models."""

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
    nonresponses: float | None
    leukemia_deaths: float | None
    disease: str
    deaths_after_nonresponse: float
    results: Results

    @property
    def causes(self) -> tuple[Cause, ...]:
        return (self.relapse, self.death)

    @property
    def incidences(self) -> tuple[Incidence, ...]:
        return tuple(cause.incidence for cause in self.causes)


@once
def relapse_and_death_by_exposure(study: Study) -> RelapseAndDeath | Omitted:
    """Cumulative incidence of each, Gray's test, and the hazard ratios on both scales."""
    if reason := study.only_from_start("cumulative incidence of relapse and of death without it"):
        return Omitted(reason)
    counts = study.parameters.nonresponse_is_pfs_event
    first = first_failure(study.patients, data_lock=study.data_lock, nonresponse_is_event=counts)
    failed, dead = first.isin([RELAPSE, NONRESPONSE]), first == DEATH
    if not failed.any():
        return Omitted(
            study.dictionary.own_words(
                "No relapse is recorded; relapse and death without relapse are not told apart."
            )
        )
    time = study.patients["pfs_months"]
    ours = (
        (FAILURE_OR_RELAPSE, DEATH_WITHOUT_EITHER) if counts else (RELAPSED, DEATH_WITHOUT_RELAPSE)
    )
    names = [(outcome, study.dictionary.own_words(label)) for outcome, label in ours]
    relapse = cause_of_failure(study, names[0], EventTimes(time, failed, dead))
    death = cause_of_failure(study, names[1], EventTimes(time, dead, failed))
    causes = study.patients["cause_of_death"]
    leukemia = dead & (causes == LEUKEMIA)
    unresponsive = dead & (study.patients["response"] == "no_response")
    outcome, _ = names[1]
    rows = [
        *_first_events(names, failed, dead),
        *_of_dead(study, outcome, dead, leukemia, "cause_of_death", LEUKEMIA),
        *_of_dead(study, outcome, dead, unresponsive, "response", "no_response"),
    ]
    if counts:
        rows += _nonresponses(names[0][0], failed, first == NONRESPONSE)
    results = study_results(study, rows)
    parts: list[Iterable[Row]] = [results]
    for cause in (relapse, death):
        parts += [cause.incidence.results, *(model.results for model in cause.models)]
    return RelapseAndDeath(
        relapse,
        death,
        study.groups,
        _held(results, nonresponse_key(names[0][0])) if counts else None,
        _held(results, _dead_key(outcome, "cause_of_death", LEUKEMIA)),
        lower_first(study.dictionary["cause_of_death"].level_label(LEUKEMIA)),
        _held(results, _dead_key(outcome, "response", "no_response")) or 0,
        combine(study, parts),
    )


def cause_of_failure(
    study: Study,
    name: tuple[str, str],
    times: EventTimes,
    adjustments: Sequence[str] = (CRUDE, ADJUSTED),
) -> Cause:
    """The curves and the models of one event, whose outcome and label `name` gives."""
    outcome, label = name
    question = Question(
        COMPETING_RISKS,
        outcome,
        label,
        "infused",
        "months",
        tuple(study.parameters.landmarks),
        rounded_times(float(times.time.max())),
        study.time_zero_phrase,
    )
    models = cause_models(study, outcome, times, adjustments)
    return Cause(incidence_by_exposure(study, question, times), models)


def first_event_key(outcome: str) -> Key:
    """How many patients had this event first, or `NEITHER`."""
    return Key(FIRST_EVENT, outcome, "infused", statistic="count")


def _first_events(
    names: Sequence[tuple[str, str]], failed: pd.Series, dead: pd.Series
) -> Iterator[Row]:
    """Everyone, by the event that came first."""
    n = len(failed)
    (relapse, _), (death, _) = names
    for outcome, had in ((relapse, failed), (death, dead), (NEITHER, ~failed & ~dead)):
        here = context(first_event_key(outcome), n=n)
        yield here.at("count", int(had.sum()), unit="patients", denominator=n)


def _of_dead(
    study: Study, outcome: str, dead: pd.Series, held: pd.Series, variable: str, level: str
) -> Iterator[Row]:
    """How many deaths without relapse hold a level, if anyone's is known."""
    if study.patients[variable].notna().any():
        here, whole = context(_dead_key(outcome, variable, level), n=len(dead)), int(dead.sum())
        yield here.at("count", int(held.sum()), unit="patients", denominator=whole)


def _dead_key(outcome: str, variable: str, level: str) -> Key:
    return Key(COMPETING_RISKS, outcome, "infused", variable, level, statistic="count")


def _nonresponses(outcome: str, failed: pd.Series, held: pd.Series) -> Iterator[Row]:
    """How many first events were an assessed non-response."""
    here, whole = context(nonresponse_key(outcome), n=len(failed)), int(failed.sum())
    yield here.at("count", int(held.sum()), unit="patients", denominator=whole)


def nonresponse_key(outcome: str) -> Key:
    """How many first events were an assessed non-response."""
    return Key(FIRST_EVENT, outcome, "infused", "response", "no_response", statistic="count")


def _held(results: Results, key: Key) -> float | None:
    return results.value(key) if results.has(key) else None


TOXICITY_ONSET = "toxicity_onset"
HORIZON_DAYS = 30
LANDMARK_DAYS = tuple(constant(x, "day of onset that is told") for x in (7.0, 14.0, 30.0))
RISK_DAYS = (0.0, 7.0, 14.0, 21.0, 30.0)
LABELS = {"crs": "CRS of any grade", "icans": "ICANS of any grade"}


@dataclass(frozen=True)
class ToxicityOnset:
    """Each syndrome's onset in the first days; `undated` counts the affected without a date,
    who are left out, and `left_out` says which syndrome is not shown and why.
    """

    incidences: tuple[Incidence, ...]
    undated: dict[str, int]
    left_out: tuple[str, ...]
    results: Results


@once
def toxicity_onset_by_exposure(study: Study) -> ToxicityOnset | Omitted:
    """Cumulative incidence of CRS and ICANS from infusion to day 30, and Gray's test."""
    if isinstance(recorded := toxicity_by_exposure(study), Omitted):
        return recorded  # said once for the table and the curves
    incidences, undated, rows, left_out = [], {}, [], []
    for name in GRADED:
        found = _onset(study, name)
        if isinstance(found, Omitted):
            left_out.append(found.reason)
            continue
        incidences.append(found)
        affected = study.patients[name] == "yes"
        undated[name] = int(study.patients.loc[affected, f"{name}_onset_days"].isna().sum())
        rows.append(_undated_row(name, undated[name]))
        count = withheld_count(study, undated[name])
        undated[name] = at_row(count, rows[-1].key)
    if not incidences:
        return Omitted(" ".join(left_out))
    results = combine(study, (*(x.results for x in incidences), rows))
    return ToxicityOnset(tuple(incidences), undated, tuple(left_out), results)


def _onset(study: Study, name: str) -> Incidence | Omitted:
    affected = study.patients[study.patients[name] == "yes"]
    if affected.empty:
        known = study.patients[name].notna().any()
        why = f"Nobody had {name.upper()}" if known else f"The extract records no {name.upper()}"
        return Omitted(f"{why}; its onset is left out.")
    if affected[f"{name}_onset_days"].isna().all():
        return Omitted(
            f"The extract records no date of onset of {name.upper()}; its onset is left out."
        )
    times = toxicity_onset(
        study.patients,
        name,
        data_lock=study.data_lock,
        horizon_days=HORIZON_DAYS,
    )
    question = Question(
        TOXICITY_ONSET, name, LABELS[name], f"{name}_evaluable", "days", LANDMARK_DAYS, RISK_DAYS
    )
    flags = EventTimes(times["days"], times["onset"], times["died"])
    return incidence_by_exposure(study, question, flags)


def _undated_row(name: str, count: int) -> Row:
    key = Key(TOXICITY_ONSET, name, f"{name}_affected")
    return context(key).at("excluded", count, unit="patients")
