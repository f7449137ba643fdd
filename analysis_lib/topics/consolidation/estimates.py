"""Hazard ratios of consolidation by estimator, crude and adjusted, as rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.effects import level_rows, ratio_rows
from analysis_lib.estimates.few_events import with_penalty
from analysis_lib.estimates.specification import Specification, design, varying_terms
from analysis_lib.results.rows import Key, Row, context
from analysis_lib.stats.cox_intervals import fit_cox_intervals
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit, Effect, not_estimable
from analysis_lib.stats.design import factor_columns, read_covariates
from analysis_lib.stats.firth_cox import fit_firth_cox
from analysis_lib.stats.follow_up import Intervals
from analysis_lib.stats.inputs import BoolArray
from analysis_lib.study.groups import Population
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.follow_up import (
    ANY,
    KIND,
    NO,
    NONE,
    POPULATION,
    POSSIBLE_IN,
    YES,
    Estimator,
    FollowUp,
    pieces_of,
    taken,
)

# What an estimator reads of a patient, besides the state.
FOLLOWED = ("pfs_months", "pfs_event", "os_months", "os_event", "begin_months", "entry_months")


@dataclass(frozen=True)
class Contrast:
    """One level of consolidation against none, in one population."""

    variable: str
    level: str
    reference: str
    population: str
    label: str

    def key(self, analysis: str, outcome: str, time_months: float | None = None) -> Key:
        """What the keys of its numbers have in common."""
        whole = Key(analysis, outcome, self.population, time_months=time_months)
        return whole.of_level(self.variable, self.level, self.reference)


@dataclass(frozen=True)
class ContrastModel:
    """Contrasts that one model gives: a factor of states, the patients, and the adjustment.

    `covariates` holds the complete cases of exposure and baseline terms.
    """

    variable: str
    states: tuple[str, ...]
    population: str
    contrasts: tuple[Contrast, ...]
    patients: pd.DataFrame
    covariates: pd.DataFrame

    def state(self, patients: pd.DataFrame, treated: BoolArray) -> pd.Series:
        """The state in each piece of follow-up: the patient's own kind once it has begun."""
        own = patients[self.variable].astype(object).to_numpy()
        return pd.Series(pd.Categorical(np.where(treated, own, self.states[0]), self.states))


def contrast_models(study: Study, follow_up: FollowUp, outcome: str) -> tuple[ContrastModel, ...]:
    """Any consolidation; the kinds in one factor; and each kind among those who could get it."""
    patients = follow_up.patients
    label = study.dictionary[ANY].label
    any_ = Contrast(ANY, YES, NO, POPULATION, label)
    terms = adjustment_terms(study, patients, outcome)
    models = [_model(study, ANY, (NO, YES), POPULATION, (any_,), patients, terms)]
    states = (NONE, *follow_up.held)
    if follow_up.kinds and len(follow_up.held) > 1:  # of one kind, any is that kind
        kinds = tuple(_kind(study, x, POPULATION, "") for x in follow_up.kinds)
        models.append(_model(study, KIND, states, POPULATION, kinds, patients, terms))
    for kind in follow_up.kinds:
        if kind not in POSSIBLE_IN:
            continue
        variable, level = POSSIBLE_IN[kind]
        among = patients[patients[variable] == level]
        if len(among) == len(patients) or not (among[KIND] == kind).any():
            continue
        where = str(Population(POPULATION, variable, level))
        phrase = lower_first(study.dictionary[variable].group_label(level))
        one = _kind(study, kind, where, f", {phrase} only")
        held = tuple(x for x in states if x == NONE or (among[KIND] == x).any())
        models.append(_model(study, KIND, held, where, (one,), among, terms))
    return tuple(models)


def adjustment_terms(study: Study, patients: pd.DataFrame, outcome: str) -> tuple[str, ...]:
    """As many of what steers who is consolidated, in order, as there are events for.

    One parameter more is that of any consolidation.
    """
    kept: tuple[str, ...] = ()
    for name in varying_terms(patients, study.parameters.consolidation_terms):
        covariates = _covariates(study, patients, (*kept, name), POPULATION)
        columns = read_covariates(covariates.apply(_of_levels_that_occur))
        parameters = 1 + sum(len(factor_columns(one)) for one in columns)
        events = patients.loc[covariates.index, f"{outcome}_event"].sum()
        if events >= LEAST_EVENTS_PER_PARAMETER * parameters:
            kept = (*kept, name)
    return kept


def _of_levels_that_occur(column: pd.Series) -> pd.Series:
    return column.cat.remove_unused_categories() if hasattr(column, "cat") else column


