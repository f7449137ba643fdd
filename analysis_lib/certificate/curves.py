"""Survival curves, log-rank tests and crude ratios of groups, and incidences, as tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from analysis_lib.certificate.task import (
    INCIDENCE,
    Task,
    at_times,
    coded,
    coefficient_keys,
    cox_task,
    curve_task,
    logrank_task,
    plain,
    ratio_keys,
)
from analysis_lib.estimates.specification import Specification, design
from analysis_lib.parameters.parse import DAYS_PER_MONTH
from analysis_lib.results.rows import Key, Omitted, population
from analysis_lib.study.endpoints import (
    DEATH,
    fatal_failure,
    first_failure,
    time_and_event,
    toxicity_onset,
)
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.competing.incidence import ADJUSTED, CRUDE, SUBDISTRIBUTION, Incidence
from analysis_lib.topics.competing.incidence import CAUSE_SPECIFIC as OWN_CAUSE
from analysis_lib.topics.competing.numbers import (
    HORIZON_DAYS,
    LEUKEMIA,
    relapse_and_death_by_exposure,
    toxicity_onset_by_exposure,
)
from analysis_lib.topics.competing.ways_to_fail import ways_to_fail_by_exposure


def of_groups(study: Study) -> Iterator[Task]:
    """Kaplan-Meier, log-rank test and crude ratio of every endpoint by every grouping."""
    exposure = study.exposure
    asked = [("survival_by_exposure", study.groups, study.groups)]
    if exposure.combined is not None and exposure.response is not None:
        asked.append(("survival_by_response", exposure.combined, exposure.response))
    if exposure.timing is not None:
        asked.append(("survival_by_timing", exposure.timing, exposure.timing))
    for outcome in study.parameters.endpoints:
        for analysis, grouping, tested in asked:
            yield from _curves(study, analysis, outcome, grouping)
            yield from _tests(study, analysis, outcome, tested)


def _curves(study: Study, analysis: str, outcome: str, grouping: Grouping) -> Iterator[Task]:
    members = grouping.among(study.patients)
    for level in grouping.levels:
        own = time_and_event(grouping.members(members, level), outcome)
        key = Key(analysis, outcome, population("infused", grouping, level))
        yield curve_task(*own, key, landmarks(study))


def _tests(study: Study, analysis: str, outcome: str, tested: Grouping) -> Iterator[Task]:
    patients = tested.among(study.patients)
    followed, groups = time_and_event(patients, outcome), tested.of(patients)
    key = Key(analysis, outcome, "infused")
    yield logrank_task(*followed, groups, key._replace(contrast=tested.contrast))
    ratios = cox_task(*followed, pd.DataFrame({tested.variable: groups}), key)
    yield replace(ratios, keys=ratio_keys(tested, ratios.keys))


def landmarks(study: Study) -> tuple[float, ...]:
    """The times at which every curve is read."""
    return tuple(float(time) for time in study.parameters.landmarks)


def of_follow_up(study: Study) -> Iterator[Task]:
    """Median follow-up: the living at last contact are the events."""
    groups = study.groups
    parts = [("infused", study.patients)]
    for level in groups.levels:
        members = groups.members(study.patients, level)
        parts.append((population("infused", groups, level), members))
    for where, patients in parts:
        time, died = time_and_event(patients, "os")
        key = Key("followup", "followup", where, "reverse_kaplan_meier")
        yield curve_task(time, ~died.astype(bool), key, ())


def of_incidence(study: Study) -> Iterator[Task]:
    """Relapse and death without it, and the onset of toxicity: curves, Gray's test, models."""
    found = relapse_and_death_by_exposure(study)
    if not isinstance(found, Omitted):
        first = first_failure(
            study.patients,
            data_lock=study.data_lock,
            nonresponse_is_event=study.parameters.nonresponse_is_pfs_event,
        )
        dead, failed = first == DEATH, first.notna() & (first != DEATH)
        time = study.patients["pfs_months"]
        for cause, own, other in ((found.relapse, failed, dead), (found.death, dead, failed)):
            series = _causes(time, own, other)
            yield from _incidence(study, cause.incidence, series)
            yield from _models(study, cause.incidence.question.outcome, series, (CRUDE, ADJUSTED))
        yield from _of_ways(study)
    onset = toxicity_onset_by_exposure(study)
    for one in () if isinstance(onset, Omitted) else onset.incidences:
        times = toxicity_onset(
            study.patients,
            one.question.outcome,
            data_lock=study.data_lock,
            horizon_days=HORIZON_DAYS,
        )
        yield from _incidence(study, one, _causes(times["days"], times["onset"], times["died"]))


def _of_ways(study: Study) -> Iterator[Task]:
    """Death from the disease and from another cause, each against relapse and the other."""
    found = ways_to_fail_by_exposure(study)
    if isinstance(found, Omitted):
        return
    first = fatal_failure(
        study.patients,
        data_lock=study.data_lock,
        nonresponse_is_event=study.parameters.nonresponse_is_pfs_event,
        disease=LEUKEMIA,
    )
    for cause in found.deaths:
        outcome = cause.incidence.question.outcome
        own = first == outcome
        series = _causes(study.patients["pfs_months"], own, first.notna() & ~own)
        yield from _incidence(study, cause.incidence, series)
        yield from _models(study, outcome, series, (CRUDE,))


def _causes(time: pd.Series, own: pd.Series, other: pd.Series) -> pd.DataFrame:
    """1 is the event, 2 the competing one, 0 none."""
    return pd.DataFrame({"time": time, "cause": own.astype(int) + 2 * other.astype(int)})


def _incidence(study: Study, one: Incidence, series: pd.DataFrame) -> Iterator[Task]:
    asked, groups = one.question, study.groups
    exposure = study.patients.loc[series.index, groups.variable]
    per_month = DAYS_PER_MONTH if asked.unit == "days" else 1.0
    for curve in one.curves:
        key = one.key._replace(population=curve.population)
        keys = at_times(INCIDENCE, key, asked.landmarks, per_month)
        yield Task("incidence", series[exposure == curve.level], keys, asked.landmarks)
    known = exposure.isin(groups.levels)
    codes = groups.of(study.patients.loc[series.index][known]).cat.codes
    tested = series[known].assign(group=[f"G{code:03d}" for code in codes])
    yield Task("gray", tested, plain(("chi_square", "p_value"), one.test_key))


def _models(
    study: Study, outcome: str, series: pd.DataFrame, adjustments: Sequence[str]
) -> Iterator[Task]:
    """Both scales, crude and adjusted for the baseline terms."""
    patients = study.patients
    held = [x for x in study.parameters.baseline_terms if patients[x].nunique() > 1]
    for adjustment in adjustments:
        terms = tuple(held) if adjustment == ADJUSTED else ()
        given = Specification(adjustment, "", outcome, study.groups, terms, "infused")
        covariates, _ = design(patients, given, study)
        own = series.loc[covariates.index]
        key = Key(f"{OWN_CAUSE}_{adjustment}", outcome, "infused")
        yield cox_task(own["time"], own["cause"] == 1, covariates, key)
        scale = Key(f"{SUBDISTRIBUTION}_{adjustment}", outcome, "infused")
        names = coded(covariates)
        yield Task(
            "subdistribution",
            pd.concat([own, names.frame], axis=1),
            dict(coefficient_keys(scale, covariates, names)),
        )
