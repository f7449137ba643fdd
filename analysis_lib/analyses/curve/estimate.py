"""The exposure's hazard ratio under one set of choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from analysis_lib.analyses.curve.space import WEIGHTED, Choices, covariates, may_weigh
from analysis_lib.analyses.models import Specification, design, model_patients
from analysis_lib.analyses.propensity import determines
from analysis_lib.analyses.results import Key
from analysis_lib.cohort import Study
from analysis_lib.errors import StatisticsError
from analysis_lib.stats import (
    CoxCoefficient,
    CoxFit,
    WeightedCox,
    fit_cox,
    fit_propensity,
    fit_weighted_cox,
    inverse_probability_weights,
    overlap_weights,
)
from analysis_lib.stats.firth_cox import fit_firth_cox
from analysis_lib.stats.penalised_results import PenalisedCox

RULES_OF_MISSING = {"complete": "complete_cases", "level": "missing_as_level"}


@dataclass(frozen=True, eq=False)
class Sample:
    """The patients of a specification: exposure and covariates, time and event."""

    table: pd.DataFrame
    time: pd.Series
    event: pd.Series

    @property
    def n(self) -> int:
        return len(self.table)


def terms_of(study: Study, choices: Choices) -> tuple[str, ...]:
    """The covariates of the specification, without those that the exposure itself fixes."""
    terms = covariates(study, choices.terms)
    if choices.estimator in WEIGHTED:
        terms = may_weigh(terms)
    own = study.groups.variable
    return tuple(x for x in terms if not determines(study.patients, own, x))


def sample_of(study: Study, choices: Choices, outcome: str, terms: tuple[str, ...]) -> Sample:
    """Its complete cases, or everyone where a missing category is a level."""
    rule = RULES_OF_MISSING[choices.missing]
    ruled = replace(study, parameters=replace(study.parameters, missing_rule=rule))
    specification = Specification("", "", outcome, study.groups, terms, choices.population)
    table, _ = design(model_patients(study, choices.population), specification, ruled)
    used = study.patients.loc[table.index]
    return Sample(table, used[f"{outcome}_months"], used[f"{outcome}_event"])


def exposure_key(study: Study, choices: Choices, outcome: str, level: str) -> Key:
    """The key of one group against the reference under these choices."""
    exposure = study.groups
    contrast = f"{level}_vs_{exposure.reference}"
    return Key(choices.analysis, outcome, choices.population, exposure.variable, level, contrast)


def estimate(study: Study, choices: Choices, sample: Sample) -> Iterator[CoxCoefficient]:
    """One coefficient for every level of the exposure beside the reference; none where the
    estimator cannot be had in these patients.
    """
    exposure = study.groups
    level = study.parameters.confidence_level
    try:
        fit: WeightedCox | PenalisedCox | CoxFit
        if choices.estimator in WEIGHTED:
            fit = _fit_weighted(sample, exposure.variable, choices.estimator, level)
        elif choices.estimator == "firth":
            fit = fit_firth_cox(
                sample.time,
                sample.event,
                sample.table,
                profiled=exposure.variable,
                confidence_level=level,
            )
        else:
            fit = fit_cox(sample.time, sample.event, sample.table, confidence_level=level)
    except StatisticsError:  # no event, or a group too small for a propensity
        return
    for one in exposure.levels[1:]:
        yield fit.coefficient(exposure.variable, one)


def _fit_weighted(sample: Sample, exposure: str, estimator: str, level: float) -> WeightedCox:
    group = sample.table[exposure]
    propensity = fit_propensity(group, sample.table.drop(columns=exposure))
    if propensity.separated:
        raise StatisticsError("the covariates tell a group apart, so that it cannot be weighted")
    codes = pd.Categorical(group, categories=propensity.labels).codes
    weigh = inverse_probability_weights if estimator == "iptw" else overlap_weights
    return fit_weighted_cox(
        sample.time,
        sample.event,
        sample.table[[exposure]],
        weigh(propensity.probabilities, codes),
        confidence_level=level,
    )
