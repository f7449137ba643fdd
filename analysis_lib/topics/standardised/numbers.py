"""Survival standardised to patients alike: probabilities, differences and intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis_lib.estimates.random_part import random_part, with_origin
from analysis_lib.estimates.specification import CompleteCases
from analysis_lib.format import counted
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import kept_results, once
from analysis_lib.stats.inputs import FloatArray
from analysis_lib.stats.standardised_survival import CRUDE, OUTCOME
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.standardised.contrasts import Writer, curve_of_rows
from analysis_lib.topics.standardised.estimators import (
    IMPUTED,
    LABELS,
    Drawn,
    Estimated,
    draw,
    estimators,
    imputed_estimator,
    primary_cases,
)

WHOLE, CURVE = "standardised", "standardised_curve"
DRAWN_CURVES = (CRUDE, OUTCOME)
LEAST_EVENTS = 10
# What is shown where small counts are suppressed: an average over a model, and no group's own.
OF_MODEL = (OUTCOME, IMPUTED)


@dataclass(frozen=True)
class Standardised:
    """One endpoint: `names` are its estimators, crude first; `results` hold their numbers."""

    outcome: str
    outcome_label: str
    exposure: Grouping
    names: tuple[str, ...]
    landmarks: tuple[float, ...]
    ends: tuple[float, ...]
    by_centre: bool
    time_zero: str
    results: Results

    @property
    def whole(self) -> Key:
        """The key of what concerns every estimator."""
        return Key(WHOLE, self.outcome, "infused")

    def key(self, name: str, time: float) -> Key:
        """What the keys of one estimator at one time have in common."""
        return Key(analysis_of(name), self.outcome, "infused", time_months=float(time))

    def of_group(self, name: str, level: str, time: float) -> Key:
        return self.key(name, time).within(self.exposure, level)

    def contrast(self, name: str, level: str, time: float) -> Key:
        """The key of one group against the reference."""
        return self.key(name, time).compared(self.exposure, level)

    def curve(self, name: str, level: str) -> tuple[FloatArray, FloatArray]:
        """A drawn curve, as `curve_of_rows`."""
        where = Key("", "", "infused").within(self.exposure, level).population
        return curve_of_rows(self.results, f"{CURVE}_{name}", where)


def analysis_of(name: str) -> str:
    """The analysis of an estimator: `standardised_overlap`."""
    return f"{WHOLE}_{name}"


@once
def standardised_survival(study: Study, outcome: str) -> Standardised | Omitted:
    """Survival by exposure among patients alike, by every estimator, with bootstrap intervals.

    Everything is repeated in every resample: the primary model, the propensity, the curves.
    """
    if reason := study.only_from_start("standardised survival"):
        return Omitted(reason)
    part, whole = random_part(study), Key(WHOLE, outcome, "infused")
    results = kept_results(
        part, f"standardised_{outcome}", lambda: standardised_results(part, outcome)
    )
    if isinstance(results, Omitted):
        return results
    results = with_origin(study, results, whole)
    given, found = study.parameters, {row.key.analysis for row in results}
    return Standardised(
        outcome,
        study.dictionary[outcome].label,
        study.groups,
        tuple(name for name in LABELS if analysis_of(name) in found),
        tuple(given.landmarks),
        tuple(given.rmst_months),
        results.row(whole, "resamples").method == "centres",
        study.time_zero_phrase,
        results,
    )


def standardised_results(study: Study, outcome: str) -> Results | Omitted:
    """The numbers of `standardised_survival`, computed anew."""
    cases = primary_cases(study, outcome)
    events = int(cases.followed[1].sum())
    groups = cases.covariates[study.groups.variable]
    if events < LEAST_EVENTS or groups.nunique() < len(study.groups.levels):
        return Omitted(
            f"{study.dictionary[outcome].label}: survival is not standardised with "
            f"{counted(withheld_count(study, events), 'event')} in "
            f"{counted(groups.nunique(), 'group')} of complete cases; that takes "
            f"{LEAST_EVENTS} events and a patient in each group."
        )
    drawn = draw(study, cases.patients)
    rows = [*_whole_rows(study, outcome, cases, drawn)]
    for estimated in estimators(study, cases, drawn):
        rows += _estimator_rows(study, outcome, estimated, drawn)
    imputed = imputed_estimator(study, outcome)
    if imputed is not None:
        rows += _estimator_rows(study, outcome, *imputed)
    return study_results(study, rows)


def _whole_rows(study: Study, outcome: str, cases: CompleteCases, drawn: Drawn) -> Iterator[Row]:
    here = context(Key(WHOLE, outcome, "infused"), n=len(cases.covariates))
    yield from here.patients({"n": len(cases.covariates), "events": int(cases.followed[1].sum())})
    unit = "centres" if drawn.by_centre else "patients"
    yield here.at("resamples", len(drawn.counts), method=unit)


def _estimator_rows(study: Study, outcome: str, of: Estimated, drawn: Drawn) -> Iterator[Row]:
    """At each landmark survival and its contrasts, up to each end the mean time, the curve."""
    given, key = study.parameters, Key(analysis_of(of.name), outcome, "infused")
    level, small_cell = given.confidence_level, given.small_cell
    writer = Writer(study.groups, of, drawn, level, small_cell, of.name in OF_MODEL)
    yield from writer.at_landmarks(key, given.landmarks)
    yield from writer.up_to(key, given.rmst_months)
    if of.name in DRAWN_CURVES:
        yield from writer.at_steps(key._replace(analysis=f"{CURVE}_{of.name}"))


def parts(study: Study) -> Iterator[OfStudy]:
    """Survival among patients alike; the steps of the curves are in the figure alone."""
    for outcome in study.parameters.endpoints:
        found = standardised_survival(study, outcome)
        if isinstance(found, Omitted):
            yield found
        else:
            rows = [row for row in found.results if not row.key.analysis.startswith(CURVE)]
            yield study_results(study, rows)