def _covariates(
    study: Study, patients: pd.DataFrame, terms: tuple[str, ...], where: str
) -> pd.DataFrame:
    """The complete cases of exposure and terms, without an exposure that follows the infusion."""
    specification = Specification("consolidation", "", "", study.groups, terms, where)
    covariates, _ = design(patients, specification, study)
    if study.groups.variable in study.dictionary.after_infusion:
        return covariates.drop(columns=study.groups.variable)
    return covariates


def _kind(study: Study, kind: str, where: str, among: str) -> Contrast:
    label = f"{study.dictionary[KIND].level_label(kind)}{among}"
    return Contrast(KIND, kind, NONE, where, label)


def _model(
    study: Study,
    variable: str,
    states: tuple[str, ...],
    where: str,
    contrasts: tuple[Contrast, ...],
    patients: pd.DataFrame,
    terms: tuple[str, ...],
) -> ContrastModel:
    covariates = _covariates(study, patients, varying_terms(patients, terms), where)
    columns = [variable, *FOLLOWED]
    return ContrastModel(variable, states, where, contrasts, patients[columns], covariates)


ADJUSTED = "_adjusted"
# Vittinghoff & McCulloch (2007), Am J Epidemiol 165:710: with fewer, intervals cover too little.
LEAST_EVENTS_PER_PARAMETER = 5
NOBODY = "nobody at risk"
TOO_FEW = f"fewer than {LEAST_EVENTS_PER_PARAMETER} events per parameter"


def estimate_rows(
    model: ContrastModel, estimator: Estimator, outcome: str, confidence_level: float
) -> list[Row]:
    """Crude and adjusted hazard ratios of the model's contrasts, with patients and events."""
    rows: list[Row] = []
    for adjusted in (False, True):
        fit = fit_contrasts(model, estimator, outcome, confidence_level, adjusted=adjusted)
        analysis = estimator.analysis + ADJUSTED * adjusted
        for contrast in model.contrasts:
            here = context(contrast.key(analysis, outcome, estimator.time_months))
            rows += _rows(here, fit, _term(contrast, fit, adjusted=adjusted))
    return rows


def fitted_pieces(
    model: ContrastModel, estimator: Estimator, outcome: str, *, adjusted: bool
) -> tuple[Intervals, pd.DataFrame] | None:
    """The pieces of follow-up of one estimator with the covariates of each; None without any."""
    complete = model.patients.loc[model.covariates.index] if adjusted else model.patients
    patients = taken(complete, estimator)
    if patients.empty:
        return None
    pieces = pieces_of(patients, outcome, estimator)
    if not len(pieces.patient):
        return None
    own = patients.iloc[pieces.patient]
    frame = model.state(own, pieces.treated).to_frame(model.variable)
    if adjusted:
        frame = frame.join(model.covariates.loc[own.index].reset_index(drop=True))
    return pieces, frame


def fit_contrasts(
    model: ContrastModel,
    estimator: Estimator,
    outcome: str,
    confidence_level: float,
    *,
    adjusted: bool,
) -> CoxFit | None:
    """The Cox model of one estimator over its pieces of follow-up; None if there are none."""
    fitted_to = fitted_pieces(model, estimator, outcome, adjusted=adjusted)
    if fitted_to is None:
        return None
    pieces, frame = fitted_to
    fit = fit_cox_intervals(
        pieces.start,
        pieces.stop,
        pieces.event,
        frame,
        patient=pieces.patient,
        confidence_level=confidence_level,
    )
    if adjusted and fit.events < LEAST_EVENTS_PER_PARAMETER * fit.degrees_of_freedom:
        return fit  # `_term` says that it has no estimate
    return with_penalty(
        fit,
        model.variable,
        [contrast.level for contrast in model.contrasts],
        lambda levels: fit_firth_cox(
            pieces.stop,
            pieces.event,
            frame,
            entry=pieces.start,
            profiled=model.variable,
            levels=levels,
            confidence_level=confidence_level,
        ),
    )


def _term(contrast: Contrast, fit: CoxFit | None, *, adjusted: bool) -> CoxCoefficient:
    """The coefficient of a contrast, or why it has none."""
    if fit is None:
        nobody = Effect(contrast.variable, contrast.level, contrast.reference, 0, 0)
        return not_estimable(nobody, NOBODY)
    term = fit.coefficient(contrast.variable, contrast.level)
    few = adjusted and fit.events < LEAST_EVENTS_PER_PARAMETER * fit.degrees_of_freedom
    if not (few and term.estimable):
        return term
    return not_estimable(
        Effect(term.variable, term.level, term.reference, term.n, term.events), TOO_FEW
    )


def _rows(here: Row, fit: CoxFit | None, term: CoxCoefficient) -> list[Row]:
    n, events = (0, 0) if fit is None else (fit.n, fit.events)
    of_model = context(here.key, n=n)
    return [
        *of_model.patients({"n": n, "events": events}),
        *level_rows(of_model, term.n, term.events),
        *ratio_rows(of_model, term),
    ]
