"""Which consolidation is compared with none, among whom, and adjusted for what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.analyses.consolidation.follow_up import (
    ANY,
    KIND,
    NO,
    NONE,
    POPULATION,
    POSSIBLE_IN,
    YES,
    FollowUp,
)
from analysis_lib.analyses.effects import varying_terms
from analysis_lib.analyses.models import Specification, design
from analysis_lib.analyses.results import Key
from analysis_lib.cohort import Study
from analysis_lib.dictionary import lower_first
from analysis_lib.parameters.timing import AFTER_INFUSION
from analysis_lib.stats.inputs import BoolArray

# What steers who is consolidated, and with what: age, a previous transplantation, the subtype
# and the burden of disease. All are known before infusion.
STEERING_TERMS = ("age_decades", "ph_positive", "active_marrow", "prior_hct")

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
        contrast = f"{self.level}_vs_{self.reference}"
        return Key(
            analysis,
            outcome,
            self.population,
            self.variable,
            self.level,
            contrast,
            time_months,
        )


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


def contrast_models(study: Study, follow_up: FollowUp) -> tuple[ContrastModel, ...]:
    """Any consolidation; the kinds in one factor; and each kind among those who could get it."""
    patients = follow_up.patients
    label = study.dictionary[ANY].label
    any_ = Contrast(ANY, YES, NO, POPULATION, label)
    models = [_model(study, ANY, (NO, YES), POPULATION, (any_,), patients)]
    states = (NONE, *follow_up.held)
    if follow_up.kinds and len(follow_up.held) > 1:  # of one kind, any is that kind
        kinds = tuple(_kind(study, x, POPULATION, "") for x in follow_up.kinds)
        models.append(_model(study, KIND, states, POPULATION, kinds, patients))
    for kind in follow_up.kinds:
        if kind not in POSSIBLE_IN:
            continue
        variable, level = POSSIBLE_IN[kind]
        among = patients[patients[variable] == level]
        if len(among) == len(patients) or not (among[KIND] == kind).any():
            continue
        where = f"{POPULATION}[{variable}={level}]"
        phrase = lower_first(study.dictionary[variable].group_label(level))
        one = _kind(study, kind, where, f", {phrase} only")
        held = tuple(x for x in states if x == NONE or (among[KIND] == x).any())
        models.append(_model(study, KIND, held, where, (one,), among))
    return tuple(models)


def adjustment_terms(study: Study, patients: pd.DataFrame) -> tuple[str, ...]:
    """The steering terms among the baseline terms, where they vary."""
    terms = [x for x in STEERING_TERMS if x in study.parameters.baseline_terms]
    return varying_terms(patients, terms)


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
) -> ContrastModel:
    terms = adjustment_terms(study, patients)
    specification = Specification("consolidation", "", "", study.groups, terms, where)
    covariates, _ = design(patients, specification, study)
    if study.groups.variable in AFTER_INFUSION:  # an exposure that follows the infusion itself
        covariates = covariates.drop(columns=study.groups.variable)
    columns = [variable, *FOLLOWED]
    return ContrastModel(variable, states, where, contrasts, patients[columns], covariates)
