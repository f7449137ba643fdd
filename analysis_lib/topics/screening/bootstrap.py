"""How stable the screen is: repeated in resamples of the patients."""

from __future__ import annotations

import time as clock
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.estimates.random_part import random_part, with_origin
from analysis_lib.estimates.specification import Specification, design, model_patients
from analysis_lib.format import counted
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import kept_results
from analysis_lib.simulation.performance import OnProgress, at_once, no_progress
from analysis_lib.simulation.screened import Cohorts, FastScreen, Term
from analysis_lib.stats.design import factor_columns, read_covariates
from analysis_lib.stats.inputs import BoolArray, FloatArray
from analysis_lib.study.study import Study
from analysis_lib.topics.regression.numbers import candidate_names


def screened_names(study: Study) -> list[str]:
    """The candidates that anyone has a value of, without the exposure, which is in any model."""
    return [
        name
        for name in candidate_names(study)
        if study.patients[name].notna().any() and name != study.groups.variable
    ]


def times_and_events(study: Study, patients: pd.DataFrame) -> tuple[FloatArray, BoolArray]:
    """The endpoint that is screened."""
    outcome = study.model_outcome
    time, event = patients[f"{outcome}_months"], patients[f"{outcome}_event"]
    return time.to_numpy(dtype=float), event.to_numpy(dtype=bool)


def screen_of(study: Study, names: Sequence[str], patients: pd.DataFrame) -> FastScreen:
    """A screen of these candidates in these patients, each in a group of the exposure."""
    groups, forced = study.groups, study.parameters.forced_terms
    terms = tuple(_term(study, patients, name, name in forced) for name in names)
    levels = patients[groups.variable].astype(object).to_numpy()
    exposure = (levels[:, None] == np.array(groups.levels[1:], dtype=object)).astype(float)
    return FastScreen(exposure, terms, study.parameters.entry_p)


def screened_patients(study: Study) -> pd.DataFrame:
    """The patients of the models who are in a group of the exposure."""
    return study.groups.among(model_patients(study, study.parameters.model_population))


def _term(study: Study, patients: pd.DataFrame, name: str, forced: bool) -> Term:
    alone = Specification("", "", "", study.groups, (name,), "")
    covariates = design(patients, alone, study)[0][[name]]
    known = np.asarray(patients.index.isin(covariates.index), dtype=bool)
    columns = list(factor_columns(read_covariates(covariates)[0]).values())
    given = np.array(columns).reshape(len(columns), int(known.sum())).T
    values = np.tile(given.mean(axis=0), (len(patients), 1))
    values[known] = given
    return Term(name, values, known, forced)


REPEATED = "screen_bootstrap"
HELD = "screen_bootstrap_same_terms"
STAGE = "bootstrap the screen"
LEAST_EVENTS = 10
LEAST_CANDIDATES = 2  # of one nothing can be chosen
METHOD = "percentiles of bootstrap resamples"


@dataclass(frozen=True, eq=False)
class _Resamples:
    """Which candidates passed in each resample and the models they gave; the exposure's log
    hazard ratios in these, and with the terms held. A row a resample.
    """

    passed: BoolArray
    models: BoolArray
    repeated: FloatArray
    held: FloatArray


def why_not_repeated(study: Study) -> str:
    """Why the screen is not repeated in resamples; empty where it is."""
    if reason := study.only_from_start("the screen in resamples"):
        return reason
    names = screened_names(study)
    _, event = times_and_events(study, screened_patients(study))
    if event.sum() >= LEAST_EVENTS and len(names) >= LEAST_CANDIDATES:
        return ""
    events = counted(withheld_count(study, int(event.sum())), "event")
    return (
        f"The screen is not repeated with {events} and "
        f"{counted(len(names), 'candidate')}; that takes {LEAST_EVENTS} events and "
        f"{LEAST_CANDIDATES} candidates to choose from."
    )


def screen_bootstrap_results(
    study: Study, *, progress: OnProgress = no_progress
) -> Results | Omitted:
    """Selection frequency of every candidate, and the exposure's hazard ratio, over resamples.

    The patients of the models are drawn with replacement, the screen is repeated in them and its
    model fitted; beside it the model with the terms that the screen chose in all patients. What
    the first varies more than the second is the part of selection. Sauerbrei & Schumacher (1992);
    Heinze, Wallisch & Dunkler (2018).
    """
    if reason := why_not_repeated(study):
        return Omitted(reason)
    names, part = screened_names(study), random_part(study)
    patients = screened_patients(part)
    time, event = times_and_events(study, patients)
    screen = screen_of(study, names, patients)
    everyone = Cohorts.of(time[None], event[None], np.arange(len(time))[None])
    here = screen.enter(screen.passes(everyone))[0]
    drawn = _resample(study, screen, time, event, here, progress)
    key = Key(REPEATED, study.model_outcome, study.parameters.model_population)
    rows = [
        *_selection_rows(key, names, drawn, here),
        *_exposure_rows(study, key, drawn.repeated),
        *_exposure_rows(study, key._replace(analysis=HELD), drawn.held),
        *_excess_rows(study, key, drawn),
    ]
    return with_origin(study, study_results(study, rows), key)


