"""The patients and draws of one endpoint, and the curves of every estimator in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, stdtrit

from analysis_lib.estimates.effects import CENTRE
from analysis_lib.estimates.specification import CompleteCases, complete_cases
from analysis_lib.results.rows import Omitted
from analysis_lib.stats.design import aliased_columns, factor_columns, read_covariates
from analysis_lib.stats.inputs import FloatArray, IntArray
from analysis_lib.stats.many_curves import EventGrid, draw_counts, step_areas, step_values
from analysis_lib.stats.standardised_survival import (
    CRUDE,
    DOUBLY_ROBUST,
    IPTW,
    OUTCOME,
    OVERLAP,
    Compared,
    outcome_curves,
    standardised_curves,
)
from analysis_lib.study.endpoints import time_and_event
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import baseline_specification
from analysis_lib.topics.missing.copies import Completed, completed_copies
from analysis_lib.topics.weighting.numbers import exposure_propensity

IMPUTED = "imputed"
LABELS = {
    CRUDE: "Crude",
    OUTCOME: "Standardised",
    IPTW: "Inverse-probability weighted",
    OVERLAP: "Overlap-weighted",
    DOUBLY_ROBUST: "Doubly robust",
    IMPUTED: "Standardised, gaps imputed",
}
METHODS = {
    CRUDE: "Kaplan-Meier estimate of each group",
    OUTCOME: "mean survival of everyone by the Cox model (g-computation)",
    IPTW: "Kaplan-Meier estimate under inverse-probability weights",
    OVERLAP: "Kaplan-Meier estimate under overlap weights",
    DOUBLY_ROBUST: "augmented inverse-probability weighting of pseudo-values",
    IMPUTED: "mean survival of everyone by the Cox model, mean over imputed copies",
}
# Fewer resemble a population of centres too little; then patients are drawn.
LEAST_CENTRES = 10


@dataclass(frozen=True, eq=False)
class Drawn:
    """How often each patient is in each resample, and how many units were drawn in it."""

    counts: IntArray
    units: int
    by_centre: bool

    def tail(self, confidence_level: float) -> float:
        """The share of resamples beyond either end of an interval.

        Percentiles of a few units are too narrow; expanded to those of t by Hesterberg (2015), Am
        Stat 69:371.
        """
        beyond = (1 + confidence_level) / 2
        factor = np.sqrt(self.units / (self.units - 1))
        return float(ndtr(-factor * stdtrit(self.units - 1, beyond)))


@dataclass(frozen=True, eq=False)
class Estimated:
    """One estimator: curves of the patients, (groups, times), of the resamples, (resamples, groups,
    times), and the time up to which each group's is known.
    """

    name: str
    n: int
    grid: EventGrid
    whole: FloatArray
    resampled: FloatArray
    known: FloatArray
    method: str

    def survival(self, times: FloatArray) -> tuple[FloatArray, FloatArray]:
        """At some times, nan where it is not known: (groups, times), and of the resamples."""
        at = self.grid.times
        whole = np.clip(step_values(self.whole, at, times), 0.0, 1.0)
        drawn = np.clip(step_values(self.resampled, at, times), 0.0, 1.0)
        return np.where(times <= self.known[:, None], whole, np.nan), drawn

    def mean_time(self, ends: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Mean time free of the event up to some ends, alike."""
        whole = step_areas(self.whole, self.grid.times, ends)
        drawn = step_areas(self.resampled, self.grid.times, ends)
        return np.where(ends <= self.known[:, None], whole, np.nan), drawn


def draw(study: Study, patients: pd.DataFrame) -> Drawn:
    """Resamples of centres where enough are known, else of patients; alike for every endpoint."""
    centres = _centres(study, patients)
    random = np.random.default_rng(study.parameters.seed)
    counts = draw_counts(random, study.parameters.bootstrap_resamples, len(patients), centres)
    units = len(patients) if centres is None else int(centres.max()) + 1
    return Drawn(counts, units, centres is not None)


