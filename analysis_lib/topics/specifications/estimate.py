"""The exposure's hazard ratio under one set of choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.estimates.few_events import events_by_level, few_levels
from analysis_lib.estimates.specification import Specification, design, model_patients
from analysis_lib.results.rows import Key, Row
from analysis_lib.results.store import once
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit
from analysis_lib.stats.cox_robust import WeightedCox, fit_weighted_cox
from analysis_lib.stats.firth_cox import fit_firth_cox
from analysis_lib.stats.propensity import fit_propensity
from analysis_lib.stats.ridge_cox import PenalisedCox
from analysis_lib.stats.weighted_kaplan_meier import inverse_probability_weights, overlap_weights
from analysis_lib.study.study import Study
from analysis_lib.topics.missing.copies import (
    Completed,
    completed,
    completed_copies,
    imputation_table,
)
from analysis_lib.topics.missing.imputed import imputed_rows
from analysis_lib.topics.specifications.choices import (
    TERMS,
    WEIGHTED,
    Choices,
    covariates,
    may_weigh,
)
from analysis_lib.topics.weighting.numbers import determines

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
        terms = may_weigh(terms, study.dictionary)
    return tuple(x for x in terms if not _follows_exposure(study, x))


@once
def _follows_exposure(study: Study, name: str) -> bool:
    return determines(study.patients, study.groups.variable, name)


@once
def patients_of(study: Study, population: str) -> pd.DataFrame:
    """The patients of a population who are in a group of the exposure."""
    return study.groups.among(model_patients(study, population))


@once
def sample_of(
    study: Study, population: str, missing: str, outcome: str, terms: tuple[str, ...]
) -> Sample:
    """Its complete cases, or everyone where a missing category is a level."""
    table = _covariates(study, population, missing, terms)
    used = study.patients.loc[table.index, [f"{outcome}_months", f"{outcome}_event"]]
    return Sample(table, used[f"{outcome}_months"], used[f"{outcome}_event"])


@once
def _covariates(
    study: Study, population: str, missing: str, terms: tuple[str, ...]
) -> pd.DataFrame:
    rule = RULES_OF_MISSING[missing]
    ruled = replace(study, parameters=replace(study.parameters, missing_rule=rule))
    specification = Specification("", "", "", study.groups, terms, population)
    return design(patients_of(study, population), specification, ruled)[0]


@once
def followed(
    study: Study, population: str, outcome: str, terms: tuple[str, ...] | None
) -> tuple[tuple[object, ...], ...]:
    """Patient, time and event of the complete cases of some terms, or of everyone."""
    used = patients_of(study, population)
    if terms is not None:
        used = used.loc[_covariates(study, population, "complete", terms).index]
    columns = used[["patient_id", f"{outcome}_months", f"{outcome}_event"]]
    return tuple(columns.itertuples(index=False, name=None))


def exposure_key(study: Study, choices: Choices, outcome: str, level: str) -> Key:
    """The key of one group against the reference under these choices."""
    exposure = study.groups
    contrast = exposure.against(level)
    return Key(choices.analysis, outcome, choices.population, exposure.variable, level, contrast)


def estimate(study: Study, choices: Choices, sample: Sample) -> Iterator[CoxCoefficient]:
    """One coefficient for every level of the exposure beside the reference; none where the
    estimator cannot be had in these patients, or rests on few events without a penalty.
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
    events = events_by_level(sample.table[exposure.variable], sample.event, exposure.levels)
    few = few_levels(events, exposure.reference) if choices.estimator != "firth" else []
    for one in exposure.levels[1:]:
        if one not in few:
            yield fit.coefficient(exposure.variable, one)


def _fit_weighted(sample: Sample, exposure: str, estimator: str, level: float) -> WeightedCox:
    group = sample.table[exposure]
    propensity = fit_propensity(group, sample.table.drop(columns=exposure))
    if propensity.hopeless:
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


STATISTICS = (
    "hazard_ratio",
    "hazard_ratio_ci_low",
    "hazard_ratio_ci_high",
    "coefficient",
    "std_error",
    "p_value",
)


class Copies:
    """Completed copies of the patients of one study, drawn when they are first asked for."""

    def __init__(self, study: Study) -> None:
        self._study = study

    @cached_property
    def completed(self) -> Completed:
        """All infused, given every covariate of any specification, exposure and endpoints: the
        copies of the imputed models, where these hold as much.
        """
        terms = {name for option in TERMS for name in covariates(self._study, option)}
        of_models = completed_copies(self._study)
        if isinstance(of_models, Completed) and terms <= set(of_models.columns):
            return of_models
        given = self._study.parameters
        # The table keeps its gaps, whatever rule the models follow.
        study = replace(self._study, parameters=replace(given, missing_rule="complete_cases"))
        table = imputation_table(study, study.groups.among(study.patients), sorted(terms))
        return completed(table, imputations=given.imputations, seed=given.seed)


def imputed_estimate(
    study: Study, choices: Choices, outcome: str, terms: tuple[str, ...], copies: Copies
) -> Iterator[Row]:
    """The pooled estimate of each group against the reference."""
    specification = Specification("", "", outcome, study.groups, terms, choices.population)
    for row in imputed_rows(study, specification, copies.completed):
        if row.key.statistic in STATISTICS:
            key = exposure_key(study, choices, outcome, row.key.level)
            yield replace(row, key=key._replace(statistic=row.key.statistic))