def _resample(
    study: Study,
    screen: FastScreen,
    time: FloatArray,
    event: BoolArray,
    here: BoolArray,
    progress: OnProgress,
) -> _Resamples:
    count = study.parameters.bootstrap_resamples
    random = np.random.default_rng(study.parameters.seed)
    parts = []
    started = clock.perf_counter()
    together = at_once(len(time))
    for done in range(0, count, together):
        rows = random.integers(len(time), size=(min(together, count - done), len(time)))
        drawn = Cohorts.of(time[rows], event[rows], rows)
        passed = screen.passes(drawn)
        models = screen.enter(passed)
        repeated, held = (
            screen.fit(drawn, x).coefficients for x in (models, np.broadcast_to(here, models.shape))
        )
        parts.append((passed, models, repeated, held))
        progress(STAGE, done + len(rows), count, clock.perf_counter() - started)
    return _Resamples(*(np.concatenate(x) for x in zip(*parts, strict=True)))


def _selection_rows(
    key: Key, names: list[str], drawn: _Resamples, here: BoolArray
) -> Iterator[Row]:
    models, top = Counter(map(tuple, drawn.models.tolist())), context(key)
    count = len(drawn.models)
    same = models[tuple(here.tolist())]
    yield top.at("resamples", count)
    yield top.at("distinct_models", len(models))
    yield top.at("same_model", same / count, unit="proportion", denominator=count)
    most = models.most_common(1)[0][1]
    yield top.at("most_frequent_model", most / count, unit="proportion", denominator=count)
    frequencies = drawn.passed.mean(axis=0)
    for name, enters, frequency in zip(names, here, frequencies, strict=True):
        at = context(key._replace(variable=name))
        error = float(np.sqrt(frequency * (1 - frequency) / count))
        yield at.at("enters", float(enters))
        yield at.at("selected", float(frequency), unit="proportion", denominator=count)
        yield at.at("selected_mc_error", error, unit="proportion")


def _exposure_rows(study: Study, key: Key, values: FloatArray) -> Iterator[Row]:
    """Median and percentiles of each group's hazard ratio over the resamples that have one."""
    tail = (1 - study.parameters.confidence_level) / 2
    for at, column in _contrasts(study, key):
        known = _known(values, column)
        yield at.at("resamples_estimable", len(known))
        few = len(known) < 2
        limits = (np.nan,) * 3 if few else np.quantile(np.exp(known), [0.5, tail, 1 - tail])
        yield at.at("hazard_ratio", float(limits[0]), method=METHOD)
        yield at.at("hazard_ratio_ci_low", float(limits[1]), method=METHOD)
        yield at.at("hazard_ratio_ci_high", float(limits[2]), method=METHOD)
        yield at.at("empirical_std_error", _spread(known), method=METHOD)


def _excess_rows(study: Study, key: Key, drawn: _Resamples) -> Iterator[Row]:
    """How much more the exposure's log hazard ratio varies than where the terms are held."""
    for at, column in _contrasts(study, key):
        repeated, held = (_spread(_known(x, column)) for x in (drawn.repeated, drawn.held))
        yield at.at("excess_std_error", repeated / held - 1 if held else np.nan, method=METHOD)


def _contrasts(study: Study, key: Key) -> Iterator[tuple[Row, int]]:
    """Each group against the reference, with its column of the coefficients."""
    groups = study.groups
    for column, level in enumerate(groups.levels[1:]):
        contrast = groups.against(level)
        at = key._replace(variable=groups.variable, level=level, contrast=contrast)
        yield context(at), column


def _known(values: FloatArray, column: int) -> FloatArray:
    return values[~np.isnan(values[:, column]), column]


def _spread(known: FloatArray) -> float:
    return np.nan if len(known) < 2 else float(known.std(ddof=1))


def screen_bootstrap(study: Study, *, progress: OnProgress = no_progress) -> Results | Omitted:
    """The screen and its model in bootstrap resamples, kept."""
    return kept_results(
        study, "screen_bootstrap", lambda: screen_bootstrap_results(study, progress=progress)
    )