def _centres(study: Study, patients: pd.DataFrame) -> IntArray | None:
    centres = patients[CENTRE]
    groups_are_centres = study.groups.variable == CENTRE
    if groups_are_centres or centres.isna().any() or centres.nunique() < LEAST_CENTRES:
        return None
    return pd.factorize(centres)[0].astype(np.int64)


def estimators(study: Study, cases: CompleteCases, drawn: Drawn) -> Iterator[Estimated]:
    """Every estimator in the complete cases of the primary model."""
    compared = _compared(study, cases)
    whole = standardised_curves(compared, np.ones((1, len(cases.covariates)), dtype=np.int64))
    resampled = standardised_curves(compared, drawn.counts)
    for name, curves in whole.items():
        known = _known(compared, of_groups=name != OUTCOME)
        n = len(cases.covariates)
        method = METHODS[name]
        yield Estimated(name, n, compared.grid, curves[0], resampled[name], known, method)


def _compared(study: Study, cases: CompleteCases) -> Compared:
    time, event = cases.followed
    group = cases.covariates[study.groups.variable].cat.codes.to_numpy().astype(np.int64)
    terms = cases.covariates.drop(columns=study.groups.variable)
    propensity, matrix = exposure_propensity(study), None
    if not isinstance(propensity, Omitted):
        kept = _columns(terms[list(propensity.terms)], told_apart=True)
        matrix = np.column_stack([np.ones(len(terms)), kept.T])
    return Compared(
        time.to_numpy(dtype=float),
        event.to_numpy(dtype=bool),
        group,
        len(study.groups.levels),
        _columns(terms),
        matrix,
    )


def _columns(covariates: pd.DataFrame, *, told_apart: bool = False) -> FloatArray:
    """The columns of some covariates, (columns, patients), or those that others do not make up."""
    columns = {
        key: column
        for one in read_covariates(covariates)
        for key, column in factor_columns(one).items()
    }
    aliased = aliased_columns(columns) if told_apart else {}
    kept = [column for key, column in columns.items() if key not in aliased]
    return np.array(kept, dtype=float).reshape(-1, len(covariates))


def _known(compared: Compared, *, of_groups: bool) -> FloatArray:
    everyone = np.ones(len(compared.time), dtype=bool)
    members = compared.members if of_groups else [everyone] * compared.levels
    return np.array([compared.grid.last(x) for x in members])


def imputed_estimator(study: Study, outcome: str) -> tuple[Estimated, Drawn] | None:
    """The outcome model in every imputed copy; resamples are drawn of each copy, and pooled.

    None where nothing is imputed. Schomaker & Heumann (2018), Stat Med 37:2252.
    """
    copies = completed_copies(study)
    if isinstance(copies, Omitted):
        return None
    patients = study.patients.loc[copies.patients]
    drawn = draw(study, patients)
    of = _of_copies(study, outcome, copies)
    each = np.arange(len(of.terms))
    of_resample = np.sort(np.arange(len(drawn.counts)) % len(each))  # as many of each as can be
    everyone = np.ones((len(each), len(patients)), dtype=np.int64)
    made = Estimated(
        IMPUTED,
        len(patients),
        of.grid,
        outcome_curves(of, everyone, each).mean(axis=0),
        outcome_curves(of, drawn.counts, of_resample),
        _known(of, of_groups=False),
        METHODS[IMPUTED],
    )
    return made, drawn


def _of_copies(study: Study, outcome: str, copies: Completed) -> Compared:
    """The patients of all copies."""
    groups, patients = study.groups, study.patients.loc[copies.patients]
    terms = baseline_specification(study, outcome).terms
    time, event = time_and_event(patients, outcome)
    codes = groups.of(patients).cat.codes.to_numpy().astype(np.int64)
    nothing = np.empty((1, 0, len(patients)))
    return Compared(
        time.to_numpy(dtype=float),
        event.to_numpy(dtype=bool),
        codes,
        len(groups.levels),
        copies.of(terms, copies.patients) if terms else nothing,
        None,
    )


def primary_cases(study: Study, outcome: str) -> CompleteCases:
    """The complete cases of the primary model of an endpoint."""
    return complete_cases(study, baseline_specification(study, outcome))
